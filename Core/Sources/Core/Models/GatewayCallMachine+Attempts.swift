/// Attempts at deployments: who is asked, what follows a failure or a long silence, and what is told of each. Rules N-2,
/// N-3, M-4.
extension GatewayCallMachine {
  /// Asks another deployment where nothing has reached the caller and what was spent is known: nothing, or the input of
  /// an attempt that timed out. Otherwise the call ends here. Rules N-3, M-4.
  mutating func upstreamFailed(
    _ exchange: inout Exchange, _ failure: UpstreamFailure, at now: Instant
  ) -> [GatewayCallAction] {
    let verdict = AttemptVerdict(failure, isAnswer: exchange.rejection != nil)
    var told = exchange.end(exchange.clientGone ? .nothing : verdict)
    exchange.lastFailure = failure
    if exchange.attempts > 1, exchange.age(at: now) >= timeouts(exchange.deployment)?.total ?? .max {
      exchange.isOutOfTime = true
    }
    let charge = charge(for: failure, of: exchange)
    guard exchange.mayAskAnother(after: failure), let next = next(&exchange, told: &told, at: now) else {
      var final = exchange.isOutOfTime ? failure.outOfTime(after: exchange.age(at: now)) : failure
      if exchange.isUntouched { final = untilProbe(final, among: exchange.preparation.selection, at: now) }
      return told + fail(exchange, .upstream(final), charged: charge, at: now)
    }
    guard let charge else { return told + dispatch(next, &exchange, at: now) }
    return told + [reserveAgain(&exchange, Exchange.Pending(next: next, charge: charge.usage, failure: failure))]
  }

  /// A provider cannot express what was asked, which only the bound of the output or a model of this process can bring to
  /// light so late. Another one is asked; where there is none, another one's failure matters more than that. Rule D-2.
  mutating func inexpressible(
    _ exchange: inout Exchange, _ problem: InvalidRequest, at now: Instant
  ) -> [GatewayCallAction] {
    if !exchange.isAttemptOpen { exchange.attempts -= 1 }
    var told = exchange.end(.nothing)
    guard exchange.isUntouched else { return told + fail(exchange, .invalid(problem), charged: nil, at: now) }
    guard let next = next(&exchange, told: &told, at: now) else {
      let failure = exchange.lastFailure.map { GatewayFailure.upstream($0) } ?? .invalid(problem)
      return told + fail(exchange, failure, charged: nil, at: now)
    }
    return told + dispatch(next, &exchange, at: now)
  }

  /// What an attempt costs that failed like this; nil where it costs nothing. Rule M-4.
  private func charge(
    for failure: UpstreamFailure, of exchange: Exchange
  ) -> (usage: TokenUsage, isEstimated: Bool)? {
    // An answer that is no success, even one that cannot be understood, reports no usage and costs nothing, whether or not
    // the caller is still there.
    guard exchange.rejection == nil else { return nil }
    let isUnspent = !exchange.isTakenOn && !exchange.meter.hasReceivedOutput
    if isUnspent, failure.kind != .timeout, failure.kind != .garbled { return nil }
    return exchange.meter.cutShort(exchange.admitted, metersOutput: exchange.preparation.call.metersOutput)
  }

  /// Who is asked next; nobody where the time is over or none of the others can be asked.
  private func next(
    _ exchange: inout Exchange, told: inout [GatewayCallAction], at now: Instant
  ) -> Attempt? {
    guard !exchange.untried.isEmpty else { return nil }
    let age = exchange.age(at: now)
    exchange.untried.removeAll { age >= RoutingRules.attemptsWindow || !hasTime(for: $0, after: age) }
    if exchange.untried.isEmpty { exchange.isOutOfTime = true }
    let preparation = exchange.preparation
    let question = Question(
      call: preparation.call, original: preparation.original, input: preparation.bounds.input, isFirst: false)
    return try? choose(among: &exchange.untried, for: question, told: &told, at: now)
  }

  /// Whether enough of the total time is left for another attempt: a share of it, and more than a connection may take. An
  /// attempt whose time is over before it has a connection would be charged as one that was sent. Rules M-4, N-3.
  private func hasTime(for deployment: Deployment, after age: Int64) -> Bool {
    guard let timeouts = timeouts(deployment) else { return true }
    let left = timeouts.total - age
    return left >= timeouts.total / RoutingRules.leastShare && left > timeouts.connect
  }

