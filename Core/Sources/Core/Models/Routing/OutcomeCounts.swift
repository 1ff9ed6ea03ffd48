/// How many attempts ended well and how many failed, over the last five minutes in steps of ten seconds.
struct OutcomeCounts: Hashable, Sendable {
  static let stepMilliseconds: Int64 = 10_000
  static let steps = 30

  private struct Step: Hashable, Sendable {
    var number: Int64 = -1
    var successes = 0
    var failures = 0
  }

  private var ring = [Step](repeating: Step(), count: steps)

  mutating func add(isFailure: Bool, at now: Instant) {
    let number = Self.number(now)
    let place = Int(number % Int64(Self.steps))
    if ring[place].number != number { ring[place] = Step(number: number) }
    if isFailure { ring[place].failures += 1 } else { ring[place].successes += 1 }
  }

  /// The sums of the last `steps` steps, the running one among them, but only of those that began after `since`.
  func sums(
    steps: Int = OutcomeCounts.steps, since: Instant? = nil, at now: Instant
  ) -> (successes: Int, failures: Int) {
    let last = Self.number(now)
    let first = max(last - Int64(steps) + 1, since.map { Self.number($0) + 1 } ?? 0)
    return ring.reduce(into: (0, 0)) { sums, step in
      guard step.number >= first, step.number <= last else { return }
      sums.0 += step.successes
      sums.1 += step.failures
    }
  }

  private static func number(_ now: Instant) -> Int64 { max(0, now.milliseconds) / stepMilliseconds }
}
