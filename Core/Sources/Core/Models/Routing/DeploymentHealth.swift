/// What calls have shown of one deployment: how fast it answers, and whether it does. Rules N-2, N-3.
///
/// A value without a clock or a lock: the same reports at the same instants give the same health.
public struct DeploymentHealth: Hashable, Sendable {
  /// Calls that are out and have not begun to answer, of one pace.
  private struct Waiting: Hashable, Sendable {
    var count: Int
    /// Since when calls are out without one of them having begun to answer or ended.
    var since: Instant
  }

  /// Throttling: the provider answers, and wants to be left alone.
  private struct Busy: Hashable, Sendable {
    var until: Instant
    /// Milliseconds, where it gave no hint.
    var period: Int64
    var since: Instant
  }

  private var streamed = LatencyEstimate()
  private var whole = LatencyEstimate()
  private var waiting: [AnswerPace: Waiting] = [:]
  private var outcomes = OutcomeCounts()
  private var busy: Busy?
  private var heardAt: Instant?
  var breaker = CircuitBreaker()

  public init() {}

  /// Takes what an attempt reports.
  public mutating func take(_ report: AttemptReport, at now: Instant) {
    switch report.event {
    case .begun:
      let known = waiting[report.pace]
      waiting[report.pace] = Waiting(count: (known?.count ?? 0) + 1, since: known?.since ?? now)
    case .firstToken(let milliseconds):
      hear(at: now)
      stopWaiting(report.pace, at: now)
      switch report.pace {
      case .streamed: streamed.add(milliseconds, at: now)
      case .whole: whole.add(milliseconds, at: now)
      }
    case .ended(let verdict):
      if !report.hasBegunToAnswer { stopWaiting(report.pace, at: now) }
      end(report, verdict, at: now)
    }
  }

  private mutating func end(_ report: AttemptReport, _ verdict: AttemptVerdict, at now: Instant) {
    switch verdict {
    case .nothing: break
    case .works:
      outcomes.add(isFailure: false, at: now)
      hear(at: now)
    case .failed(.throttled, let hint):
      hear(at: now)
      beBusy(hint, begunAt: report.begunAt, at: now)
    case .failed(.timeout, _), .abandoned:
      outcomes.add(isFailure: true, at: now)
      if !report.hasBegunToAnswer, !hasAnswered(since: report.begunAt) {
        breaker.beSilent(begunAt: report.begunAt, at: now)
      } else {
        fail(report, at: now)
      }
    case .failed:
      outcomes.add(isFailure: true, at: now)
      fail(report, at: now)
    }
  }

  private mutating func fail(_ report: AttemptReport, at now: Instant) {
    let recent = outcomes.sums(steps: RoutingRules.rateSteps, since: breaker.recoveredAt, at: now)
    let all = recent.successes + recent.failures
    breaker.fail(
      begunAt: report.begunAt,
      isOften: all >= RoutingRules.rateLeast && recent.failures * 100 >= all * RoutingRules.ratePercent, at: now)
  }

  private mutating func hear(at now: Instant) {
    heardAt = now
    breaker.close(at: now)
  }

  private mutating func beBusy(_ hint: Int?, begunAt: Instant, at now: Instant) {
    var period = RoutingRules.firstOpen
    if let busy, now.millisecondsSince(busy.until) < RoutingRules.busyMemory {
      // Those that were out together are told once.
      period = begunAt < busy.since ? busy.period : min(busy.period * 2, RoutingRules.longestOpen)
    }
    let hinted = hint.map { Int64(max(1, min($0, RoutingRules.longestHint))) * 1_000 }
    let until = now.adding(milliseconds: hinted ?? period)
    busy = Busy(until: max(busy?.until ?? until, until), period: period, since: now)
  }

  private mutating func stopWaiting(_ pace: AnswerPace, at now: Instant) {
    guard let known = waiting[pace] else { return }
    waiting[pace] = known.count > 1 ? Waiting(count: known.count - 1, since: now) : nil
  }

  // MARK: What it means

  /// When it may be asked again; nil where it is not busy.
  func busyUntil(at now: Instant) -> Instant? { busy.flatMap { $0.until > now ? $0.until : nil } }

  /// Nothing has ever come back.
  var isUnused: Bool { heardAt == nil }

  /// Something came back since `instant`: whoever still waits is slow rather than lost.
  public func hasAnswered(since instant: Instant) -> Bool { heardAt.map { $0 > instant } ?? false }

  /// Milliseconds that a call's first sign of life may take before another deployment is worth asking; nil where nothing
  /// is known of it.
  public func patience(_ pace: AnswerPace) -> Int64? {
    let estimate = estimate(pace)
    guard let mean = estimate.mean else { return pace == .streamed ? RoutingRules.unknownPatience : nil }
    let usual = mean + 4 * estimate.deviation
    // The time of a whole answer depends on its length, so that the longest of late counts too.
    let longest = pace == .whole ? estimate.longest * 1.5 : 0
    let patience = max(Double(RoutingRules.leastPatience), usual, longest)
    return Int64(min(patience, Double(RoutingRules.longestPatience)))
  }

  /// True where calls have been out for longer than patience lasts and nothing came back meanwhile.
  func isSuspect(at now: Instant) -> Bool {
    waiting.contains { pace, waiting in
      guard let patience = patience(pace) else { return false }
      return now.millisecondsSince(max(waiting.since, heardAt ?? waiting.since)) > patience
    }
  }

  public func estimate(_ pace: AnswerPace) -> LatencyEstimate {
    switch pace {
    case .streamed: streamed
    case .whole: whole
    }
  }

  /// Milliseconds to expect; zero where that has to be learnt.
  func speed(_ pace: AnswerPace, at now: Instant) -> Double { estimate(pace).current(at: now) ?? 0 }

  /// A call is sent there: until it has answered nobody else need learn how fast it is.
  mutating func renewEstimate(_ pace: AnswerPace, at now: Instant) {
    switch pace {
    case .streamed: streamed.renew(at: now)
    case .whole: whole.renew(at: now)
    }
  }

  /// Attempts of the last five minutes that gave a verdict; those that were throttled are neither.
  public func recent(at now: Instant) -> (successes: Int, failures: Int) { outcomes.sums(at: now) }
}
