/// How far the allowance of a bundle month goes at the present rate. Rule G-4.
public enum Forecast: Hashable, Sendable {
  /// Nothing was used yet, or the month has only begun.
  case unknown
  /// The allowance is used up at about this instant, before the refill.
  case lastsUntil(Instant)
  /// At the refill about this whole per cent of the allowance is used.
  case endsAt(percent: Int)

  /// Share of the month that must have passed before a rate means something: one hundredth.
  private static let leastShare: Int64 = 100

  /// `used` of `allowed` at `now`, in the bundle month `[start, end)`; both in the same measure.
  public static func of(used: Int64, allowed: Int64, start: Instant, end: Instant, now: Instant) -> Forecast {
    let length = end.millisecondsSince(start)
    let elapsed = min(now.millisecondsSince(start), length)
    guard used > 0, allowed > 0, length > 0, elapsed >= length / leastShare, elapsed > 0 else { return .unknown }
    if used >= allowed { return .lastsUntil(now) }
    // Products of two figures are 128 bits wide, so that none overflows.
    let needed = UInt64(elapsed).multipliedFullWidth(by: UInt64(allowed))
    if needed.high < UInt64(used) {
      let milliseconds = UInt64(used).dividingFullWidth(needed).quotient
      if milliseconds < UInt64(length) { return .lastsUntil(start.adding(milliseconds: Int64(milliseconds))) }
    }
    let projected = UInt64(used).multipliedFullWidth(by: UInt64(length))
    guard projected.high < UInt64(elapsed) else { return .unknown }
    let total = UInt64(elapsed).dividingFullWidth(projected).quotient
    let percent = UInt64(allowed).dividingFullWidth(min(total, UInt64(allowed)).multipliedFullWidth(by: 100)).quotient
    return .endsAt(percent: Int(percent))
  }
}
