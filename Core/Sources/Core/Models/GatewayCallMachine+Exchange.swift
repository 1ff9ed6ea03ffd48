/// What happens while a provider answers.
extension GatewayCallMachine {
  /// Milliseconds that a connection has to end once all of its answer has come, so that it can be used again.
  static let endMilliseconds: Int64 = 1_000

  mutating func proceed(
    _ exchange: Exchange, _ event: GatewayCallEvent, at now: Instant
  ) -> [GatewayCallAction] {
    var exchange = exchange
    if exchange.pending?.failure != nil, event.isOfUpstream {
      // The attempt it comes from is over.
      phase = .calling(exchange)
      return []
    }
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
      // All of the answer was there before the connection broke: the caller gets it, and pays what was reported.
      if exchange.hasWholeAnswer { return end(&exchange, at: now) }
      return upstreamFailed(&exchange, failure, at: now)
    case .upstreamRefused(let problem):
      return inexpressible(&exchange, problem, at: now)
    case .clientGone:
      exchange.clientGone = true
      phase = .calling(exchange)
      return []
    case .deadline:
      if exchange.hasWholeAnswer { return [.cancelUpstream] + end(&exchange, at: now) }
      let failure = UpstreamFailure(.timeout, "The provider did not finish the answer in time.")
      return exchange.end(.nothing) + [.cancelUpstream] + cutShort(exchange, failure, at: now)
    case .stopping:
      if exchange.hasWholeAnswer { return [.cancelUpstream] + end(&exchange, at: now) }
      return exchange.end(.nothing) + [.cancelUpstream] + cutShort(exchange, Self.stopping, at: now)
    case .waitedLong:
      return waitedLong(&exchange, at: now)
    case .reserved(let reservation):
      return reserved(&exchange, reservation, at: now)
    case .notReserved:
      return notReserved(&exchange, at: now)
    case .accepted, .admitted, .refused, .admissionWaits:
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
    if !exchange.preparation.call.isStreaming { exchange.meter.receive(unread: bytes.count) }
    do throws(UpstreamFailure) {
      let events = try exchange.decoder?.feed(bytes) ?? []
      let whole = exchange.decoder?.framesRead ?? 0
      guard let failure = heldFailure(&exchange) else { return pass(events, from: bytes, &exchange, at: now) }
      // What stood before it is metered and told, in the provider's own bytes up to what broke.
      let told = pass(events, from: bytes, frames: whole, &exchange, at: now)
      return told + [.cancelUpstream] + cutShort(exchange, failure, at: now)
    } catch {
      // Frames without an event may stand before what broke, and the last byte of one that has been metered.
      let whole = exchange.decoder?.framesRead ?? 0
      let told = exchange.headSent ? pass([], from: bytes, frames: whole, &exchange, at: now) : []
      return told + [.cancelUpstream] + cutShort(exchange, error, at: now)
    }
  }

  /// A decoder gives the events that stood before a failure, and the failure when it is asked again. It is asked at once:
  /// a provider that told an error may keep the connection open.
  private func heldFailure(_ exchange: inout Exchange) -> UpstreamFailure? {
    do throws(UpstreamFailure) {
      _ = try exchange.decoder?.feed([])
      return nil
    } catch {
      return error
    }
  }

  /// Meters events and hands their bytes on; `raw` are the provider's bytes that held them, whole, or up to the end of so
  /// many frames.
  private mutating func pass(
    _ events: [ModelEvent], from raw: [UInt8] = [], frames: Int? = nil, _ exchange: inout Exchange, at now: Instant
  ) -> [GatewayCallAction] {
    var bytes: [UInt8] = []
    if !exchange.clientGone {
      bytes = frames.map { exchange.encoder.relay(raw, frames: $0) } ?? exchange.encoder.relay(raw)
    }
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
    actions += exchange.firstToken(at: now)
    if !exchange.expectsEnd, exchange.hasWholeAnswer {
      exchange.expectsEnd = true
      actions.append(.expectEnd(milliseconds: Self.endMilliseconds))
    }
    phase = .calling(exchange)
    return actions
  }

  /// The provider's connection ended, well or after everything was there.
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
    actions += exchange.firstToken(at: now) + exchange.end(.works)
    phase = .over
    guard !exchange.clientGone else { return actions + [.finish] }
    // A whole answer's head may tell what the events brought, such as token counts; its last bytes repeat the head.
    if let head = takeHead(&exchange) { actions.append(.head(head)) }
    actions.append(.write(pending + exchange.encoder.finish(usage: exchange.spent + charge.usage)))
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

  /// Ends a call of which something may have been spent. Rule M-3: never zero, never a full refund.
  private mutating func cutShort(
    _ exchange: Exchange, _ failure: UpstreamFailure, at now: Instant
  ) -> [GatewayCallAction] {
    cutShort(exchange, .upstream(failure), at: now)
  }

  private mutating func cutShort(
    _ exchange: Exchange, _ failure: GatewayFailure, at now: Instant
  ) -> [GatewayCallAction] {
    let charge = exchange.meter.cutShort(exchange.admitted, metersOutput: exchange.preparation.call.metersOutput)
    return fail(exchange, failure, charged: charge, at: now)
  }

  private static let stopping = GatewayFailure.overloaded(
    message: "The server is stopping and could not finish the answer. Try the call again in a moment.", retryAfter: 5)

  /// Settles and tells the caller. `charged` nil means that nothing was spent.
  mutating func fail(
    _ exchange: Exchange, _ failure: GatewayFailure, charged: (usage: TokenUsage, isEstimated: Bool)?,
    at now: Instant
  ) -> [GatewayCallAction] {
    var exchange = exchange
    let status: UsageStatus = exchange.clientGone ? .disconnected : .failed
    let settle = GatewayCallAction.settle(entry(exchange, charged ?? (.zero, false), status, at: now))
    let told = exchange.end(exchange.clientGone ? .nothing : failure.verdict)
    phase = .over
    if exchange.clientGone { return told + [settle, .finish] }
    if exchange.headSent {
      return told + [settle, .write(codec.encodeMidStream(failure, requestID: requestID)), .finish]
    }
    let answer = codec.encode(failure, requestID: requestID)
    return told + [settle, .head(answer.head), .write(answer.body), .finish]
  }

  private func entry(
    _ exchange: Exchange, _ charge: (usage: TokenUsage, isEstimated: Bool), _ status: UsageStatus, at now: Instant
  ) -> UsageEntry {
    UsageEntry(
      call: exchange.admitted, servedRegion: exchange.deployment.region,
      usage: (exchange.spent + charge.usage).bounded, finishedAt: now,
      timeToFirstToken: exchange.meter.timeToFirstToken, status: status, attempts: exchange.attempts,
      isEstimated: charge.isEstimated || exchange.spent != .zero)
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

extension GatewayCallMachine.Exchange {
  /// The provider took the call on and nothing of its answer is missing.
  fileprivate var hasWholeAnswer: Bool { rejection == nil && isTakenOn && decoder?.isComplete == true }
}
