import Synchronization

/// The one outcome of a call, given by whoever comes first: the work, or the caller's cancellation.
final class Reply<Value: Sendable>: Sendable {
  private enum State {
    case unasked
    case asked(CheckedContinuation<Value, any Error>)
    case finished(Result<Value, any Error>)
    case delivered
  }

  private let state = Mutex<State>(.unasked)

  /// True once nobody needs the outcome any more.
  var isFinished: Bool {
    state.withLock { state in
      switch state {
      case .unasked, .asked: false
      case .finished, .delivered: true
      }
    }
  }

  /// Gives the outcome; only the first one counts.
  func finish(_ result: Result<Value, any Error>) {
    let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
      switch state {
      case .unasked:
        state = .finished(result)
        return nil
      case .asked(let continuation):
        state = .delivered
        return continuation
      case .finished, .delivered:
        return nil
      }
    }
    continuation?.resume(with: result)
  }

  /// Waits for the outcome; called once. Cancelling the task is an outcome as well.
  func value() async throws -> Value {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let result = state.withLock { state -> Result<Value, any Error>? in
          guard case .finished(let result) = state else {
            state = .asked(continuation)
            return nil
          }
          state = .delivered
          return result
        }
        if let result { continuation.resume(with: result) }
      }
    } onCancel: {
      finish(.failure(CancellationError()))
    }
  }
}
