import Core

/// How long an answer takes from its admission, for dialects that tell it in milliseconds.
struct AnswerLatency: Sendable {
  private let clock: WallClock?
  private var startedAt: Instant?
  /// Until the first piece of the answer; nil before.
  private(set) var firstByte: Int64?

  /// Without a clock every latency is given as 0.
  init(_ clock: WallClock?) { self.clock = clock }

  mutating func start(at instant: Instant) { startedAt = instant }

  /// The first piece has come; later ones change nothing.
  mutating func markFirstByte() { if firstByte == nil { firstByte = milliseconds } }

  /// From the start until now.
  var milliseconds: Int64 {
    guard let clock, let startedAt else { return 0 }
    return max(0, clock.now().millisecondsSince(startedAt))
  }
}
