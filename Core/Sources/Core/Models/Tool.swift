/// A tool that the model may call. `inputSchema` is a JSON Schema object as text.
public struct Tool: Sendable, Equatable {
  public var name: String
  public var description: Sensitive<String>?
  public var inputSchema: RawJSON

  public init(name: String, description: Sensitive<String>?, inputSchema: RawJSON) {
    self.name = name
    self.description = description
    self.inputSchema = inputSchema
  }
}

/// Which tool the model shall call.
public enum ToolChoice: Sendable, Equatable {
  case auto
  /// At least one, of the model's choosing.
  case any
  case none
  case tool(String)
}
