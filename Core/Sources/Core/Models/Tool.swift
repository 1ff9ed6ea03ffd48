/// A tool that the model may call. `inputSchema` is a JSON Schema object as text.
public struct Tool: Sendable, Equatable {
  public var name: String
  public var description: Sensitive<String>?
  public var inputSchema: RawJSON
  /// The model's calls must fit the schema; false leaves it to the model.
  public var isStrict: Bool
  /// The provider may cache what precedes the request up to and with this tool.
  public var hasCachePoint: Bool

  public init(
    name: String, description: Sensitive<String>?, inputSchema: RawJSON, isStrict: Bool = false,
    hasCachePoint: Bool = false
  ) {
    self.name = name
    self.description = description
    self.inputSchema = inputSchema
    self.isStrict = isStrict
    self.hasCachePoint = hasCachePoint
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
