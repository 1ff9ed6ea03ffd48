/// A chat call in no particular dialect; closest to Bedrock Converse, which expresses the most. Rule D-1.
public struct ChatRequest: Sendable, Equatable {
  /// The model as the caller named it; nil asks for the resource's default model. Rule D-3.
  public var model: String?
  public var system: [SystemBlock]
  public var messages: [Message]
  public var inference: InferenceParameters
  public var tools: [Tool]
  public var toolChoice: ToolChoice?
  public var reasoning: ReasoningRequest?
  public var responseFormat: ResponseFormat?
  public var isStreaming: Bool

  public init(
    model: String? = nil, system: [SystemBlock] = [], messages: [Message], inference: InferenceParameters = .init(),
    tools: [Tool] = [], toolChoice: ToolChoice? = nil, reasoning: ReasoningRequest? = nil,
    responseFormat: ResponseFormat? = nil, isStreaming: Bool = false
  ) {
    self.model = model
    self.system = system
    self.messages = messages
    self.inference = inference
    self.tools = tools
    self.toolChoice = toolChoice
    self.reasoning = reasoning
    self.responseFormat = responseFormat
    self.isStreaming = isStreaming
  }
}

/// A part of the system prompt.
public enum SystemBlock: Sendable, Equatable {
  case text(Sensitive<String>)
  case cachePoint
}

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

/// One JSON value as its own bytes (UTF-8): carried through unread, so that nothing is lost or reordered.
public struct RawJSON: Sendable, Equatable {
  public let bytes: Sensitive<[UInt8]>

  public init(_ bytes: [UInt8]) { self.bytes = Sensitive(bytes) }
}

/// How a model is to answer. Nil leaves the provider's default.
public struct InferenceParameters: Sendable, Equatable {
  public var maxTokens: Int?
  public var temperature: Double?
  public var topP: Double?
  public var stopSequences: [String]

  public init(
    maxTokens: Int? = nil, temperature: Double? = nil, topP: Double? = nil, stopSequences: [String] = []
  ) {
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.stopSequences = stopSequences
  }
}

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

/// Asks the model to think first, with at most `budget` tokens.
public struct ReasoningRequest: Sendable, Equatable {
  public var budget: Int

  public init(budget: Int) { self.budget = budget }
}

/// The shape that the answer must have.
public enum ResponseFormat: Sendable, Equatable {
  case text
  case jsonObject
  case jsonSchema(name: String, schema: RawJSON, isStrict: Bool)
}
