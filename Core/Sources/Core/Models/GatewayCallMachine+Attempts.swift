/// Attempts at deployments: who is asked, what follows a failure or a long silence, and what is told of each. Rules N-2,
/// N-3, M-4.
extension GatewayCallMachine {
  /// Who of `candidates` is asked; nobody where none of them has answered anything of late.
  func route(
    _ candidates: [Deployment], for call: ModelCall, isFirst: Bool, at now: Instant
  ) throws(GatewayFailure) -> RoutedDeployment {
    switch policy.routing.decide(DeploymentChoice(candidates, pace: call.pace, isFirst: isFirst), at: now) {
    case .ask(let routed): return routed
    case .refuse(let seconds):
      throw .upstream(
        UpstreamFailure(
          .unavailable, "No provider of this model has answered for a while. Try again in \(seconds) s.",
          retryAfter: seconds))
    }
  }

  /// Asks another deployment where nothing has reached the caller and what was spent is known: nothing, or the input of
  /// an attempt that timed out. Otherwise the call ends here. Rules N-3, M-4.
  mutating func upstreamFailed(
    _ exchange: inout Exchange, _ failure: UpstreamFailure, at now: Instant
  ) -> [GatewayCallAction] {
    let told = exchange.end(exchange.clientGone ? .nothing : AttemptVerdict(failure))
    exchange.lastFailure = failure
    let charge = charge(for: failure, of: exchange)
    guard exchange.mayAskAnother(after: failure, at: now), let next = next(exchange, at: now) else {
      return told + fail(exchange, .upstream(failure), charged: charge, at: now)
    }
    guard let charge else { return told + dispatch(next, &exchange, at: now) }
    return told + [reserveAgain(&exchange, Exchange.Pending(next: next, charge: charge.usage, failure: failure))]
  }

  /// A provider cannot express what was asked. Told where it is the first; another one's failure matters more than that.
  /// Rule D-2.
  mutating func inexpressible(
    _ exchange: inout Exchange, _ problem: InvalidRequest, at now: Instant
  ) -> [GatewayCallAction] {
    guard let failure = exchange.lastFailure else { return fail(exchange, .invalid(problem), charged: nil, at: now) }
    exchange.attempts -= 1
    guard let next = next(exchange, at: now) else {
      return fail(exchange, .upstream(failure), charged: nil, at: now)
    }
    return dispatch(next, &exchange, at: now)
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

  private func next(_ exchange: Exchange, at now: Instant) -> RoutedDeployment? {
    guard !exchange.untried.isEmpty else { return nil }
    return try? route(exchange.untried, for: exchange.preparation.call, isFirst: false, at: now)
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
    phase = .calling(exchange)
    guard exchange.mayGiveUp(at: now) else { return [.waitOn(patience: nil)] }
    if policy.routing.hasAnswered(exchange.deployment, since: exchange.begunAt) {
      return [.waitOn(patience: exchange.routed.patience)]
    }
    guard let next = next(exchange, at: now), next.isReady else { return [.waitOn(patience: nil)] }
    let charge = exchange.meter.cutShort(exchange.admitted, metersOutput: exchange.preparation.call.metersOutput)
    return [reserveAgain(&exchange, Exchange.Pending(next: next, charge: charge.usage, failure: nil))]
  }

  mutating func reserved(
    _ exchange: inout Exchange, _ reservation: Reservation, at now: Instant
  ) -> [GatewayCallAction] {
    phase = .calling(exchange)
    guard let pending = exchange.pending else { return [] }
    exchange.pending = nil
    var actions: [GatewayCallAction] = []
    if pending.failure == nil {
      guard exchange.mayGiveUp(at: now) else {
        phase = .calling(exchange)
        return []
      }
      actions = exchange.end(.abandoned) + [.cancelUpstream]
      exchange.lastFailure = UpstreamFailure(.timeout, "The provider did not answer in time.")
    }
    exchange.spent = exchange.spent + pending.charge
    exchange.hold(reservation)
    guard !exchange.clientGone else { return actions + fail(exchange, .unexpected, charged: nil, at: now) }
    return actions + dispatch(pending.next, &exchange, at: now)
  }

  /// The attempt does not fit and is not made.
  mutating func notReserved(_ exchange: inout Exchange, at now: Instant) -> [GatewayCallAction] {
    let pending = exchange.pending
    exchange.pending = nil
    if let pending, let failure = pending.failure {
      return fail(exchange, .upstream(failure), charged: (pending.charge, true), at: now)
    }
    phase = .calling(exchange)
    return pending == nil ? [] : [.waitOn(patience: nil)]
  }
}

extension GatewayCallMachine.Exchange {
  /// An attempt that waits for its reservation.
  struct Pending: Sendable {
    let next: RoutedDeployment
    /// What the attempt before it is charged.
    let charge: TokenUsage
    /// How that one failed; nil where it is still out and would be given up.
    let failure: UpstreamFailure?
  }

  var deployment: Deployment { routed.deployment }

  /// Nothing of an answer has come, and nobody has left.
  var isUntouched: Bool { !isTakenOn && !headSent && !meter.hasReceivedOutput && !clientGone }

  func mayAskAnother(after failure: UpstreamFailure, at now: Instant) -> Bool {
    // A stream that was taken on and fell silent before its first byte may be asked for elsewhere, at its known price.
    let isSilent = failure.kind == .timeout && !headSent && !meter.hasReceivedOutput && !clientGone
    return (isUntouched || isSilent) && failure.kind.allowsAnotherAttempt && isInTime(at: now)
  }

  /// Whether the attempt that runs may be given up for another one: once a call.
  func mayGiveUp(at now: Instant) -> Bool {
    isAttemptOpen && attempts == 1 && isUntouched && rejection == nil && isInTime(at: now)
  }

  private func isInTime(at now: Instant) -> Bool {
    now.millisecondsSince(admitted.admittedAt) < RoutingRules.attemptsWindow
  }

  /// Another attempt begins.
  mutating func begin(_ routed: RoutedDeployment, at now: Instant) {
    attempts += 1
    self.routed = routed
    untried.removeAll { $0 == routed.deployment }
    begunAt = now
    hasBegunToAnswer = false
    rejection = nil
    isTakenOn = false
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
        deployment: deployment, pace: preparation.call.pace, begunAt: begunAt, hasBegunToAnswer: hasBegunToAnswer,
        event: event))
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

extension UpstreamFailure.Kind {
  /// Whether another deployment may be asked. Rule N-3.
  var allowsAnotherAttempt: Bool {
    switch self {
    case .connection, .timeout, .throttled, .unavailable, .misconfigured: true
    case .rejected, .garbled: false
    }
  }
}
