import AsyncHTTPClient
import Core
import NIOCore

/// The body of an answer, with the library's errors turned into ours.
struct AnswerBody: AsyncSequence, Sendable {
  typealias Element = [UInt8]
  typealias Failure = any Error

  let body: HTTPClientResponse.Body
  let provider: String
  /// When the call's total time is over: the library minds it only until the head has arrived. Rule N-4.
  let deadline: NIODeadline
  /// Between two pieces.
  let idle: TimeAmount
  /// What the library minds itself between two pieces.
  let libraryWait: TimeAmount

  struct AsyncIterator: EndingPieces {
    fileprivate let pieces: WatchedPieces
    let provider: String
    fileprivate(set) var deadline: NIODeadline
    let idle: TimeAmount
    let libraryWait: TimeAmount

    mutating func next() async throws -> [UInt8]? {
      do {
        let left = deadline - NIODeadline.now()
        guard left > .zero else { throw HTTPClientError.deadlineExceeded }
        // Watching a piece takes two tasks, so it is done only where the library would wait for too long.
        let limit = Swift.min(idle, left)
        let piece = try await limit < libraryWait ? pieces.next(within: limit) : pieces.next()
        return piece.map { Array($0.readableBytesView) }
      } catch {
        throw UpstreamFailure(mapping: error, provider: provider)
      }
    }

    mutating func expectEnd(within milliseconds: Int64) {
      deadline = Swift.min(deadline, .now() + .milliseconds(milliseconds))
    }
  }

  func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(
      pieces: WatchedPieces(body), provider: provider, deadline: deadline, idle: idle, libraryWait: libraryWait)
  }
}
