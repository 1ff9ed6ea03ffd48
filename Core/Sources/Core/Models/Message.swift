/// One turn of a conversation.
public struct Message: Sendable, Equatable {
  public enum Role: String, Sendable { case user, assistant }

  public var role: Role
  public var content: [ContentBlock]

  public init(role: Role, content: [ContentBlock]) {
    self.role = role
    self.content = content
  }
}

/// A part of a turn.
public enum ContentBlock: Sendable, Equatable {
  case text(Sensitive<String>)
  /// `format` is `png`, `jpeg`, `gif` or `webp`.
  case image(format: String, bytes: Sensitive<[UInt8]>)
  case document(format: String, name: Sensitive<String>, bytes: Sensitive<[UInt8]>)
  /// `input` is one JSON object as text.
  case toolUse(id: String, name: String, input: RawJSON)
  case toolResult(id: String, content: [ToolResultContent], isError: Bool)
  case reasoning(text: Sensitive<String>, signature: String?)
  case redactedReasoning(Sensitive<[UInt8]>)
  case cachePoint
}

/// What a tool gave back.
public enum ToolResultContent: Sendable, Equatable {
  case text(Sensitive<String>)
  case json(RawJSON)
  case image(format: String, bytes: Sensitive<[UInt8]>)
  case document(format: String, name: Sensitive<String>, bytes: Sensitive<[UInt8]>)
}
