/// Who of several deployments is asked, by their health. Rules N-2, N-3.
///
/// In this order: a probe that is due, so that who recovered is found out; of those that work two at random and of these
/// the faster; then those that keep calls waiting, those that are busy, those that fail. Who answers nothing at all is
/// left out: a call to it costs a minute and its input.
public enum DeploymentOrder {
  enum Standing: Hashable, Sendable {
    case ready
    case probeDue
    /// Calls are out and nothing comes back, or one was given up and the next is out.
    case suspect
    case busy(until: Instant)
    case failing(dueAt: Instant, isSilent: Bool)
    /// Nothing came back from several attempts in a row.
    case silent(dueAt: Instant)
  }

  /// Decides among `choice.candidates`; `health` is changed by what is sent there. Nobody in `candidates`: refused.
  public static func decide(
    _ choice: DeploymentChoice, _ health: inout [DeploymentHealth], at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> RoutingDecision {
    precondition(health.count == choice.candidates.count, "each candidate has its health")
    let standings = health.map { standing(of: $0, at: now) }
    guard let place = place(choice, health, standings, at: now, using: &random) else {
      let due = standings.compactMap { standing in
        if case .silent(let dueAt) = standing { dueAt.millisecondsSince(now) } else { Int64?.none }
      }
      return .refuse(retryAfter: Int(max(1, ((due.min() ?? 1_000) + 999) / 1_000)))
    }
    var isTrial = false
    switch standings[place] {
    case .ready: isTrial = health[place].renewEstimate(choice.pace, at: now)
    case .probeDue:
      health[place].breaker.sendProbe(at: now)
      isTrial = true
    case .suspect, .busy, .failing, .silent: break
    }
    let hasOther = standings.indices.contains { $0 != place && standings[$0] == .ready }
    return .ask(
      RoutedDeployment(
        choice.candidates[place], isReady: standings[place] == .ready,
        patience: choice.isFirst && hasOther ? health[place].patience(choice.pace, input: choice.input) : nil,
        isTrial: isTrial))
  }

  static func standing(of health: DeploymentHealth, at now: Instant) -> Standing {
    switch health.breaker.state(at: now) {
    case .halfOpen: return .probeDue
    case .open(_, let dueAt):
      let silences = health.breaker.silences
      return silences >= RoutingRules.silencesToRefuse
        ? .silent(dueAt: dueAt) : .failing(dueAt: dueAt, isSilent: silences > 0)
    case .closed: break
    }
    if let until = health.busyUntil(at: now) { return .busy(until: until) }
    return health.isSuspect(at: now) ? .suspect : .ready
  }

  private static func place(
    _ choice: DeploymentChoice, _ health: [DeploymentHealth], _ standings: [Standing], at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> Int? {
    let ready = standings.indices.filter { standings[$0] == .ready }
    let probe = standings.firstIndex(of: .probeDue)
    if let probe, choice.isFirst || ready.isEmpty { return probe }
    if let faster = faster(of: ready, health, choice.pace, at: now, using: &random) { return faster }
    if let suspect = standings.firstIndex(of: .suspect) { return suspect }
    if let busy = soonest(standings, { if case .busy(let until) = $0 { until } else { nil } }) { return busy }
    return soonest(standings) { standing in
      // A call that another one failed already is not sent into a silence.
      guard case .failing(let dueAt, let isSilent) = standing, choice.isFirst || !isSilent else { return nil }
      return dueAt
    }
  }

  /// Two at random, and of these the faster: the fastest gets most calls without getting all of them at once.
  private static func faster(
    of ready: [Int], _ health: [DeploymentHealth], _ pace: AnswerPace, at now: Instant,
    using random: inout some RandomNumberGenerator
  ) -> Int? {
    guard ready.count > 1 else { return ready.first }
    let first = Int.random(in: 0..<ready.count, using: &random)
    var second = Int.random(in: 0..<(ready.count - 1), using: &random)
    if second >= first { second += 1 }
    let (a, b) = (ready[min(first, second)], ready[max(first, second)])
    return health[b].speed(pace, at: now) < health[a].speed(pace, at: now) ? b : a
  }

  private static func soonest(_ standings: [Standing], _ instant: (Standing) -> Instant?) -> Int? {
    standings.indices.compactMap { place in instant(standings[place]).map { (place, $0) } }
      .min { $0.1 < $1.1 }?.0
  }
}
