public import Core
public import Logging

/// Tells how many input tokens a call has, without making it: nothing is reserved, nothing is charged, and no usage entry
/// is written. Rules D-3, F-3.
///
/// Exact where the model runs in this process or its provider has a counter. Where none has, or none answers, the
/// caller gets what is likely, marked as an estimate: an application that plans its prompt is better off with that than
/// with an error. Only a call that the provider itself calls wrong is refused.
public struct TokenCounting: Sendable {
  /// How many counters are asked for one call.
  static let mostAttempts = 2
  /// How long one counter is waited for.
  static let usualPatience = Duration.seconds(10)
  /// A counter's answer is a number.
  static let mostAnswerBytes = 65_536

  private let policy: CallPolicy
  private let clock: WallClock
  private let logger: Logger
  private let patience: Duration
  private let reading: BodyReading

  public init(policy: CallPolicy, clock: WallClock, logger: Logger) {
    self.init(policy: policy, clock: clock, logger: logger, patience: Self.usualPatience)
  }

  init(
    policy: CallPolicy, clock: WallClock, logger: Logger, patience: Duration = usualPatience,
    reading: BodyReading = BodyReading()
  ) {
    self.policy = policy
    self.clock = clock
    self.logger = logger
    self.patience = patience
    self.reading = reading
  }

  /// Answers an application's question in its dialect.
  public func answer(
    _ request: InboundRequest, from caller: GatewayCaller, codec: any InboundTokenCountCodec, requestID: RequestID
  ) async -> WholeAnswer {
    do throws(GatewayFailure) {
      let counted = try await reading.read(request.body) { () -> Result<CountedCall, InvalidRequest> in
        do throws(InvalidRequest) { return .success(try codec.decode(request)) } catch { return .failure(error) }
      }.mapError { GatewayFailure.invalid($0) }.get()
      let caller = try await caller.renewed(at: clock.now())
      let target = CallTarget(resource: caller.resource, payer: caller.payer)
      let plan = try CountPlan(counted, target: target, policy: policy)
      return codec.encode(try await count(plan, requestID: requestID), requestID: requestID)
    } catch {
      return codec.encode(error, requestID: requestID)
    }
  }

  /// Counts the input of one call. Throws where the call itself is wrong.
  public func count(_ plan: CountPlan, requestID: RequestID) async throws(GatewayFailure) -> InputCount {
    let call = plan.counted.call
    var attempts = 0
    // What only one dialect can say is counted by those who speak it, or it is refused as the call would be. Rule D-2.
    var inexpressible = plan.counted.original?.beyondNeutral
    for deployment in plan.deployments where attempts < Self.mostAttempts {
      switch policy.provider(deployment) {
      case .local(let provider):
        guard inexpressible == nil else { continue }
        return try Self.count(call, by: provider, deployment)
      case .remote(let provider):
        guard let counter = provider.tokenCounter(for: call),
          let question = try Self.question(plan.counted, to: counter, deployment)
        else { continue }
        inexpressible = nil
        attempts += 1
        switch await ask(provider, question, counter, requestID) {
        case .success(let tokens): return InputCount(tokens, isEstimated: false)
        case .failure(let failure) where failure.kind == .rejected: throw .upstream(failure)
        case .failure(let failure): note(failure, deployment, requestID)
        }
      case nil: continue
      }
    }
    if let inexpressible { throw .invalid(inexpressible) }
    return plan.estimate
  }

  private static func count(
    _ call: ModelCall, by provider: any LocalProvider, _ deployment: Deployment
  ) throws(GatewayFailure) -> InputCount {
    do throws(InvalidRequest) {
      return InputCount(
        try provider.countInput(of: call, upstreamModel: deployment.upstreamModel), isEstimated: false)
    } catch {
      throw .invalid(error)
    }
  }

  /// The question as it came where the provider speaks its dialect, otherwise written from the neutral call; nil where
  /// neither says all of it. Rule D-1.
  private static func question(
    _ counted: CountedCall, to counter: any TokenCountCodec, _ deployment: Deployment
  ) throws(GatewayFailure) -> UpstreamRequest? {
    let model = deployment.upstreamModel
    if let passed = counted.original.flatMap({ counter.passing($0, upstreamModel: model) }) { return passed }
    guard counted.original?.beyondNeutral == nil else { return nil }
    do { return try counter.request(for: counted.call, upstreamModel: model) } catch { throw .invalid(error) }
  }

  // MARK: Asking

  private func ask(
    _ provider: any RemoteProvider, _ question: UpstreamRequest, _ counter: any TokenCountCodec, _ requestID: RequestID
  ) async -> Result<TokenCount, UpstreamFailure> {
    let patience = patience
    return await withTaskGroup(of: Result<TokenCount, UpstreamFailure>.self) { group in
      group.addTask {
        do throws(UpstreamFailure) {
          return .success(try await Self.exchange(provider, question, counter, requestID))
        } catch {
          return .failure(error)
        }
      }
      group.addTask {
        try? await Task.sleep(for: patience)
        return .failure(UpstreamFailure(.timeout, "The provider did not count in time."))
      }
      defer { group.cancelAll() }
      return await group.next() ?? .failure(UpstreamFailure(.timeout, "The provider did not count in time."))
    }
  }

  private static func exchange(
    _ provider: any RemoteProvider, _ question: UpstreamRequest, _ counter: any TokenCountCodec, _ requestID: RequestID
  ) async throws(UpstreamFailure) -> TokenCount {
    let answer = try await provider.transport.open(question, requestID: requestID)
    let body = try await wholeBody(of: answer)
    guard (200..<300).contains(answer.status) else {
      throw counter.failure(status: answer.status, headers: answer.headers, body: body)
    }
    return try counter.count(in: body)
  }

  private static func wholeBody(of answer: UpstreamAnswer) async throws(UpstreamFailure) -> [UInt8] {
    var body: [UInt8] = []
    do {
      for try await piece in answer.body {
        guard body.count + piece.count <= mostAnswerBytes else {
          throw UpstreamFailure(.garbled, "The provider's answer is longer than \(mostAnswerBytes) bytes.")
        }
        body += piece
      }
    } catch let failure as UpstreamFailure {
      throw failure
    } catch {
      throw UpstreamFailure(.connection, "The connection to the provider failed.")
    }
    return body
  }

  private func note(_ failure: UpstreamFailure, _ deployment: Deployment, _ requestID: RequestID) {
    logger.notice(
      "a provider did not count; the answer is an estimate unless another does",
      metadata: [
        "request": "\(requestID)", "account": "\(deployment.account)", "reason": "\(failure.kind.rawValue)",
      ])
  }
}

extension GatewayCallDriver {
  /// Counts the input of calls that this driver could run.
  public var tokenCounting: TokenCounting {
    TokenCounting(policy: policy, clock: clock, logger: logger, reading: reading)
  }
}
