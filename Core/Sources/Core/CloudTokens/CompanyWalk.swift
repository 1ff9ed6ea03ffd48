import Synchronization

/// A replay that goes on only as far as somebody asks: what a company will be in two years is seldom wanted, and with
/// thousands of resources it takes longer than a page may.
final class CompanyWalk: Sendable {
  private let replay: Mutex<CompanyReplay>

  init(_ replay: CompanyReplay) { self.replay = Mutex(replay) }

  /// What `read` finds once everything up to `instant` is walked through; it may go on.
  func through<Found: Sendable>(_ instant: Instant, _ read: (inout CompanyReplay) -> Found) -> Found {
    replay.withLock { replay in
      if instant > replay.reached { replay.advance(through: instant) }
      return read(&replay)
    }
  }
}
