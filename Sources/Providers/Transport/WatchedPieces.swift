import AsyncHTTPClient
import NIOCore
import Synchronization

/// The pieces of a body, each waited for as long as the library does or for a time of its own. Rule N-4.
///
/// Nothing is read ahead, so that a slow reader slows the provider down (rule L-1).
final class WatchedPieces: Sendable {
  private enum Event: Sendable {
    case piece(ByteBuffer?)
    case tooLong
  }

  /// Nil while a piece is waited for, and once the last has come: whoever waits in a task of its own takes it there.
  private let slot: Mutex<HTTPClientResponse.Body.AsyncIterator?>

  init(_ body: HTTPClientResponse.Body) { slot = Mutex(body.makeAsyncIterator()) }

  /// The next piece; nil at the end. The library minds how long it takes.
  func next() async throws -> ByteBuffer? {
    guard var pieces = slot.withLock({ $0.take() }) else { return nil }
    guard let piece = try await pieces.next() else { return nil }
    put(pieces)
    return piece
  }

  /// The next piece; nil at the end. Throws `HTTPClientError.readTimeout` where it takes longer than `limit`; nothing
  /// more comes then.
  func next(within limit: TimeAmount) async throws -> ByteBuffer? {
    let event = try await withThrowingTaskGroup(of: Event.self) { group in
      defer { group.cancelAll() }
      group.addTask { .piece(try await self.next()) }
      group.addTask {
        try await Task.sleep(for: .nanoseconds(max(0, limit.nanoseconds)))
        return .tooLong
      }
      return try await group.next() ?? .tooLong
    }
    switch event {
    case .piece(let piece?): return piece
    case .piece(nil):
      // Pieces that are cancelled may end as those do of which nothing is missing.
      try Task.checkCancellation()
      return nil
    case .tooLong: throw HTTPClientError.readTimeout
    }
  }

  /// By way of a box, because what is put in must belong to nobody else.
  private func put(_ pieces: sending HTTPClientResponse.Body.AsyncIterator) {
    let box = Mutex<HTTPClientResponse.Body.AsyncIterator?>(pieces)
    slot.withLock { $0 = box.withLock { $0.take() } }
  }
}
