import Core
import Synchronization

/// Counts those who wait, up to a limit.
final class BoundedCount: Sendable {
  private let limit: Int
  private let count = Mutex(0)

  init(limit: Int) { self.limit = limit }

  /// A place until `until`, or nil where all are taken. It is given back when it is no longer held.
  func enter(until: Instant) -> WaitingPlace? {
    let entered = count.withLock { count in
      guard count < limit else { return false }
      count += 1
      return true
    }
    return entered ? WaitingPlace(until: until, in: self) : nil
  }

  fileprivate func leave() { count.withLock { $0 -= 1 } }
}

/// A place among those who wait.
final class WaitingPlace: Sendable {
  let until: Instant
  private let room: BoundedCount

  fileprivate init(until: Instant, in room: BoundedCount) {
    self.until = until
    self.room = room
  }

  deinit { room.leave() }
}
