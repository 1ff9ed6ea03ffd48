import AsyncHTTPClient
import Core
import NIOCore

/// The body of an answer, with the library's errors turned into ours.
struct AnswerBody: AsyncSequence, Sendable {
  typealias Element = [UInt8]
  typealias Failure = any Error

  let body: HTTPClientResponse.Body
  let provider: String
  /// The library minds it only until the head has arrived, so it is looked at before every piece. Rule N-4.
  let deadline: NIODeadline
  /// Where it is not left to the library to mind it.
  let idle: TimeAmount?

  struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate enum Pieces {
      case direct(HTTPClientResponse.Body.AsyncIterator)
      case watched(WatchedPieces)
    }

    fileprivate var pieces: Pieces
    let provider: String
    let deadline: NIODeadline

    mutating func next() async throws -> [UInt8]? {
      do {
        guard NIODeadline.now() < deadline else { throw HTTPClientError.deadlineExceeded }
        switch pieces {
        case .direct(var iterator):
          let piece = try await iterator.next()
          pieces = .direct(iterator)
          return piece.map { Array($0.readableBytesView) }
        case .watched(let watched): return try await watched.next(by: deadline).map { Array($0.readableBytesView) }
        }
      } catch {
        throw UpstreamFailure(mapping: error, provider: provider)
      }
    }
  }

  func makeAsyncIterator() -> AsyncIterator {
    let pieces: AsyncIterator.Pieces =
      if let idle { .watched(WatchedPieces(body, idle: idle)) } else { .direct(body.makeAsyncIterator()) }
    return AsyncIterator(pieces: pieces, provider: provider, deadline: deadline)
  }
}
