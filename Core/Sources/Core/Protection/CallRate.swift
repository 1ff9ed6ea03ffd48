/// How often one key may call: a bucket that holds the calls of one minute and is filled again evenly. Rule L-1.
///
/// In any span of `s` seconds at most `n + n * s / 60` calls pass where `n` are permitted a minute, and who keeps to an
/// even pace is never refused. Whole numbers only: a call weighs as many parts as a minute has milliseconds, and `n`
/// parts come back each millisecond.
struct CallRate: Hashable, Sendable {
  /// Beyond it the parts would not fit.
  static let mostPerMinute = 1_000_000_000
  private static let minute: Int64 = 60_000

  private let perMinute: Int64
  private var parts: Int64
  private var countedAt: Instant

  /// A full bucket.
  init(perMinute: Int, at now: Instant) {
    self.perMinute = Int64(perMinute)
    parts = Self.minute * self.perMinute
    countedAt = now
  }

  /// Milliseconds until a call may pass; 0 where it may now. Takes nothing.
  mutating func wait(at now: Instant) -> Int64 {
    fill(at: now)
    let missing = Self.minute - parts
    return missing <= 0 ? 0 : (missing + perMinute - 1) / perMinute
  }

  /// Lets a call pass that does not have to wait.
  mutating func take() {
    precondition(parts >= Self.minute)
    parts -= Self.minute
  }

  /// True where forgetting the bucket changes nothing.
  mutating func isFull(at now: Instant) -> Bool {
    fill(at: now)
    return parts == Self.minute * perMinute
  }

  /// A clock that was set back gives nothing back, and takes nothing: counting goes on from where it is now.
  private mutating func fill(at now: Instant) {
    let passed = min(max(0, now.millisecondsSince(countedAt)), Self.minute)
    parts = min(parts + passed * perMinute, Self.minute * perMinute)
    countedAt = now
  }
}
