import Synchronization

/// How far a server has come that is told to stop: set by whoever hears of it first, asked by calls, by readiness and by
/// whoever wants to know how the server is. Rule L-2.
public final class StopNotice: Sendable {
  private enum Stage { case running, stopping, over }

  private let stage = Mutex(Stage.running)

  public init() {}

  /// The server takes no more calls and finishes those that run.
  public var isStopping: Bool { stage.withLock { $0 != .running } }

  /// The time for finishing is over: calls end with what they have, and their callers are told.
  public var isOver: Bool { stage.withLock { $0 == .over } }

  public func begin() { stage.withLock { if $0 == .running { $0 = .stopping } } }

  public func end() { stage.withLock { $0 = .over } }
}
