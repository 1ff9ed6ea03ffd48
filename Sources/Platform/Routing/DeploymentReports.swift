public import Core
import Storage

/// The page "Status": which deployments a company's resources can use, and how they answer. Rule N-3.
///
/// Accounts are not named: they are the operator's.
public struct DeploymentReports: Sendable {
  private let context: PlatformContext
  private let health: @Sendable (Deployment) -> DeploymentHealth
  private let deployments: @Sendable (ModelVersionID) -> [Deployment]

  /// - Parameters:
  ///   - routing: what calls have shown.
  ///   - deployments: those of a model at present.
  public init(
    _ context: PlatformContext, routing: RoutingTable, deployments: @escaping @Sendable (ModelVersionID) -> [Deployment]
  ) {
    self.init(context, health: { routing.health(of: $0) }, deployments: deployments)
  }

  init(
    _ context: PlatformContext, health: @escaping @Sendable (Deployment) -> DeploymentHealth,
    deployments: @escaping @Sendable (ModelVersionID) -> [Deployment]
  ) {
    self.context = context
    self.health = health
    self.deployments = deployments
  }

  /// ``PlatformError/forbidden(_:)`` for all but company admins.
  public func page(as caller: Caller) async throws -> DeploymentPage {
    let context = context
    let (company, resources) = try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .seeControlCenter, as: caller, context)
      let rows = context.controlCenter.rows(of: standing, at: standing.now(context.clock), catalog: context.catalog)
      return (CompanyView(standing.facts), rows.filter { $0.state.status.admitsCalls }.map(\.resource))
    }
    let now = context.clock.now()
    let users = users(of: resources)
    let rows = users.map { deployment, count in
      DeploymentRow(deployment, health(deployment), resources: count, catalog: context.catalog, at: now)
    }
    let unserved = context.catalog.models.filter { model in
      resources.contains { resource in
        resource.models.contains(model.id) && reach(of: model, from: resource).isEmpty
      }
    }
    return DeploymentPage(
      company: company, rows: rows.sorted { $0.order < $1.order }, unserved: unserved.map(\.displayName))
  }

  /// Each deployment in reach of some resource, and of how many.
  private func users(of resources: [Resource]) -> [Deployment: Int] {
    // Ten thousand resources are of few kinds.
    struct Kind: Hashable {
      let model: ModelVersionID
      let region: RegionID
      let isCrossRegion: Bool
    }
    var kinds: [Kind: Int] = [:]
    for resource in resources {
      for model in Set(resource.models) {
        kinds[Kind(model: model, region: resource.region, isCrossRegion: resource.isCrossRegion), default: 0] += 1
      }
    }
    var users: [Deployment: Int] = [:]
    for (kind, count) in kinds {
      guard let model = context.catalog.model(kind.model) else { continue }
      let reach = DeploymentReach.among(
        deployments(kind.model), of: model, from: kind.region, isCrossRegion: kind.isCrossRegion, in: context.catalog)
      for deployment in reach { users[deployment, default: 0] += count }
    }
    return users
  }

  private func reach(of model: ModelVersion, from resource: Resource) -> [Deployment] {
    DeploymentReach.among(
      deployments(model.id), of: model, from: resource.region, isCrossRegion: resource.isCrossRegion,
      in: context.catalog)
  }
}

/// The deployments of a company.
public struct DeploymentPage: Sendable {
  public let company: CompanyView
  /// By model and region.
  public let rows: [DeploymentRow]
  /// Models that resources have enabled and nobody answers.
  public let unserved: [String]
}

/// One deployment, without the name of its account.
public struct DeploymentRow: Sendable {
  public let model: String
  public let region: String
  public let provider: ProviderKind
  public let state: DeploymentState
  /// Usual milliseconds to the first token of a stream, or of a whole answer where nobody streams.
  public let timeToFirstToken: Int64?
  /// Attempts of the last five minutes.
  public let successes: Int
  public let failures: Int
  /// Resources of the company that can use it.
  public let resources: Int
  fileprivate let order: [String]

  init(_ deployment: Deployment, _ health: DeploymentHealth, resources: Int, catalog: Catalog, at now: Instant) {
    model = catalog.model(deployment.model)?.displayName ?? deployment.model.text
    region = catalog.region(deployment.region)?.displayName ?? deployment.region.text
    provider = deployment.provider
    state = health.state(at: now)
    let usual = health.estimate(.streamed).mean ?? health.estimate(.whole).mean
    timeToFirstToken = usual.map { Int64($0.rounded()) }
    (successes, failures) = health.recent(at: now)
    self.resources = resources
    order = [model, region, provider.rawValue, deployment.id.text]
  }
}

extension [String] {
  fileprivate static func < (a: Self, b: Self) -> Bool { a.lexicographicallyPrecedes(b) }
}
