import Core
import Synchronization

/// Bounds the memory that request bodies take together. Rule L-1.
final class InFlightBytes: Sendable {
  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// Room for one body: none yet, because a length that was only announced takes no memory.
  func enter() -> BodyRoom { BodyRoom(in: self) }

  fileprivate func take(_ bytes: Int) throws(GatewayFailure) {
    let fits = taken.withLock { taken in
      guard taken + bytes <= limit else { return false }
      taken += bytes
      return true
    }
    guard fits else {
      throw .overloaded(
        message: "The gateway is reading as many request bodies as it has memory for. Try again in a moment.",
        retryAfter: 1)
    }
  }

  fileprivate func release(_ bytes: Int) { taken.withLock { $0 -= bytes } }
}

/// The room of one body, given back at the latest when nobody holds it any more.
final class BodyRoom: Sendable {
  private let bytes = Mutex(0)
  private let whole: InFlightBytes

  fileprivate init(in whole: InFlightBytes) { self.whole = whole }

  /// Takes room for a piece that has arrived, or refuses the request.
  func grow(by count: Int) throws(GatewayFailure) {
    try whole.take(count)
    bytes.withLock { $0 += count }
  }

  func leave() {
    let held = bytes.withLock { bytes in
      defer { bytes = 0 }
      return bytes
    }
    whole.release(held)
  }

  deinit { leave() }
}
