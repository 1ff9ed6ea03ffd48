/// Who is asked, and in what words: before anything is reserved or given up for a deployment, its request is written, so
/// that nobody is asked for what they cannot express. Rules D-1, D-2, N-2, F-3.
extension GatewayCallMachine {
  /// A deployment that is to be asked, and what it is asked.
  struct Attempt: Sendable {
    let routed: RoutedDeployment
    let chosenAt: Instant
    var wording: Wording
  }

  /// How a call is put to a deployment.
  enum Wording: Sendable {
    case remote(WrittenRequest)
    /// The model runs in this process and takes the call as it is.
    case local
    /// Its account is not there.
    case unavailable
    /// Written once, and forgotten while the call waited. Rule L-1.
    case forgotten
  }

  /// A request in a provider's words, with what reads and writes its answer.
  struct WrittenRequest: Sendable {
    var request: UpstreamRequest
    let decoder: any UpstreamDecoder
    /// Relays the provider's bytes, where the call passes through.
    let encoder: (any AnswerEncoder)?
    /// The bound of the output that stands in it.
    let maxTokens: Int?
  }

  /// What is to be put to somebody.
  struct Question: Sendable {
    let call: ModelCall
    let original: (any PassableRequest)?
    let input: TokenCount
    let isFirst: Bool
  }

  /// Chooses among `candidates` until one is found that can express the call; those that cannot are taken out. Where none
  /// can, that is the caller's to mend. `told` gets what routing is to hear of those that were chosen in vain.
  ///
  /// One request is written where the first choice can express the call, however many candidates there are.
  func choose(
    among candidates: inout [Deployment], for question: Question, told: inout [GatewayCallAction], at now: Instant
  ) throws(GatewayFailure) -> Attempt {
    let all = candidates
    var problems: [Deployment: InvalidRequest] = [:]
    while !candidates.isEmpty {
      let routed = try route(candidates, for: question, at: now)
      do throws(InvalidRequest) {
        let wording = try wording(of: question.call, question.original, for: routed.deployment)
        return Attempt(routed: routed, chosenAt: now, wording: wording)
      } catch {
        told += notMade(routed, question.call, question.input, chosenAt: now)
        problems[routed.deployment] = error
        candidates.removeAll { $0 == routed.deployment }
      }
    }
    // The first in the order of the configuration, so that the same call is always told the same.
    for deployment in all {
      if let problem = problems[deployment] { throw .invalid(problem) }
    }
    throw .unexpected
  }

  /// Who of `candidates` is asked; nobody where none of them has answered anything of late.
  private func route(
    _ candidates: [Deployment], for question: Question, at now: Instant
  ) throws(GatewayFailure) -> RoutedDeployment {
    let choice = DeploymentChoice(
      candidates, pace: question.call.pace, input: question.input, isFirst: question.isFirst)
    switch policy.routing.decide(choice, at: now) {
    case .ask(let routed): return routed
    case .refuse(let seconds):
      throw .upstream(
        UpstreamFailure(
          .unavailable, "No provider of this model has answered for a while. Try again in \(seconds) s.",
          retryAfter: seconds))
    }
  }

  /// The request as it came where the provider speaks its dialect, otherwise written from the neutral call. Rule D-1.
  func wording(
    of call: ModelCall, _ original: (any PassableRequest)?, for deployment: Deployment
  ) throws(InvalidRequest) -> Wording {
    let upstreamModel = deployment.upstreamModel
    switch policy.provider(deployment) {
    case .remote(let provider):
      let outbound = try provider.codec(for: call)
      if let passed = original.flatMap({ outbound.passing($0, for: call, upstreamModel: upstreamModel) }) {
        return .remote(
          WrittenRequest(
            request: passed.request, decoder: passed.decoder ?? outbound.decoder(for: call), encoder: passed.encoder,
            maxTokens: call.maxTokens))
      }
      if let beyond = original?.beyondNeutral { throw beyond }
      return .remote(
        WrittenRequest(
          request: try outbound.request(for: call, upstreamModel: upstreamModel),
          decoder: outbound.decoder(for: call), encoder: nil, maxTokens: call.maxTokens))
    case .local:
      if let beyond = original?.beyondNeutral { throw beyond }
      return .local
    case nil: return .unavailable
    }
  }

  /// The wording of `attempt` as it was written, unless another bound has been reserved since, or it was forgotten. Rule
  /// U-5.
  func wording(
    of attempt: Attempt, _ call: ModelCall, _ original: (any PassableRequest)?
  ) throws(InvalidRequest) -> Wording {
    switch attempt.wording {
    case .local, .unavailable: return attempt.wording
    case .remote(let written) where written.maxTokens == call.maxTokens: return attempt.wording
    case .remote, .forgotten: return try wording(of: call, original, for: attempt.routed.deployment)
    }
  }

  /// Tells that who was chosen is not asked after all, where somebody waits to hear of it.
  func notMade(_ attempt: Attempt, _ preparation: Preparation) -> [GatewayCallAction] {
    notMade(attempt.routed, preparation.call, preparation.bounds.input, chosenAt: attempt.chosenAt)
  }

  private func notMade(
    _ routed: RoutedDeployment, _ call: ModelCall, _ input: TokenCount, chosenAt: Instant
  ) -> [GatewayCallAction] {
    guard routed.isTrial else { return [] }
    return [
      .report(
        AttemptReport(
          deployment: routed.deployment, pace: call.pace, input: input, begunAt: chosenAt, event: .notMade))
    ]
  }
}

extension GatewayCallMachine.Preparation {
  /// The call as it is most likely reserved: what was asked for, or what the catalog sets in its place.
  static func question(
    _ decoded: DecodedCall, _ bounds: CallBounds
  ) -> GatewayCallMachine.Question {
    GatewayCallMachine.Question(
      call: bounds.metersOutput ? decoded.call.bounded(bounds.askedMaxTokens) : decoded.call,
      original: decoded.original, input: bounds.input, isFirst: true)
  }
}

extension ModelCall {
  /// The most output tokens that it asks for; nil where it leaves that open, or has no output.
  var maxTokens: Int? {
    switch self {
    case .chat(let request): request.inference.maxTokens
    case .embed: nil
    }
  }

  /// The same call with that bound.
  func bounded(_ maxTokens: Int) -> ModelCall {
    guard case .chat(var chat) = self else { return self }
    chat.inference.maxTokens = maxTokens
    return .chat(chat)
  }
}
