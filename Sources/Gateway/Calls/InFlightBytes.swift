import Core
import Synchronization

/// Bounds the memory that request bodies take together. Rule L-1.
final class InFlightBytes: Sendable {
  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// Takes room for a body of `bytes`, or refuses the request. What was taken is to be given to ``release(_:)``.
  func reserve(_ bytes: Int) throws(GatewayFailure) -> Int {
    let wanted = min(max(0, bytes), GatewayLimits.bodyBytes)
    let fits = taken.withLock { taken in
      guard taken + wanted <= limit else { return false }
      taken += wanted
      return true
    }
    guard fits else {
      throw .overloaded(
        message: "The gateway is reading as many request bodies as it has memory for. Try again in a moment.",
        retryAfter: 1)
    }
    return wanted
  }

  func release(_ bytes: Int) { taken.withLock { $0 -= bytes } }
}
