/// Keeps calls away from a deployment that does not answer, and lets single ones through to see whether it does again.
/// Rule N-3.
struct CircuitBreaker: Hashable, Sendable {
  enum State: Hashable, Sendable {
    case closed
    /// Not answering since `since`; a probe may be sent when `dueAt` has come.
    case open(since: Instant, dueAt: Instant)
    /// The next call may go there, as a probe.
    case halfOpen(since: Instant)
  }

  private struct Opening: Hashable, Sendable {
    let since: Instant
    var dueAt: Instant
    /// Milliseconds between the last verdict and the next probe.
    var period: Int64
    /// When the last probe was sent that has given no verdict yet.
    var probedAt: Instant?
    /// The same of the probe before that one.
    var probedBefore: Instant?
  }

  private var opening: Opening?
  private(set) var failuresInARow = 0
  /// Attempts in a row to which nothing came back at all. Those that were out together count once.
  private(set) var silences = 0
  /// Attempts that were given up since anything came back. Those that were out together count once.
  private var doubts = 0
  private var doubtedAt: Instant?
  /// When it last closed after having been open.
  private(set) var recoveredAt: Instant?

  func state(at now: Instant) -> State {
    guard let opening else { return .closed }
    return now >= opening.dueAt
      ? .halfOpen(since: opening.since) : .open(since: opening.since, dueAt: opening.dueAt)
  }

  /// True until the deployment answers again.
  var isOpen: Bool { opening != nil }

  /// When the next probe may be sent; nil while it is closed.
  var dueAt: Instant? { opening?.dueAt }

  /// True while a probe is out.
  var isProbed: Bool { opening?.probedAt != nil }

  /// True where a call was given up and nothing has come back since: one call at a time is enough to find out.
  var isDoubted: Bool { doubts > 0 }

  /// The deployment answered.
  mutating func close(at now: Instant) {
    failuresInARow = 0
    silences = 0
    doubts = 0
    doubtedAt = nil
    guard opening != nil else { return }
    opening = nil
    recoveredAt = now
  }

  /// An attempt that began at `begunAt` failed; `isOften` where too many did of late.
  mutating func fail(begunAt: Instant, isOften: Bool, at now: Instant) {
    failuresInARow += 1
    if opening != nil { return reopen(begunAt: begunAt, isSilence: false, at: now) }
    if failuresInARow >= RoutingRules.failuresInARow || isOften { open(at: now) }
  }

  /// Nothing came back to an attempt until its time-out, nor to any other since it began. Once is enough: each further
  /// call would wait as long, and be paid for.
  mutating func beSilent(begunAt: Instant, at now: Instant) {
    failuresInARow += 1
    doubts = max(doubts, RoutingRules.doubtsForSilence)
    if opening != nil { return reopen(begunAt: begunAt, isSilence: true, at: now) }
    silences = 1
    open(at: now)
  }

  /// An attempt was given up before its time-out, and nothing has come back to any other since it began. That alone says
  /// little, since the patience was ours; several, one after the other, are a silence: true then.
  mutating func doubt(begunAt: Instant, at now: Instant) -> Bool {
    // What was out already at the last doubt says nothing new.
    if doubtedAt.map({ begunAt >= $0 }) ?? true {
      doubts += 1
      doubtedAt = now
    }
    let isSilence = doubts >= RoutingRules.doubtsForSilence
    if isSilence {
      beSilent(begunAt: begunAt, at: now)
    } else if opening != nil {
      reopen(begunAt: begunAt, isSilence: false, at: now)
    }
    return isSilence
  }

  /// The call that is sent now is a probe: the next may follow when this one has had its time.
  mutating func sendProbe(at now: Instant) {
    guard var opening else { return }
    opening.probedBefore = opening.probedAt
    opening.probedAt = now
    opening.dueAt = now.adding(milliseconds: max(opening.period, RoutingRules.probeTime))
    self.opening = opening
  }

  /// The probe of `instant` was not sent after all.
  mutating func takeBackProbe(at instant: Instant) {
    guard var opening, opening.probedAt == instant else { return }
    opening.probedAt = opening.probedBefore
    opening.dueAt = instant
    self.opening = opening
  }

  private mutating func open(at now: Instant) {
    let period = RoutingRules.firstOpen
    opening = Opening(since: now, dueAt: now.adding(milliseconds: period), period: period)
  }

  /// A probe failed. What was out already when it was sent says nothing new.
  private mutating func reopen(begunAt: Instant, isSilence: Bool, at now: Instant) {
    guard var opening, let probedAt = opening.probedAt, begunAt >= probedAt else { return }
    silences = isSilence ? silences + 1 : 0
    opening.period = min(opening.period * 2, RoutingRules.longestOpen)
    opening.dueAt = now.adding(milliseconds: opening.period)
    opening.probedAt = nil
    self.opening = opening
  }
}
