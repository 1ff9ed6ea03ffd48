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
