/// One call of an application, from its request to its settlement: takes what happened, gives what to do.
///
/// Pure and synchronous, so that any shell (a task, a channel handler, a test) can drive it. Whatever happens, an
/// admitted call is settled exactly once, and before its last byte leaves (rule M-1).
///
/// Life: `accepted` leads to `admit`; `admitted` to `open` or `run`; the provider's events to `head` and `write`; every
/// way out passes one `settle`.
public struct GatewayCallMachine: Sendable {
  public let requestID: RequestID
  let codec: any InboundCodec
  let policy: CallPolicy
  var phase: Phase = .waitingForRequest

  enum Phase: Sendable {
    case waitingForRequest
    case waitingForAdmission(Preparation)
    case calling(Exchange)
    case over
  }

  /// What is known before admission.
  struct Preparation: Sendable {
    var call: ModelCall
    let encoder: any AnswerEncoder
    let selection: ModelSelection
    var clientGone = false
  }

  /// What is known while a provider answers.
  struct Exchange: Sendable {
    var preparation: Preparation
    let admitted: AdmittedCall
    let reservation: Reservation
    var encoder: any AnswerEncoder
    var meter: UsageMeter
    /// Number of attempts made; the current deployment is the one before it.
    var attempts = 0
    var decoder: (any UpstreamDecoder)?
    var rejection: Rejection?
    /// The provider took the call on: from then on it may have been paid for, whatever becomes of the answer.
    var isTakenOn = false
    /// The head of a stream, which its encoder needs to know before the first event.
    var streamHead: AnswerHead?
    var headSent = false
    var clientGone = false

    var deployment: Deployment { preparation.selection.deployments[max(0, attempts - 1)] }
  }

  /// An answer of the provider that is not 2xx, while its body arrives.
  struct Rejection: Sendable {
    static let bodyLimit = 65_536
    let status: Int
    let headers: [HTTPField]
    var body: [UInt8] = []
  }

  public init(requestID: RequestID, codec: any InboundCodec, policy: CallPolicy) {
    self.requestID = requestID
    self.codec = codec
    self.policy = policy
  }

  public var dialect: Dialect { codec.dialect }

  /// True once nothing more will be done.
  public var isOver: Bool { if case .over = phase { true } else { false } }

  /// Takes what happened at `now` and gives what to do, in order.
  public mutating func handle(_ event: GatewayCallEvent, at now: Instant) -> [GatewayCallAction] {
    switch (phase, event) {
    case (.waitingForRequest, .accepted(let request, let target)):
      return prepare(request, target)
    case (.waitingForRequest, .refused(let failure)), (.waitingForAdmission, .refused(let failure)):
      return refuse(failure)
    case (.waitingForAdmission(let preparation), .admitted(let call, let reservation)):
      return begin(preparation, call, reservation, at: now)
    case (.waitingForRequest, .clientGone):
      phase = .over
      return []
    case (.waitingForAdmission(var preparation), .clientGone):
      // The admission cannot be called back: what it reserves has still to be settled.
      preparation.clientGone = true
      phase = .waitingForAdmission(preparation)
      return []
    case (.calling(let exchange), _):
      // Moved out, so that the buffers inside are changed in place rather than copied.
      phase = .over
      return proceed(exchange, event, at: now)
    default:
      return []
    }
  }

  // MARK: Before admission

  private mutating func prepare(_ request: InboundRequest, _ target: CallTarget) -> [GatewayCallAction] {
    do throws(GatewayFailure) {
      let decoded = try decode(request)
      let selection = try ModelSelection(call: decoded.call, target: target, policy: policy)
      let bounds = try bounds(of: decoded.call, selection)
      phase = .waitingForAdmission(
        Preparation(call: decoded.call, encoder: decoded.encoder, selection: selection))
      return [
        .admit(AdmissionRequest(model: selection.model, deployment: selection.deployments[0], bounds: bounds))
      ]
    } catch {
      return refuse(error)
    }
  }

