/// What happens while a provider answers.
extension GatewayCallMachine {
  mutating func proceed(
    _ exchange: Exchange, _ event: GatewayCallEvent, at now: Instant
  ) -> [GatewayCallAction] {
    var exchange = exchange
    switch event {
    case .upstreamHead(let status, let headers):
      return receiveHead(&exchange, status: status, headers: headers)
    case .upstreamBytes(let bytes):
      return receive(bytes, &exchange, at: now)
    case .modelEvents(let events):
      return pass(events, &exchange, at: now)
    case .upstreamEnd:
      return end(&exchange, at: now)
    case .upstreamFailed(let failure):
      return upstreamFailed(&exchange, failure, at: now)
    case .upstreamRefused(let problem):
      return fail(exchange, .invalid(problem), charged: nil, at: now)
    case .clientGone:
      exchange.clientGone = true
      phase = .calling(exchange)
      return []
    case .deadline:
      let failure = UpstreamFailure(.timeout, "The provider did not finish the answer in time.")
      return [.cancelUpstream] + cutShort(exchange, failure, at: now)
    case .accepted, .admitted, .refused:
      phase = .calling(exchange)
      return []
    }
  }

  private mutating func receiveHead(
    _ exchange: inout Exchange, status: Int, headers: [HTTPField]
  ) -> [GatewayCallAction] {
    if (200..<300).contains(status) {
      exchange.isTakenOn = true
      exchange.decoder?.head(status: status, headers: headers)
    } else {
      exchange.rejection = Rejection(status: status, headers: headers)
    }
    phase = .calling(exchange)
    return []
  }

  private mutating func receive(
    _ bytes: [UInt8], _ exchange: inout Exchange, at now: Instant
  ) -> [GatewayCallAction] {
    if exchange.rejection != nil {
      let room = Rejection.bodyLimit - (exchange.rejection?.body.count ?? 0)
      exchange.rejection?.body.append(contentsOf: bytes.prefix(max(0, room)))
      phase = .calling(exchange)
      return []
    }
    do throws(UpstreamFailure) {
      let events = try exchange.decoder?.feed(bytes) ?? []
      return pass(events, &exchange, at: now)
    } catch {
      return [.cancelUpstream] + cutShort(exchange, error, at: now)
    }
  }

  /// Meters events and hands their bytes on.
  private mutating func pass(
    _ events: [ModelEvent], _ exchange: inout Exchange, at now: Instant
  ) -> [GatewayCallAction] {
    var bytes: [UInt8] = []
    for event in events {
      exchange.meter.observe(event, at: now)
      if !exchange.clientGone { bytes.append(contentsOf: exchange.encoder.encode(event)) }
    }
    var actions: [GatewayCallAction] = []
    if exchange.preparation.call.isStreaming, let characters = exchange.meter.progressDue(at: now) {
      actions.append(.progress(outputCharacters: characters))
    }
    if !bytes.isEmpty {
      if let head = takeHead(&exchange) { actions.append(.head(head)) }
      actions.append(.write(bytes))
    }
    phase = .calling(exchange)
    return actions
  }

  private mutating func end(_ exchange: inout Exchange, at now: Instant) -> [GatewayCallAction] {
    if let rejection = exchange.rejection {
      return rejected(&exchange, rejection, at: now)
    }
    do throws(UpstreamFailure) {
      let last = try exchange.decoder?.finish() ?? []
      var bytes: [UInt8] = []
      for event in last {
        exchange.meter.observe(event, at: now)
        if !exchange.clientGone { bytes.append(contentsOf: exchange.encoder.encode(event)) }
      }
      return complete(&exchange, bytes, at: now)
    } catch {
      return cutShort(exchange, error, at: now)
    }
  }

  /// The answer is whole: settle, then let its last bytes go.
  private mutating func complete(
    _ exchange: inout Exchange, _ pending: [UInt8], at now: Instant
  ) -> [GatewayCallAction] {
    let metersOutput = exchange.preparation.call.metersOutput
    let charge = exchange.meter.completed(exchange.admitted, metersOutput: metersOutput)
    let status: UsageStatus = exchange.clientGone ? .disconnected : .completed
    var actions: [GatewayCallAction] = [.settle(entry(exchange, charge, status, at: now))]
    phase = .over
    guard !exchange.clientGone else { return actions + [.finish] }
    // A whole answer's head may tell what the events brought, such as token counts; its last bytes repeat the head.
    if let head = takeHead(&exchange) { actions.append(.head(head)) }
    actions.append(.write(pending + exchange.encoder.finish(usage: charge.usage)))
    actions.append(.finish)
    return actions
  }

