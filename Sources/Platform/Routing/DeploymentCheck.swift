public import Core

/// Asks one deployment for a single token and says in words how it went. Rule N-5.
///
/// What that costs is on the operator's account at the provider; no resource is charged.
public struct DeploymentCheck: Sendable {
  /// How long one check may take.
  public static let patience = Duration.seconds(30)
  static let mostAnswerBytes = 1 << 20

  private let catalog: Catalog
  private let provider: @Sendable (Deployment) -> ModelProvider?
  private let patience: Duration

  public init(_ policy: CallPolicy) { self.init(policy, patience: Self.patience) }

  init(_ policy: CallPolicy, patience: Duration) {
    catalog = policy.catalog
    provider = policy.provider
    self.patience = patience
  }

  /// Checks `deployments`, a few at a time; the findings are in their order.
  public func findings(of deployments: [Deployment], requestIDs: RequestIDSource) async -> [DeploymentFinding] {
    await withTaskGroup(of: (Int, DeploymentFinding).self) { group in
      var found: [Int: DeploymentFinding] = [:]
      for (place, deployment) in deployments.enumerated() {
        if place >= Self.atOnce, let (done, finding) = await group.next() { found[done] = finding }
        let id = requestIDs.next()
        group.addTask { (place, await finding(of: deployment, requestID: id)) }
      }
      for await (done, finding) in group { found[done] = finding }
      return deployments.indices.compactMap { found[$0] }
    }
  }

  private static let atOnce = 4

  func finding(of deployment: Deployment, requestID: RequestID) async -> DeploymentFinding {
    let begin = ContinuousClock.now
    let outcome = await outcome(of: deployment, requestID)
    let took = ContinuousClock.now - begin
    return DeploymentFinding(
      deployment, outcome, milliseconds: Int64(took / .milliseconds(1)))
  }

  private func outcome(of deployment: Deployment, _ requestID: RequestID) async -> DeploymentFinding.Outcome {
    let patience = patience
    return await withTaskGroup(of: DeploymentFinding.Outcome.self) { group in
      group.addTask { await ask(deployment, requestID) }
      group.addTask {
        try? await Task.sleep(for: patience)
        return .failed(UpstreamFailure(.timeout, "It did not answer within \(patience.components.seconds) s."), nil)
      }
      defer { group.cancelAll() }
      return await group.next() ?? .works
    }
  }

  private func ask(_ deployment: Deployment, _ requestID: RequestID) async -> DeploymentFinding.Outcome {
    guard let model = catalog.model(deployment.model) else {
      return .failed(UpstreamFailure(.misconfigured, "The catalog has no model \(deployment.model)."), nil)
    }
    let call = Self.smallest(model)
    do {
      switch provider(deployment) {
      case .remote(let provider): return try await Self.exchange(call, with: provider, deployment, requestID)
      case .local(let provider):
        for try await _ in provider.events(for: call, upstreamModel: deployment.upstreamModel) {}
        return .works
      case nil: return .failed(UpstreamFailure(.misconfigured, "The provider account is not available."), nil)
      }
    } catch let failure as UpstreamFailure {
      return .failed(failure, nil)
    } catch let problem as InvalidRequest {
      return .failed(UpstreamFailure(.misconfigured, problem.message), nil)
    } catch {
      return .failed(UpstreamFailure(.connection, "The connection to the provider failed."), nil)
    }
  }

  private static func smallest(_ model: ModelVersion) -> ModelCall {
    let word = Sensitive("Hello")
    guard model.type == .text else { return .embed(EmbedRequest(inputs: [word], inputType: "search_query")) }
    return .chat(
      ChatRequest(
        messages: [Message(role: .user, content: [.text(word)])], inference: InferenceParameters(maxTokens: 1)))
  }

