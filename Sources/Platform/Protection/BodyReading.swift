public import Core
import Foundation

/// Where the bodies of requests are read: small ones at once, large ones on threads of their own, so that who sends large
/// bodies slows nobody down who sends small ones. Rule L-1.
public final class BodyReading: Sendable {
  /// What is read at once takes a few milliseconds at most.
  static let smallBytes = 256 * 1_024
  /// Bodies that are read or wait for it. Their bytes are limited by ``BodyRooms``; this is never less.
  static let mostWaiting = 1_024

  private let executor: BoundedExecutor

  public init() {
    // Half of the machine at most: the rest is for everybody else.
    let lanes = max(1, min(8, ProcessInfo.processInfo.activeProcessorCount / 2))
    executor = BoundedExecutor(label: "packhouse.bodies", lanes: lanes, limit: Self.mostWaiting)
  }

  init(executor: BoundedExecutor) { self.executor = executor }

  /// What `work` makes of a body. Throws `overloaded` where too many are waiting to be read.
  public func read<Value: Sendable>(
    _ body: Sensitive<[UInt8]>, _ work: @escaping @Sendable () -> Value
  ) async throws(GatewayFailure) -> Value {
    guard body.reveal().count > Self.smallBytes else { return work() }
    do {
      return try await executor.run(work)
    } catch {
      throw .overloaded(
        message: "The gateway has as many large request bodies to read as it can. Try again in a moment.",
        retryAfter: 1)
    }
  }
}
