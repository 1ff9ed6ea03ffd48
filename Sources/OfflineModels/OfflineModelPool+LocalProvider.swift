public import Core

/// The offline models as a provider of the gateway; `upstreamModel` is ``OfflineModels/embeddingsModel`` or
/// ``OfflineModels/textModel``. Rules C-5, N-1.
extension OfflineModelPool: LocalProvider {
  public func countInput(of call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> TokenCount {
    try Self.check(call, upstreamModel)
    return switch call {
    case .chat(let request): try countInput(request)
    case .embed(let request): try countInput(request)
    }
  }

  public func events(
    for call: ModelCall, upstreamModel: String
  ) -> AsyncThrowingStream<ModelEvent, any Error> {
    do {
      try Self.check(call, upstreamModel)
    } catch {
      return AsyncThrowingStream { $0.finish(throwing: error) }
    }
    return switch call {
    case .chat(let request): chat(request)
    case .embed(let request): embedding(request)
    }
  }

  private static func check(_ call: ModelCall, _ model: String) throws(InvalidRequest) {
    let (kind, served) =
      switch call {
      case .chat: ("chat", OfflineModels.textModel.text)
      case .embed: ("embeddings", OfflineModels.embeddingsModel.text)
      }
    guard model == served else {
      throw InvalidRequest(
        "The offline model for \(kind) calls is \(served); another was asked for.", parameter: "model")
    }
  }
}
