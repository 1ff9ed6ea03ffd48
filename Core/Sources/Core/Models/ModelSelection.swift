/// Which version and which deployments answer a call. Pure; every refusal says what would have been right.
struct ModelSelection: Sendable {
  let model: ModelVersion
  /// In reach, in the order of the configuration; never empty.
  private(set) var deployments: [Deployment]

  /// Rules D-3, K-2, N-2.
  init(call: ModelCall, target: CallTarget, policy: CallPolicy) throws(GatewayFailure) {
    let resource = target.resource
    guard resource.type == call.resourceType else {
      throw .wrongType(of: resource)
    }
    guard let model = Self.version(named: call.model, on: resource, in: policy.catalog) else {
      throw .notFound(message: Self.unknownModel(call.model, on: resource))
    }
    let deployments = DeploymentReach.among(
      policy.deployments(model.id), of: model, from: resource.region, isCrossRegion: resource.isCrossRegion,
      in: policy.catalog)
    guard !deployments.isEmpty else {
      throw .upstream(UpstreamFailure(.misconfigured, Self.unserved(model, for: resource)))
    }
    self.model = model
    self.deployments = deployments
  }

  /// The same version at some of its deployments; at least one.
  func limited(to deployments: [Deployment]) -> ModelSelection {
    var limited = self
    limited.deployments = deployments
    return limited
  }

  private static func version(named name: String?, on resource: Resource, in catalog: Catalog) -> ModelVersion? {
    guard let name, !name.isEmpty else {
      return (resource.defaultModel ?? resource.models.first).flatMap { catalog.model($0) }
    }
    return catalog.model(named: name, among: resource.models)
  }

  private static func unserved(_ model: ModelVersion, for resource: Resource) -> String {
    if model.upstreamModels[ProviderKind.offline.rawValue] != nil {
      return "\(model.displayName) is built in, but its weights are not on this server. Its operator can fetch them "
        + "with scripts/fetch-models.sh and start the server with --models."
    }
    return "No provider account of this installation serves \(model.displayName) for region \(resource.region). "
      + "Its operator can add one to the providers file."
  }

  private static func unknownModel(_ name: String?, on resource: Resource) -> String {
    let enabled = resource.models.map(\.text).joined(separator: ", ")
    guard let name else { return "The resource \"\(resource.name)\" has no default model. Enabled are: \(enabled)." }
    let shown = name.prefix(100).filter { !$0.isNewline }
    return "The model \"\(shown)\" is not enabled on the resource \"\(resource.name)\". Enabled are: \(enabled)."
  }
}

extension GatewayFailure {
  /// A key of `resource` on a route for keys of another type: names the key's own and the right route. Rule K-2.
  public static func wrongType(of resource: Resource) -> GatewayFailure {
    let right =
      switch resource.type {
      case .text: "POST /v1/chat/completions or /resources/\(resource.id)/converse"
      case .embeddings: "POST /v1/embeddings or /resources/\(resource.id)/invoke"
      case .knowledgeBase: "/resources/\(resource.id)/knowledge-bases"
      }
    return .notFound(
      message: "This key belongs to the \(resource.type.words) \"\(resource.name)\". Use it with \(right).")
  }
}

extension ModelCall {
  /// The type of resource that such a call needs.
  var resourceType: ResourceType {
    switch self {
    case .chat: .text
    case .embed: .embeddings
    }
  }

  /// Output is metered for text only. Rule U-3.
  var metersOutput: Bool {
    switch self {
    case .chat: true
    case .embed: false
    }
  }
}

extension ResourceType {
  /// How sentences name it.
  public var words: String {
    switch self {
    case .text: "text generation resource"
    case .embeddings: "embeddings resource"
    case .knowledgeBase: "knowledge base"
    }
  }
}
