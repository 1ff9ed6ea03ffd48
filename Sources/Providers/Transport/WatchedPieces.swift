import AsyncHTTPClient
import NIOCore
import Synchronization

/// The pieces of a body, each waited for no longer than a time of its own.
///
/// A task takes pieces from the library, one ahead of the reader at most, so that a slow reader still slows the provider
/// down (rule L-1).
final class WatchedPieces: Sendable {
  private enum Event {
    case piece(ByteBuffer)
    case end
    case failure(any Error)
  }

  private typealias Reader = CheckedContinuation<Event, Never>
  private typealias Bringer = CheckedContinuation<Void, Never>

  private struct State {
    /// What the task brought and nobody has taken.
    var brought: Event?
    var reader: Reader?
    /// The task, while what it brought is not taken.
    var bringer: Bringer?
    /// What every reader gets from now on.
    var ending: Event?
  }

  private let shared: Shared
  private let idle: TimeAmount
  private let task: Task<Void, Never>

  /// What task and reader share; the task does not keep the pieces alive that nobody reads any more.
  private final class Shared: Sendable {
    let state = Mutex(State())

    func bring(_ event: Event) async {
      await withCheckedContinuation { bringer in
        let (reader, isDone) = state.withLock { state -> (Reader?, Bool) in
          if let reader = state.reader {
            state.reader = nil
            return (reader, true)
          }
          guard state.ending == nil else { return (nil, true) }
          state.brought = event
          state.bringer = bringer
          return (nil, false)
        }
        reader?.resume(returning: event)
        if isDone { bringer.resume() }
      }
    }

    func take() async -> Event {
      await withCheckedContinuation { reader in
        let (event, bringer) = state.withLock { state -> (Event?, Bringer?) in
          if let ending = state.ending { return (ending, nil) }
          guard let brought = state.brought else {
            state.reader = reader
            return (nil, nil)
          }
          defer { (state.brought, state.bringer) = (nil, nil) }
          return (brought, state.bringer)
        }
        bringer?.resume()
        if let event { reader.resume(returning: event) }
      }
    }

    /// Lets go whoever waits; the reader gets `event`. False where nothing was done because no reader waits.
    @discardableResult
    func end(_ event: Event, onlyWhereAwaited: Bool = false) -> Bool {
      let (reader, bringer, isDone) = state.withLock { state in
        guard !onlyWhereAwaited || state.reader != nil else { return (Reader?.none, Bringer?.none, false) }
        defer { (state.reader, state.bringer, state.ending) = (nil, nil, event) }
        return (state.reader, state.bringer, true)
      }
      reader?.resume(returning: event)
      bringer?.resume()
      return isDone
    }
  }

  init(_ body: HTTPClientResponse.Body, idle: TimeAmount) {
    let shared = Shared()
    self.shared = shared
    self.idle = idle
    task = Task {
      var pieces = body.makeAsyncIterator()
      do {
        while let piece = try await pieces.next(), !Task.isCancelled { await shared.bring(.piece(piece)) }
        await shared.bring(.end)
      } catch {
        await shared.bring(.failure(error))
      }
    }
  }

  deinit {
    task.cancel()
    shared.end(.end)
  }

  /// The next piece; nil at the end. Throws `HTTPClientError.readTimeout` where it takes too long, or until after
  /// `deadline`.
  func next(by deadline: NIODeadline) async throws -> ByteBuffer? {
    let (shared, task, idle) = (shared, task, min(idle, max(.zero, deadline - .now())))
    let watch = Task {
      try await Task.sleep(for: .nanoseconds(idle.nanoseconds))
      if shared.end(.failure(HTTPClientError.readTimeout), onlyWhereAwaited: true) { task.cancel() }
    }
    defer { watch.cancel() }
    let event = await withTaskCancellationHandler {
      await shared.take()
    } onCancel: {
      shared.end(.failure(CancellationError()))
      task.cancel()
    }
    switch event {
    case .piece(let piece): return piece
    case .end: return nil
    case .failure(let error): throw error
    }
  }
}
