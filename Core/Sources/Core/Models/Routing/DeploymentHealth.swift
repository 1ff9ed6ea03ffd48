/// What calls have shown of one deployment: how fast it answers, and whether it does. Rules N-2, N-3.
///
/// A value without a clock or a lock: the same reports at the same instants give the same health.
public struct DeploymentHealth: Hashable, Sendable {
  /// Calls that begin to be answered after about the same time.
  private struct Kind: Hashable, Sendable {
    let pace: AnswerPace
    /// As ``LatencyBySize`` numbers them.
    let size: Int

    init(_ report: AttemptReport) {
      pace = report.pace
      size = LatencyBySize.number(of: report.input.count)
    }
  }

  /// Calls of one kind that are out and have not begun to answer.
  private struct Waiting: Hashable, Sendable {
    var count: Int
    /// Since when calls are out without one of them having begun to answer or ended.
    var since: Instant
    /// The largest input among those that went out since none was.
    var input: Int64
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
  private var streamedBySize = LatencyBySize()
  private var wholeBySize = LatencyBySize()
  private var waiting: [Kind: Waiting] = [:]
  private var outcomes = OutcomeCounts()
  private var busy: Busy?
  private var heardAt: Instant?
  var breaker = CircuitBreaker()

  public init() {}

  /// Takes what an attempt reports.
  public mutating func take(_ report: AttemptReport, at now: Instant) {
    switch report.event {
    case .begun:
      let known = waiting[Kind(report)]
      waiting[Kind(report)] = Waiting(
        count: (known?.count ?? 0) + 1, since: known?.since ?? now, input: max(known?.input ?? 0, report.input.count))
    case .firstToken(let milliseconds):
      hear(at: now)
      stopWaiting(report, at: now)
      learn(report, milliseconds, at: now)
    case .ended(let verdict):
      if !report.hasBegunToAnswer { stopWaiting(report, at: now) }
      end(report, verdict, at: now)
    case .notMade:
      breaker.takeBackProbe(at: report.begunAt)
      switch report.pace {
      case .streamed: streamed.takeBackRenewal(at: report.begunAt)
      case .whole: whole.takeBackRenewal(at: report.begunAt)
      }
    }
  }

  private mutating func learn(_ report: AttemptReport, _ milliseconds: Int64, at now: Instant) {
    let input = report.input.count
    switch report.pace {
    case .streamed:
      streamed.add(milliseconds, input: input, at: now)
      streamedBySize.add(milliseconds, input: input, at: now)
    case .whole:
      whole.add(milliseconds, input: input, at: now)
      wholeBySize.add(milliseconds, input: input, at: now)
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
    case .abandoned:
      // Who has answered others meanwhile was slow for this one.
      guard !hasAnswered(since: report.begunAt) else { return }
      if breaker.doubt(begunAt: report.begunAt, at: now) { outcomes.add(isFailure: true, at: now) }
    case .timedOut:
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

  private mutating func stopWaiting(_ report: AttemptReport, at now: Instant) {
    guard var known = waiting[Kind(report)] else { return }
    known.count -= 1
    known.since = now
    waiting[Kind(report)] = known.count > 0 ? known : nil
  }

  // MARK: What it means

  /// When it may be asked again; nil where it is not busy.
  func busyUntil(at now: Instant) -> Instant? { busy.flatMap { $0.until > now ? $0.until : nil } }

  /// Nothing has ever come back.
  var isUnused: Bool { heardAt == nil }

  /// Something came back since `instant`: whoever still waits is slow rather than lost.
  public func hasAnswered(since instant: Instant) -> Bool { heardAt.map { $0 > instant } ?? false }

  /// When it is tried again; nil while calls go there.
  public var probeDueAt: Instant? { breaker.dueAt }

  /// Milliseconds that the first sign of life of a call with so much input may take before another deployment is worth
  /// asking; nil where nothing is known of it.
  public func patience(_ pace: AnswerPace, input: TokenCount) -> Int64? {
    switch pace {
    case .streamed: streamedBySize.patience(pace, input: input.count)
    case .whole: wholeBySize.patience(pace, input: input.count)
    }
  }

  /// True where calls have been out for longer than patience lasts and nothing came back meanwhile. After a call was given
  /// up it takes a single one.
  func isSuspect(at now: Instant) -> Bool {
    if breaker.isDoubted, !waiting.isEmpty { return true }
    return waiting.contains { kind, waiting in
      guard let patience = patience(kind.pace, input: TokenCount(waiting.input)) else { return false }
      return now.millisecondsSince(max(waiting.since, heardAt ?? waiting.since)) > patience
    }
  }

  /// Of all calls, whatever their size.
  public func estimate(_ pace: AnswerPace) -> LatencyEstimate {
    switch pace {
    case .streamed: streamed
    case .whole: whole
    }
  }

  /// Milliseconds to expect; zero where that has to be learnt.
  func speed(_ pace: AnswerPace, at now: Instant) -> Double { estimate(pace).current(at: now) ?? 0 }

  /// A call is sent there: until it has answered nobody else need learn how fast it is. True where it is to learn that.
  mutating func renewEstimate(_ pace: AnswerPace, at now: Instant) -> Bool {
    switch pace {
    case .streamed: streamed.renew(at: now)
    case .whole: whole.renew(at: now)
    }
  }

  /// Attempts of the last five minutes that gave a verdict; those that were throttled are neither.
  public func recent(at now: Instant) -> (successes: Int, failures: Int) { outcomes.sums(at: now) }
}