  /// How long a call may take there, all attempts together; nil in this process. Rule N-4.
  private func timeouts(_ deployment: Deployment) -> ProviderTimeouts? {
    guard case .remote(let provider) = policy.provider(deployment) else { return nil }
    return provider.transport.timeouts
  }

  /// What is told of a connection that could not be made where nobody in reach has answered of late: the caller is to
  /// come back when somebody is tried again. Rule F-2.
  private func untilProbe(
    _ failure: UpstreamFailure, among selection: ModelSelection, at now: Instant
  ) -> UpstreamFailure {
    guard failure.kind == .connection,
      let seconds = policy.routing.secondsToProbe(selection.deployments, at: now)
    else { return failure }
    return UpstreamFailure(.unavailable, "\(failure.message) Try again in \(seconds) s.", retryAfter: seconds)
  }

  /// Each attempt reserves before it is made, beside what earlier ones may have cost. Rule M-4.
  private mutating func reserveAgain(_ exchange: inout Exchange, _ pending: Exchange.Pending) -> GatewayCallAction {
    exchange.pending = pending
    phase = .calling(exchange)
    return .reserveAgain(
      AttemptRequest(
        call: exchange.admitted, bounds: exchange.preparation.bounds, spent: exchange.spent + pending.charge))
  }

  // MARK: Silence

  /// Nothing has come for longer than is usual there. Where the deployment has answered nobody else either and another
  /// one works, that one is asked. Rule N-3.
  mutating func waitedLong(_ exchange: inout Exchange, at now: Instant) -> [GatewayCallAction] {
    defer { phase = .calling(exchange) }
    guard exchange.mayGiveUp else { return [.waitOn(patience: nil)] }
    if policy.routing.hasAnswered(exchange.deployment, since: exchange.begunAt) {
      return [.waitOn(patience: exchange.routed.patience)]
    }
    var told: [GatewayCallAction] = []
    guard let next = next(&exchange, told: &told, at: now) else { return told + [.waitOn(patience: nil)] }
    guard next.routed.isReady else {
      return told + notMade(next, exchange.preparation) + [.waitOn(patience: nil)]
    }
    let charge = exchange.meter.cutShort(exchange.admitted, metersOutput: exchange.preparation.call.metersOutput)
    return told + [reserveAgain(&exchange, Exchange.Pending(next: next, charge: charge.usage, failure: nil))]
  }

  mutating func reserved(
    _ exchange: inout Exchange, _ reservation: Reservation, at now: Instant
  ) -> [GatewayCallAction] {
    phase = .calling(exchange)
    guard let pending = exchange.pending else { return [] }
    exchange.pending = nil
    var actions: [GatewayCallAction] = []
    if pending.failure == nil {
      guard exchange.mayGiveUp else {
        phase = .calling(exchange)
        return notMade(pending.next, exchange.preparation)
      }
      actions = exchange.end(.abandoned) + [.cancelUpstream]
      exchange.lastFailure = UpstreamFailure(.timeout, "The provider did not answer in time.")
    }
    exchange.spent = exchange.spent + pending.charge
    exchange.hold(reservation)
    guard !exchange.clientGone else {
      return actions + notMade(pending.next, exchange.preparation)
        + fail(exchange, .unexpected, charged: nil, at: now)
    }
    return actions + dispatch(pending.next, &exchange, at: now)
  }

  /// The attempt does not fit and is not made.
  mutating func notReserved(_ exchange: inout Exchange, at now: Instant) -> [GatewayCallAction] {
    guard let pending = exchange.pending else {
      phase = .calling(exchange)
      return []
    }
    exchange.pending = nil
    let told = notMade(pending.next, exchange.preparation)
    if let failure = pending.failure {
      return told + fail(exchange, .upstream(failure), charged: (pending.charge, true), at: now)
    }
    phase = .calling(exchange)
    return told + [.waitOn(patience: nil)]
  }
}

extension GatewayCallMachine.Exchange {
  /// An attempt that waits for its reservation.
  struct Pending: Sendable {
    let next: GatewayCallMachine.Attempt
    /// What the attempt before it is charged.
    let charge: TokenUsage
    /// How that one failed; nil where it is still out and would be given up.
    let failure: UpstreamFailure?
  }