  // MARK: Failures

  private mutating func rejected(
    _ exchange: inout Exchange, _ rejection: Rejection, at now: Instant
  ) -> [GatewayCallAction] {
    guard case .remote(let provider) = policy.provider(exchange.deployment),
      let outbound = try? provider.codec(for: exchange.preparation.call)
    else { return fail(exchange, .unexpected, charged: nil, at: now) }
    let failure = outbound.failure(status: rejection.status, headers: rejection.headers, body: rejection.body)
    return upstreamFailed(&exchange, failure, at: now)
  }

  /// Tries the next deployment where nothing has reached the caller and nothing can have been spent; otherwise the
  /// call ends here. Rules N-3, M-4.
  private mutating func upstreamFailed(
    _ exchange: inout Exchange, _ failure: UpstreamFailure, at now: Instant
  ) -> [GatewayCallAction] {
    let untouched =
      !exchange.isTakenOn && !exchange.headSent && !exchange.meter.hasReceivedOutput && !exchange.clientGone
    if untouched, failure.kind.allowsAnotherAttempt,
      exchange.attempts < exchange.preparation.selection.deployments.count
    {
      return dispatch(&exchange, at: now)
    }
    // An answer that is no success, even one that cannot be understood, reports no usage and costs nothing.
    let isRefusal = exchange.rejection != nil
    if untouched, failure.kind != .timeout, failure.kind != .garbled || isRefusal {
      return fail(exchange, .upstream(failure), charged: nil, at: now)
    }
    return cutShort(exchange, failure, at: now)
  }

  /// Ends a call of which something may have been spent. Rule M-3: never zero, never a full refund.
  private mutating func cutShort(
    _ exchange: Exchange, _ failure: UpstreamFailure, at now: Instant
  ) -> [GatewayCallAction] {
    let charge = exchange.meter.cutShort(exchange.admitted, metersOutput: exchange.preparation.call.metersOutput)
    return fail(exchange, .upstream(failure), charged: charge, at: now)
  }

  /// Settles and tells the caller. `charged` nil means that nothing was spent.
  mutating func fail(
    _ exchange: Exchange, _ failure: GatewayFailure, charged: (usage: TokenUsage, isEstimated: Bool)?,
    at now: Instant
  ) -> [GatewayCallAction] {
    let status: UsageStatus = exchange.clientGone ? .disconnected : .failed
    let settle = GatewayCallAction.settle(entry(exchange, charged ?? (.zero, false), status, at: now))
    phase = .over
    if exchange.clientGone { return [settle, .finish] }
    if exchange.headSent {
      return [settle, .write(codec.encodeMidStream(failure, requestID: requestID)), .finish]
    }
    let answer = codec.encode(failure, requestID: requestID)
    return [settle, .head(answer.head), .write(answer.body), .finish]
  }

  private func entry(
    _ exchange: Exchange, _ charge: (usage: TokenUsage, isEstimated: Bool), _ status: UsageStatus, at now: Instant
  ) -> UsageEntry {
    UsageEntry(
      call: exchange.admitted, servedRegion: exchange.deployment.region, usage: charge.usage, finishedAt: now,
      timeToFirstToken: exchange.meter.timeToFirstToken, status: status, attempts: exchange.attempts,
      isEstimated: charge.isEstimated)
  }

  private func takeHead(_ exchange: inout Exchange) -> AnswerHead? {
    guard !exchange.headSent else { return nil }
    exchange.headSent = true
    return exchange.streamHead ?? head(&exchange)
  }

  func head(_ exchange: inout Exchange) -> AnswerHead {
    var head = exchange.encoder.head(
      requestID: requestID, model: exchange.admitted.model, createdAt: exchange.admitted.admittedAt)
    if exchange.reservation.isLowered, let maxTokens = exchange.reservation.maxTokens {
      head.headers.append(HTTPField("x-packhouse-max-tokens", String(maxTokens)))
    }
    return head
  }
}

extension UpstreamFailure.Kind {
  /// Whether another deployment may be asked. A time-out may have been paid for, so it is not repeated.
  var allowsAnotherAttempt: Bool {
    switch self {
    case .connection, .throttled, .unavailable, .misconfigured: true
    case .timeout, .rejected, .garbled: false
    }
  }
}
