/// A chat call in no particular dialect; closest to Bedrock Converse, which expresses the most. Rule D-1.
public struct ChatRequest: Sendable, Equatable {
  /// The model as the caller named it; nil asks for the resource's default model. Rule D-3.
  public var model: String?
  public var system: [SystemBlock]
  public var messages: [Message]
  public var inference: InferenceParameters
  public var tools: [Tool]
  public var toolChoice: ToolChoice?
  /// The model shall call one tool at a time.
  public var isParallelToolUseDisabled: Bool
  public var reasoning: ReasoningRequest?
  public var responseFormat: ResponseFormat?
  public var isStreaming: Bool

  public init(
    model: String? = nil, system: [SystemBlock] = [], messages: [Message], inference: InferenceParameters = .init(),
    tools: [Tool] = [], toolChoice: ToolChoice? = nil, isParallelToolUseDisabled: Bool = false,
    reasoning: ReasoningRequest? = nil, responseFormat: ResponseFormat? = nil, isStreaming: Bool = false
  ) {
    self.model = model
    self.system = system
    self.messages = messages
    self.inference = inference
    self.tools = tools
    self.toolChoice = toolChoice
    self.isParallelToolUseDisabled = isParallelToolUseDisabled
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

/// How a model is to answer. Nil leaves the provider's default.
public struct InferenceParameters: Sendable, Equatable {
  public var maxTokens: Int?
  public var temperature: Double?
  public var topP: Double?
  /// Only the so many likeliest next tokens are considered.
  public var topK: Int?
  public var stopSequences: [String]

  public init(
    maxTokens: Int? = nil, temperature: Double? = nil, topP: Double? = nil, topK: Int? = nil,
    stopSequences: [String] = []
  ) {
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.topK = topK
    self.stopSequences = stopSequences
  }
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
  /// `description` tells the model what the shape is for.
  case jsonSchema(name: String, schema: RawJSON, isStrict: Bool, description: Sensitive<String>? = nil)
}
