/// An embeddings call in no particular dialect.
public struct EmbedRequest: Sendable, Equatable {
  /// The model as the caller named it; nil asks for the resource's default model.
  public var model: String?
  public var inputs: [Sensitive<String>]
  /// `search_query`, `search_document`, `classification` or `clustering`; nil where the dialect has none.
  public var inputType: String?
  /// `NONE`, `START` or `END`: which end of an overlong text is cut, as the caller asked.
  public var truncate: String?
  /// Asked-for number of dimensions of models that offer several.
  public var dimensions: Int?
  /// Number forms by their Cohere names (`float`, `int8`, `uint8`, `binary`, `ubinary`); empty asks for float.
  public var embeddingTypes: [String]

  public init(
    model: String? = nil, inputs: [Sensitive<String>], inputType: String? = nil, truncate: String? = nil,
    dimensions: Int? = nil, embeddingTypes: [String] = []
  ) {
    self.model = model
    self.inputs = inputs
    self.inputType = inputType
    self.truncate = truncate
    self.dimensions = dimensions
    self.embeddingTypes = embeddingTypes
  }
}

/// Vectors in the order of the inputs, and what they cost.
public struct EmbedAnswer: Sendable, Equatable {
  /// One float vector an input; empty where only other number forms were asked for.
  public var vectors: Sensitive<[[Float]]>
  /// Other number forms that the provider computed, as JSON values by type name.
  public var otherTypes: [String: RawJSON]
  /// Nil where the provider reported none; the charge is then an estimate. Rule M-3.
  public var usage: TokenUsage?

  public init(vectors: Sensitive<[[Float]]>, otherTypes: [String: RawJSON] = [:], usage: TokenUsage?) {
    self.vectors = vectors
    self.otherTypes = otherTypes
    self.usage = usage
  }
}

/// A call to a model, as the gateway's machine sees it.
public enum ModelCall: Sendable, Equatable {
  case chat(ChatRequest)
  case embed(EmbedRequest)

  /// The model as the caller named it.
  public var model: String? {
    switch self {
    case .chat(let request): request.model
    case .embed(let request): request.model
    }
  }

  public var isStreaming: Bool {
    switch self {
    case .chat(let request): request.isStreaming
    case .embed: false
    }
  }
}

/// What a provider says in answer to a ``ModelCall``.
public enum ModelEvent: Sendable, Equatable {
  case chat(ChatEvent)
  /// The whole answer to an embeddings call.
  case embedded(EmbedAnswer)
}
