public import Core

/// The loaded offline models behind their bounded executor. Rule C-5, decision 21.
public final class OfflineModelPool: Sendable {
  /// Calls that may be unfinished at a time.
  public static let defaultLimit = 128

  /// Seconds after which a call that found no place may try again.
  private static let retryAfter = 1

  /// The folder that the weights came from.
  public let folder: String

  private let embedInput: EmbedInput
  private let extractive: ExtractiveModel
  private let executor: BoundedExecutor

  init(weights: MiniLMWeights, tokenizer: WordPieceTokenizer, folder: String, threads: Int, limit: Int) {
    self.folder = folder
    embedInput = EmbedInput(tokenizer: tokenizer)
    extractive = ExtractiveModel(tokenizer: tokenizer)
    executor = BoundedExecutor(weights: weights, threads: threads, limit: limit)
  }

  /// Name of the processor-specific kernels that OpenBLAS computes with, for `doctor` and benchmarks.
  public var kernels: String { LinearAlgebra.kernels }

  /// The tokens that the call will be charged, exactly: rule U-5. Checks the request as ``embed(_:)`` does, so that a
  /// wrong one is refused before admission (rule F-3). Runs on the calling thread: about 5 ms for 96 full texts.
  public func countInput(_ request: EmbedRequest) throws(InvalidRequest) -> TokenCount {
    TokenCount(try embedInput.tokens(of: request).reduce(0) { $0 + $1.count })
  }

  /// The input tokens that the call will be charged, exactly, and its check, as with ``countInput(_:)-(EmbedRequest)``.
  /// Counted are the word pieces of every text of the request, markers left out.
  public func countInput(_ request: ChatRequest) throws(InvalidRequest) -> TokenCount {
    TokenCount(try extractive.countInput(request))
  }

  /// Embeds 1 to 96 texts; vectors have length 1.
  ///
  /// Throws ``InvalidRequest`` for what the model cannot do, `UpstreamFailure(.unavailable)` where too many calls are
  /// unfinished, `CancellationError` where the task was cancelled. Texts that are too long are refused, never cut.
  public func embed(_ request: EmbedRequest) async throws -> EmbedAnswer {
    let reply = Reply<EmbedAnswer>()
    let work = EmbedWork(
      request, input: embedInput, isAbandoned: { reply.isFinished }, finish: { reply.finish($0) })
    guard executor.submit(work) else { throw Self.full }
    return try await reply.value()
  }

  /// Answers with quotations from the request's own context: the events of ``ChatEvent`` in their order, word by word
  /// where the request streams. Usage comes twice: the input at the start, everything before the end.
  ///
  /// Ends with the same errors as ``embed(_:)``; cancelling the task or dropping the stream cancels the call, and the
  /// stream then just ends. Its buffer is bounded
  /// by the length of the answer.
  public func chat(_ request: ChatRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    let (stream, continuation) = AsyncThrowingStream<ModelEvent, any Error>.makeStream()
    let work = ChatWork(request, model: extractive, continuation: continuation)
    let isCancelled = work.isCancelled
    continuation.onTermination = { _ in isCancelled.set() }
    if !executor.submit(work) { continuation.finish(throwing: Self.full) }
    return stream
  }

  /// As ``embed(_:)``, as one event.
  func embedding(_ request: EmbedRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
    let (stream, continuation) = AsyncThrowingStream<ModelEvent, any Error>.makeStream()
    let isCancelled = CancellationFlag()
    continuation.onTermination = { _ in isCancelled.set() }
    let work = EmbedWork(request, input: embedInput, isAbandoned: { isCancelled.isSet }) { result in
      switch result {
      case .success(let answer):
        continuation.yield(.embedded(answer))
        continuation.finish()
      case .failure(let error):
        continuation.finish(throwing: error)
      }
    }
    if !executor.submit(work) { continuation.finish(throwing: Self.full) }
    return stream
  }

  private static let full = UpstreamFailure(
    .unavailable, "The offline models have as many calls in hand as they take. Try again in a moment.",
    retryAfter: retryAfter)
}
