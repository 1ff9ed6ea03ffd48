import Core
import Synchronization

/// A provider's answer that has been asked for, while its head is waited for: for as long as it takes, or for a while and
/// then on. Rule N-3.
final class AwaitedHead: Sendable {
  typealias Outcome = Result<UpstreamAnswer, UpstreamFailure>

  private struct State {
    var outcome: Outcome?
    var waiter: CheckedContinuation<Outcome?, Never>?
    /// Numbers the waits, so that the end of one's patience does not end the next.
    var wait = 0
  }

  private let state = Mutex(State())
  private let request: Mutex<Task<Void, Never>?> = Mutex(nil)

  init(_ open: @escaping @Sendable () async throws(UpstreamFailure) -> UpstreamAnswer) {
    let task = Task { [self] in
      do throws(UpstreamFailure) { finish(.success(try await open())) } catch { finish(.failure(error)) }
    }
    request.withLock { $0 = task }
  }

  /// The answer, or nil where it has not come when `patience` returns. One wait at a time.
  ///
  /// When the waiting task is cancelled the request is as well, and fails.
  func outcome(patience: (@Sendable () async -> Void)? = nil) async -> Outcome? {
    let number = state.withLock { state in
      state.wait += 1
      return state.wait
    }
    let timer = patience.map { patience in
      Task { [self] in
        await patience()
        if !Task.isCancelled { giveUp(waiting: number) }
      }
    }
    defer { timer?.cancel() }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let known: Outcome?? = state.withLock { state in
          if let outcome = state.outcome { return .some(outcome) }
          guard state.wait == number else { return .some(nil) }
          state.waiter = continuation
          return nil
        }
        if let known { continuation.resume(returning: known) }
      }
    } onCancel: {
      cancel()
    }
  }

  /// Asks for it no longer.
  func cancel() { request.withLock { $0 }?.cancel() }

  private func finish(_ outcome: Outcome) {
    let waiter = state.withLock { state in
      state.outcome = outcome
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: outcome)
  }

  private func giveUp(waiting number: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<Outcome?, Never>? in
      guard state.wait == number else { return nil }
      // A wait that has not begun yet ends before it does.
      if state.waiter == nil { state.wait += 1 }
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume(returning: nil)
  }
}