  private static func exchange(
    _ call: ModelCall, with provider: any RemoteProvider, _ deployment: Deployment, _ requestID: RequestID
  ) async throws -> DeploymentFinding.Outcome {
    let codec = try provider.codec(for: call)
    let request = try codec.request(for: call, upstreamModel: deployment.upstreamModel)
    let answer = try await provider.transport.open(request, requestID: requestID)
    var body: [UInt8] = []
    for try await piece in answer.body {
      body += piece
      guard body.count <= mostAnswerBytes else {
        throw UpstreamFailure(.garbled, "The answer to a call for one token is longer than \(mostAnswerBytes) bytes.")
      }
    }
    guard (200..<300).contains(answer.status) else {
      return .failed(codec.failure(status: answer.status, headers: answer.headers, body: body), answer.status)
    }
    var decoder = codec.decoder(for: call)
    decoder.head(status: answer.status, headers: answer.headers)
    _ = try decoder.feed(body)
    _ = try decoder.finish()
    return .works
  }
}

/// How a deployment answered a call for one token.
public struct DeploymentFinding: Codable, Hashable, Sendable {
  enum Outcome: Sendable {
    case works
    /// With the status of the answer, where there was one.
    case failed(UpstreamFailure, Int?)
  }

  public let deployment: String
  public let model: String
  public let account: String
  public let kind: String
  public let region: String
  /// The model's name at the provider.
  public let upstreamModel: String
  public let works: Bool
  /// What is wrong; nil where nothing is.
  public let problem: String?
  /// What mends it.
  public let remedy: String?
  public let milliseconds: Int64?

  init(_ deployment: Deployment, _ outcome: Outcome, milliseconds: Int64?) {
    self.init(deployment, words: outcome.words(of: deployment), milliseconds: milliseconds)
  }

  /// One that was not asked at all, because `problem` is known.
  public init(unasked deployment: Deployment, problem: String, remedy: String) {
    self.init(deployment, words: (problem, remedy), milliseconds: nil)
  }

  private init(_ deployment: Deployment, words: (problem: String, remedy: String)?, milliseconds: Int64?) {
    self.deployment = deployment.id.text
    model = deployment.model.text
    account = deployment.account
    kind = deployment.provider.rawValue
    region = deployment.region.text
    upstreamModel = deployment.upstreamModel
    works = words == nil
    problem = words?.problem
    remedy = words?.remedy
    self.milliseconds = milliseconds
  }
}

extension DeploymentFinding.Outcome {
  fileprivate func words(of deployment: Deployment) -> (problem: String, remedy: String)? {
    guard case .failed(let failure, let status) = self else { return nil }
    let name = deployment.upstreamModel
    switch status {
    case 401?:
      return (
        "The provider does not accept the credentials (401).",
        "Check that the key is whole, belongs to this service and has not expired or been revoked."
      )
    case 403?:
      return (
        "The provider does not let these credentials use \(name) (403).",
        "Give the account access to the model in \(deployment.region). Where every model of the account is refused, check "
          + "the key itself: some providers answer 403 to one that they do not know."
      )
    case 404?:
      return (
        "The provider has no model \(name) there (404).",
        "Correct the name under models of the account, its region, or the address of its endpoint."
      )
    case 429?:
      return (
        "The provider answers, but wants fewer calls at the moment (429).",
        "Try again later; where it stays, ask the provider for a higher quota."
      )
    case let status?: return ("\(failure.message) (\(status))", failure.kind.remedy)
    case nil: return (failure.message, failure.kind.remedy)
    }
  }
}

extension UpstreamFailure.Kind {
  fileprivate var remedy: String {
    switch self {
    case .connection:
      "Check the address of the endpoint, the name servers, the firewall and proxies of this machine, and whether the "
        + "provider is up."
    case .timeout: "Check the firewall of this machine and whether the provider is up; a large model may take longer."
    case .throttled: "Try again later; where it stays, ask the provider for a higher quota."
    case .unavailable: "The provider says that it is out of order: look at its own status page."
    case .rejected: "Check that the account's kind fits the server, and that the model takes such calls."
    case .misconfigured: "Correct the account in the providers file, or its stored secret."
    case .garbled: "Check that the account's kind fits the server: what answers there speaks another dialect."
    }
  }
}
