import Core
public import ServiceLifecycle
import Synchronization

/// Drains answers that no request waits for any more, because their clients left before the head could be written. Rule
/// M-3.
///
/// A graceful stop waits for what is drained; a cancellation cuts it short, and it is settled as far as it came (rule
/// L-2). Stop it after the listener whose calls it takes, and before what records their usage.
public final class AnswerDrain: Service {
  /// Answers that are drained at a time. One more is settled at once: each holds a connection to its provider.
  static let limit = 256

  private struct State {
    /// Nil while the service does not run.
    var queue: AsyncStream<UnreadAnswer>.Continuation?
    /// Answers in the queue and those that are drained.
    var count = 0
  }

  /// Milliseconds that an answer is drained after its client has gone, where nobody said: M-3's 60 s.
  public static let usualPatience: Int64 = 60_000

  /// Milliseconds that an answer is drained after its client has gone.
  let patience: Int64
  private let limit: Int
  private let state = Mutex(State())

  /// - Parameter patience: milliseconds that an answer is drained after its client has gone.
  public convenience init(patience: Int64 = AnswerDrain.usualPatience) {
    self.init(patience: patience, limit: Self.limit)
  }

  init(patience: Int64 = AnswerDrain.usualPatience, limit: Int) {
    self.patience = patience
    self.limit = limit
  }

  /// Takes what nobody reads. What it does not take, because it has enough or does not run, ends with the caller's
  /// reference, and is settled by that.
  func take(_ answer: UnreadAnswer) {
    state.withLock { state in
      guard let queue = state.queue, state.count < limit else { return }
      guard case .enqueued = queue.yield(answer) else { return }
      state.count += 1
    }
  }

  public func run() async throws {
    let (answers, queue) = AsyncStream.makeStream(of: UnreadAnswer.self)
    state.withLock { $0.queue = queue }
    await withGracefulShutdownHandler {
      await withDiscardingTaskGroup { group in
        for await answer in answers {
          group.addTask {
            await answer.drain()
            self.state.withLock { $0.count -= 1 }
          }
        }
      }
    } onGracefulShutdown: {
      self.close()
    }
    // Also where it was cancelled: nobody would take what comes now.
    close()
  }

  /// Answers that are waited for.
  var count: Int { state.withLock(\.count) }

  var isRunning: Bool { state.withLock { $0.queue != nil } }

  /// Takes no more; what was taken is drained. What a graceful stop does.
  func close() {
    let queue = state.withLock { state in
      defer { state.queue = nil }
      return state.queue
    }
    queue?.finish()
  }
}
