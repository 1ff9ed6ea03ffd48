import Core
import Synchronization

/// Set once, by whoever no longer wants the answer.
final class CancellationFlag: Sendable {
  private let flag = Atomic<Bool>(false)

  var isSet: Bool { flag.load(ordering: .relaxed) }

  func set() { flag.store(true, ordering: .relaxed) }
}

/// A chat call on its way through the executor.
struct ChatWork: SteppedWork {
  let isCancelled = CancellationFlag()

  private let request: ChatRequest
  private let model: ExtractiveModel
  private let continuation: AsyncThrowingStream<ModelEvent, any Error>.Continuation
  private var plan: ExtractiveModel.Plan?
  private var texts: [[Int32]] = []
  private var passes: ArraySlice<Range<Int>> = []
  private var vectors: [[Float]] = []

  init(
    _ request: ChatRequest, model: ExtractiveModel,
    continuation: AsyncThrowingStream<ModelEvent, any Error>.Continuation
  ) {
    self.request = request
    self.model = model
    self.continuation = continuation
  }

  mutating func step(on encoder: MiniLM) -> Bool {
    if isCancelled.isSet { return false }
    guard let plan else { return begin() }
    if let pass = passes.popFirst() {
      vectors += encoder.embed(texts[pass])
    }
    guard passes.isEmpty else { return true }
    let answer = model.answer(plan, vectors: vectors)
    for event in answer.events(streaming: request.isStreaming) {
      continuation.yield(.chat(event))
    }
    continuation.finish()
    return false
  }

  private mutating func begin() -> Bool {
    do {
      let plan = try model.plan(request)
      texts = plan.texts
      passes = MiniLM.passes(lengths: texts.lazy.map(\.count))[...]
      self.plan = plan
      continuation.yield(.chat(.started))
      continuation.yield(.chat(.usage(TokenUsage(input: TokenCount(plan.inputTokens)))))
      return true
    } catch {
      continuation.finish(throwing: error)
      return false
    }
  }
}
