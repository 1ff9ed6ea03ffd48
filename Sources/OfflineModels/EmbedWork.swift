import Core

/// An embeddings call on its way through the executor.
struct EmbedWork: SteppedWork {
  private let request: EmbedRequest
  private let input: EmbedInput
  private let isAbandoned: @Sendable () -> Bool
  private let finish: @Sendable (Result<EmbedAnswer, any Error>) -> Void
  private var texts: [[Int32]] = []
  private var passes: ArraySlice<Range<Int>> = []
  private var vectors: [[Float]] = []

  /// `finish` gets the outcome, once; `isAbandoned` tells before every step whether anybody still waits for it.
  init(
    _ request: EmbedRequest, input: EmbedInput, isAbandoned: @escaping @Sendable () -> Bool,
    finish: @escaping @Sendable (Result<EmbedAnswer, any Error>) -> Void
  ) {
    self.request = request
    self.input = input
    self.isAbandoned = isAbandoned
    self.finish = finish
  }

  mutating func step(on encoder: MiniLM) -> Bool {
    if isAbandoned() { return false }
    if texts.isEmpty {
      do {
        texts = try input.tokens(of: request)
      } catch {
        finish(.failure(error))
        return false
      }
      passes = MiniLM.passes(lengths: texts.lazy.map(\.count))[...]
    }
    if let pass = passes.popFirst() {
      vectors += encoder.embed(texts[pass])
    }
    guard passes.isEmpty else { return true }
    let tokens = texts.reduce(0) { $0 + $1.count }
    finish(.success(EmbedAnswer(vectors: Sensitive(vectors), usage: TokenUsage(input: TokenCount(tokens)))))
    return false
  }
}
