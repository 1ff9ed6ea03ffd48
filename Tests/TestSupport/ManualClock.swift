public import Core
import Synchronization

/// A clock that stands still until a test moves it.
public final class ManualClock: Sendable {
  private let instant: Mutex<Instant>

  public init(_ start: Instant = Sample.start) { instant = Mutex(start) }

  public var now: Instant { instant.withLock { $0 } }

  public func set(_ instant: Instant) { self.instant.withLock { $0 = instant } }

  public func advance(milliseconds: Int64) { instant.withLock { $0 = $0.adding(milliseconds: milliseconds) } }
  public func advance(seconds: Int64) { advance(milliseconds: seconds * 1_000) }

  /// For what takes a ``WallClock``.
  public var wallClock: WallClock { WallClock { self.now } }
}
