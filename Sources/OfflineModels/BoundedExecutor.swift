import Dispatch
import Synchronization

/// Work that is done in steps of at most one pass of the encoder, so that a long call cannot keep short ones waiting.
protocol SteppedWork: Sendable, Redacted {
  /// Does the next step. False says that nothing is left; the outcome went wherever the work keeps it.
  mutating func step(on encoder: MiniLM) -> Bool
}

/// Runs work on its own threads, one encoder each, taking turns after every step. It refuses rather than lets its
/// queue grow, and never runs on an event loop or on a thread of Swift's cooperative pool. Decision 21.
final class BoundedExecutor: Sendable {
  private struct Worker: Sendable {
    let queue: DispatchQueue
    let encoder: EncoderBox
  }

  private final class EncoderBox: Sendable {
    let encoder: Mutex<MiniLM>

    init(_ weights: MiniLMWeights) { encoder = Mutex(MiniLM(weights: weights)) }
  }

  private struct State {
    /// Work between two steps, in the order in which it gets its turn.
    var waiting: [any SteppedWork] = []
    var idleWorkers: [Int]
    /// Work accepted and not finished.
    var unfinished = 0
  }

  private let workers: [Worker]
  private let limit: Int
  private let state: Mutex<State>

  /// `limit` is the number of calls that may be unfinished at a time.
  init(weights: MiniLMWeights, threads: Int, limit: Int) {
    precondition(threads > 0 && limit > 0, "an executor has at least one thread and one place")
    workers = (0..<threads).map { number in
      Worker(
        queue: DispatchQueue(label: "packhouse.offline-models.\(number)", qos: .userInitiated),
        encoder: EncoderBox(weights))
    }
    self.limit = limit
    state = Mutex(State(idleWorkers: Array(0..<threads)))
  }

  /// Takes `work`, or refuses it where ``limit`` calls are unfinished already.
  func submit(_ work: any SteppedWork) -> Bool {
    let (isAccepted, worker) = state.withLock { state -> (Bool, Int?) in
      guard state.unfinished < limit else { return (false, nil) }
      state.unfinished += 1
      state.waiting.append(work)
      return (true, state.idleWorkers.popLast())
    }
    if let worker {
      workers[worker].queue.async { self.run(worker) }
    }
    return isAccepted
  }

  private func run(_ worker: Int) {
    workers[worker].encoder.encoder.withLock { encoder in
      while var work = next(for: worker) {
        let hasMore = work.step(on: encoder)
        state.withLock { state in
          if hasMore {
            state.waiting.append(work)
          } else {
            state.unfinished -= 1
          }
        }
      }
    }
  }

  private func next(for worker: Int) -> (any SteppedWork)? {
    state.withLock { state in
      guard !state.waiting.isEmpty else {
        state.idleWorkers.append(worker)
        return nil
      }
      return state.waiting.removeFirst()
    }
  }
}