  private func decode(_ request: InboundRequest) throws(GatewayFailure) -> DecodedCall {
    do { return try codec.decode(request) } catch { throw .invalid(error) }
  }

  /// Checks the model's limits and bounds the call's cost. Rules F-3, U-5.
  private func bounds(of call: ModelCall, _ selection: ModelSelection) throws(GatewayFailure) -> CallBounds {
    let limits = selection.model.limits
    do {
      try policy.checkLimits(call, limits)
      let input = try countedInput(of: call, selection)
      if let most = limits.maxInputTokens, input.count > Int64(most), limits.inputCounting == .exact {
        throw InvalidRequest("The input has \(input.count) tokens; \(selection.model.displayName) takes \(most).")
      }
      return CallBounds(call: call, input: input, limits: limits)
    } catch let problem as InvalidRequest {
      throw .invalid(problem)
    } catch {
      throw .unexpected
    }
  }

  private func countedInput(of call: ModelCall, _ selection: ModelSelection) throws(InvalidRequest) -> TokenCount {
    let deployment = selection.deployments[0]
    if case .local(let provider) = policy.provider(deployment) {
      return try provider.countInput(of: call, upstreamModel: deployment.upstreamModel)
    }
    return InputBound.of(call, limits: selection.model.limits)
  }

  mutating func refuse(_ failure: GatewayFailure) -> [GatewayCallAction] {
    phase = .over
    let answer = codec.encode(failure, requestID: requestID)
    return [.head(answer.head), .write(answer.body), .finish]
  }

  // MARK: Dispatch

  private mutating func begin(
    _ preparation: Preparation, _ call: AdmittedCall, _ reservation: Reservation, at now: Instant
  ) -> [GatewayCallAction] {
    var preparation = preparation
    if case .chat(var chat) = preparation.call {
      // Whatever the caller left open is bounded upstream as it was reserved here. Rule U-5.
      chat.inference.maxTokens = reservation.maxTokens ?? chat.inference.maxTokens
      preparation.call = .chat(chat)
    }
    var exchange = Exchange(
      preparation: preparation, admitted: call, reservation: reservation, encoder: preparation.encoder,
      meter: UsageMeter(
        startedAt: call.admittedAt,
        milliCharactersPerToken: preparation.selection.model.limits.milliCharactersPerToken,
        mostOutput: reservation.maxTokens.map { TokenCount($0) }))
    guard !preparation.clientGone else {
      exchange.clientGone = true
      return fail(exchange, .unexpected, charged: nil, at: now)
    }
    return dispatch(&exchange, at: now)
  }

  /// Makes the next attempt.
  mutating func dispatch(_ exchange: inout Exchange, at now: Instant) -> [GatewayCallAction] {
    exchange.attempts += 1
    exchange.rejection = nil
    exchange.isTakenOn = false
    exchange.encoder = exchange.preparation.encoder
    exchange.streamHead = exchange.preparation.call.isStreaming ? head(&exchange) : nil
    let deployment = exchange.deployment
    let call = exchange.preparation.call
    do throws(InvalidRequest) {
      switch policy.provider(deployment) {
      case .remote(let provider):
        let outbound = try provider.codec(for: call)
        let request = try outbound.request(for: call, upstreamModel: deployment.upstreamModel)
        exchange.decoder = outbound.decoder(for: call)
        phase = .calling(exchange)
        return [.open(UpstreamOpening(deployment: deployment, request: request))]
      case .local:
        phase = .calling(exchange)
        return [.run(call, deployment)]
      case nil:
        let failure = UpstreamFailure(.misconfigured, "The provider account \(deployment.account) is not available.")
        return fail(exchange, .upstream(failure), charged: nil, at: now)
      }
    } catch {
      return fail(exchange, .invalid(error), charged: nil, at: now)
    }
  }
}