  var deployment: Deployment { routed.deployment }

  /// Nothing of an answer has come, and nobody has left.
  var isUntouched: Bool { !isTakenOn && !headSent && !meter.hasReceivedOutput && !clientGone }

  func mayAskAnother(after failure: UpstreamFailure) -> Bool {
    // A stream that was taken on and fell silent before its first byte may be asked for elsewhere, at its known price.
    let isSilent = failure.kind == .timeout && !headSent && !meter.hasReceivedOutput && !clientGone
    return (isUntouched || isSilent) && failure.kind.allowsAnotherAttempt
  }

  /// Whether the attempt that runs may be given up for another one: once a call.
  var mayGiveUp: Bool { isAttemptOpen && attempts == 1 && isUntouched && rejection == nil }

  /// Milliseconds since admission.
  func age(at now: Instant) -> Int64 { max(0, now.millisecondsSince(admitted.admittedAt)) }

  /// Milliseconds that attempts before this one took.
  func elapsed(at now: Instant) -> Int64 { attempts > 1 ? age(at: now) : 0 }

  /// Another attempt begins.
  mutating func begin(_ routed: RoutedDeployment, at now: Instant) {
    attempts += 1
    self.routed = routed
    untried.removeAll { $0 == routed.deployment }
    begunAt = now
    hasBegunToAnswer = false
    rejection = nil
    isTakenOn = false
    expectsEnd = false
    decoder = nil
    encoder = preparation.encoder
  }

  /// Takes what is held from now on; the provider is asked for no more. Rule U-5.
  mutating func hold(_ reservation: Reservation) {
    self.reservation = reservation
    preparation.bound(reservation)
    meter = preparation.meter(of: admitted, reservation)
  }

  // MARK: Reports

  private func report(_ event: AttemptReport.Event) -> GatewayCallAction {
    .report(
      AttemptReport(
        deployment: deployment, pace: preparation.call.pace, input: preparation.bounds.input, begunAt: begunAt,
        hasBegunToAnswer: hasBegunToAnswer, event: event))
  }

  /// The attempt goes out.
  mutating func open() -> GatewayCallAction {
    isAttemptOpen = true
    return report(.begun)
  }

  /// The first token, once.
  mutating func firstToken(at now: Instant) -> [GatewayCallAction] {
    guard isAttemptOpen, !hasBegunToAnswer, meter.timeToFirstToken != nil else { return [] }
    defer { hasBegunToAnswer = true }
    return [report(.firstToken(milliseconds: now.millisecondsSince(begunAt)))]
  }

  /// The verdict, once for each attempt that went out.
  mutating func end(_ verdict: AttemptVerdict) -> [GatewayCallAction] {
    guard isAttemptOpen else { return [] }
    isAttemptOpen = false
    return [report(.ended(verdict))]
  }
}

extension GatewayCallMachine.Preparation {
  /// Whatever the caller left open is bounded upstream as it was reserved here. Rule U-5.
  mutating func bound(_ reservation: Reservation) {
    guard case .chat(var chat) = call else { return }
    chat.inference.maxTokens = reservation.maxTokens ?? chat.inference.maxTokens
    call = .chat(chat)
  }

  func meter(of admitted: AdmittedCall, _ reservation: Reservation) -> UsageMeter {
    UsageMeter(
      startedAt: admitted.admittedAt, milliCharactersPerToken: selection.model.limits.milliCharactersPerToken,
      mostOutput: reservation.maxTokens.map { TokenCount($0) })
  }
}

extension UpstreamFailure {
  /// The same where others could have been asked, but the call has taken too long for that. Rule N-3.
  func outOfTime(after milliseconds: Int64) -> UpstreamFailure {
    let kind: Kind = kind == .throttled || kind == .unavailable ? kind : .timeout
    return UpstreamFailure(
      kind, "\(message) No other provider is asked, because the call has taken \(milliseconds / 1_000) s already.",
      retryAfter: retryAfter)
  }
}

extension UpstreamFailure.Kind {
  /// Whether another deployment may be asked. Rule N-3.
  var allowsAnotherAttempt: Bool {
    switch self {
    case .connection, .timeout, .throttled, .unavailable, .misconfigured: true
    case .rejected, .garbled: false
    }
  }
}
