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
    var original: (any PassableRequest)?
    let selection: ModelSelection
    let bounds: CallBounds
    /// Who is asked first; nil once that has been done.
    var first: Attempt?
    var clientGone = false
  }

  /// What is known while a provider answers.
  struct Exchange: Sendable {
    var preparation: Preparation
    let admitted: AdmittedCall
    var reservation: Reservation
    var encoder: any AnswerEncoder
    var meter: UsageMeter
    /// The deployment that is being asked, and those in reach that have not been.
    var routed: RoutedDeployment
    var untried: [Deployment]
    /// Number of attempts made.
    var attempts = 0
    /// When the attempt that runs began.
    var begunAt: Instant
    /// The attempt went out and has no verdict yet.
    var isAttemptOpen = false
    var hasBegunToAnswer = false
    /// The next attempt, while its reservation is waited for.
    var pending: Pending?
    /// Others were in reach but it was too late to ask them, or the time of the call as a whole was over.
    var isOutOfTime = false
    /// How the attempt before failed.
    var lastFailure: UpstreamFailure?
    /// What earlier attempts are charged. Rule M-4.
    var spent = TokenUsage.zero
    var decoder: (any UpstreamDecoder)?
    var rejection: Rejection?
    /// The provider took the call on: from then on it may have been paid for, whatever becomes of the answer.
    var isTakenOn = false
    /// The head of a stream, which its encoder needs to know before the first event.
    var streamHead: AnswerHead?
    var headSent = false
    var clientGone = false
    /// The end of the connection is all that is waited for.
    var expectsEnd = false
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
      return prepare(request, target, at: now)
    case (.waitingForRequest, .refused(let failure)), (.waitingForAdmission, .refused(let failure)):
      return skipped(phase) + refuse(failure)
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
    case (.waitingForAdmission(var preparation), .admissionWaits):
      // Written again when its time comes: it holds the whole request a second time.
      preparation.first?.wording = .forgotten
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

  private mutating func prepare(
    _ request: InboundRequest, _ target: CallTarget, at now: Instant
  ) -> [GatewayCallAction] {
    var told: [GatewayCallAction] = []
    do throws(GatewayFailure) {
      let decoded = try decode(request)
      var selection = try able(ModelSelection(call: decoded.call, target: target, policy: policy), decoded)
      let bounds = try bounds(of: decoded, &selection)
      var candidates = selection.deployments
      let first = try choose(
        among: &candidates, for: Preparation.question(decoded, bounds), told: &told, at: now)
      selection = selection.limited(to: candidates)
      phase = .waitingForAdmission(
        Preparation(
          call: decoded.call, encoder: decoded.encoder, original: decoded.original, selection: selection,
          bounds: bounds, first: first))
      let deployment = first.routed.deployment
      return told + [.admit(AdmissionRequest(model: selection.model, deployment: deployment, bounds: bounds))]
    } catch {
      return told + refuse(error)
    }
  }

  private func decode(_ request: InboundRequest) throws(GatewayFailure) -> DecodedCall {
    do { return try codec.decode(request) } catch { throw .invalid(error) }
  }

  /// Where only the caller's own dialect can say all of the request, models of this process are out of reach: they speak
  /// none. Rule D-2.
  private func able(_ selection: ModelSelection, _ decoded: DecodedCall) throws(GatewayFailure) -> ModelSelection {
    guard let beyond = decoded.original?.beyondNeutral else { return selection }
    let able = selection.deployments.filter { deployment in
      if case .local = policy.provider(deployment) { false } else { true }
    }
    guard !able.isEmpty else { throw .invalid(beyond) }
    return selection.limited(to: able)
  }

  /// Checks the model's limits and bounds the call's cost. Rules F-3, U-5.
  private func bounds(
    of decoded: DecodedCall, _ selection: inout ModelSelection
  ) throws(GatewayFailure) -> CallBounds {
    let call = decoded.call
    let limits = selection.model.limits
    do {
      try policy.checkLimits(call, limits)
      let exact = try exactInput(of: decoded, &selection)
      if let exact, let most = limits.maxInputTokens, exact.count > Int64(most), limits.inputCounting == .exact {
        throw InvalidRequest("The input has \(exact.count) tokens; \(selection.model.displayName) takes \(most).")
      }
      return CallBounds(call: call, input: boundedInput(of: decoded, selection, exact), limits: limits)
    } catch let problem as InvalidRequest {
      throw .invalid(problem)
    } catch {
      throw .unexpected
    }
  }

  /// The input as a model of this process counts it that comes first; nil where that is a provider. A model of this
  /// process that cannot take the call is out of reach, where there are others.
  private func exactInput(
    of decoded: DecodedCall, _ selection: inout ModelSelection
  ) throws(InvalidRequest) -> TokenCount? {
    let call = decoded.call
    while case .local(let provider) = policy.provider(selection.deployments[0]) {
      do throws(InvalidRequest) {
        return try provider.countInput(of: call, upstreamModel: selection.deployments[0].upstreamModel)
      } catch {
        guard selection.deployments.count > 1 else { throw error }
        selection = selection.limited(to: Array(selection.deployments.dropFirst()))
      }
    }
    return nil
  }

  /// What the input can come to at most, whoever in reach answers: providers count in ways of their own. Rule U-5.
  private func boundedInput(of decoded: DecodedCall, _ selection: ModelSelection, _ exact: TokenCount?) -> TokenCount {
    let hasProvider = selection.deployments.contains { deployment in
      if case .local = policy.provider(deployment) { false } else { true }
    }
    if let exact, !hasProvider { return exact }
    let bound = InputBound.of(
      decoded.call, limits: selection.model.limits, uncountedBytes: uncountedBytes(of: decoded, selection))
    return max(bound, exact ?? .zero)
  }

  /// What a provider in reach may take as input beside what the neutral call holds: nothing where none of them gets the
  /// request as it came. Rules D-4, U-5.
  private func uncountedBytes(of decoded: DecodedCall, _ selection: ModelSelection) -> Int {
    guard let original = decoded.original, original.uncountedBytes > 0 else { return 0 }
    let passes = selection.deployments.contains { deployment in
      guard case .remote(let provider) = policy.provider(deployment),
        let outbound = try? provider.codec(for: decoded.call)
      else { return false }
      return outbound.passing(original, for: decoded.call, upstreamModel: deployment.upstreamModel) != nil
    }
    return passes ? original.uncountedBytes : 0
  }

  /// What routing hears of who was chosen for a call that is not admitted.
  private func skipped(_ phase: Phase) -> [GatewayCallAction] {
    guard case .waitingForAdmission(let preparation) = phase, let first = preparation.first else { return [] }
    return notMade(first, preparation)
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
    preparation.bound(reservation)
    guard let first = preparation.first else { return refuse(.unexpected) }
    // Not kept: it holds the whole request.
    preparation.first = nil
    var exchange = Exchange(
      preparation: preparation, admitted: call, reservation: reservation, encoder: preparation.encoder,
      meter: preparation.meter(of: call, reservation), routed: first.routed,
      untried: preparation.selection.deployments, begunAt: now)
    guard !preparation.clientGone else {
      exchange.clientGone = true
      return notMade(first, preparation) + fail(exchange, .unexpected, charged: nil, at: now)
    }
    return dispatch(first, &exchange, at: now)
  }

  /// Makes an attempt.
  mutating func dispatch(
    _ attempt: Attempt, _ exchange: inout Exchange, at now: Instant
  ) -> [GatewayCallAction] {
    let before = exchange.routed
    exchange.begin(attempt.routed, at: now)
    let deployment = exchange.deployment
    let call = exchange.preparation.call
    do throws(InvalidRequest) {
      switch try wording(of: attempt, call, exchange.preparation.original) {
      case .remote(let written):
        var request = written.request
        request.elapsedMilliseconds = exchange.elapsed(at: now)
        exchange.decoder = written.decoder
        exchange.encoder = written.encoder ?? exchange.encoder
        exchange.streamHead = call.isStreaming ? head(&exchange) : nil
        let begun = exchange.open()
        phase = .calling(exchange)
        return [
          begun,
          .open(UpstreamOpening(deployment: deployment, request: request, patience: attempt.routed.patience)),
        ]
      case .local:
        exchange.streamHead = call.isStreaming ? head(&exchange) : nil
        let begun = exchange.open()
        phase = .calling(exchange)
        return [begun, .run(call, deployment)]
      case .unavailable:
        let failure = UpstreamFailure(.misconfigured, "The provider account \(deployment.account) is not available.")
        return notMade(attempt, exchange.preparation) + upstreamFailed(&exchange, failure, at: now)
      case .forgotten:
        return notMade(attempt, exchange.preparation) + fail(exchange, .unexpected, charged: nil, at: now)
      }
    } catch {
      // Who can't be told is not asked: the entry tells the region of who was.
      exchange.routed = before
      return notMade(attempt, exchange.preparation) + inexpressible(&exchange, error, at: now)
    }
  }
}
