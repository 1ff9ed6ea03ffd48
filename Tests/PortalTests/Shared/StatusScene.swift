import Core
import TestSupport

@testable import Platform
@testable import Portal

/// Deployments of the local model in every state that there is.
struct StatusScene {
  enum Kind: Int, CaseIterable { case working, unused, slow, busy, notAnswering, recovering }

  let world: PortalWorld
  let count: Int

  /// `count` deployments, their states one after the other.
  init(_ world: PortalWorld, count: Int = Kind.allCases.count) {
    self.world = world
    self.count = count
  }

  var deployments: [Deployment] {
    (0..<count).map { number in
      Deployment(
        id: Identifier("account-\(number)/\(TestCatalog.extractive)"), model: TestCatalog.extractive,
        provider: number.isMultiple(of: 2) ? .openAICompatible : .bedrock, account: "account-\(number)",
        region: TestCatalog.local, upstreamModel: "secret-name-\(number)")
    }
  }

  var reports: DeploymentReports {
    let all = deployments
    let now = world.clock.now
    return DeploymentReports(
      world.platform.context,
      health: { deployment in
        let number = all.firstIndex(of: deployment) ?? 0
        return Self.health(Kind.allCases[number % Kind.allCases.count], deployment, at: now)
      }, deployments: { model in all.filter { $0.model == model } })
  }

  /// The portal of the world with these deployments.
  var portal: PortalServices {
    PortalServices(platform: world.platform, settings: world.portal.settings, deployments: reports)
  }

  private static func health(_ kind: Kind, _ deployment: Deployment, at now: Instant) -> DeploymentHealth {
    var health = DeploymentHealth()
    func take(_ event: AttemptReport.Event, secondsAgo: Int64) {
      let instant = now.adding(milliseconds: -1_000 * secondsAgo)
      health.take(
        AttemptReport(deployment: deployment, pace: .streamed, input: 100, begunAt: instant, event: event), at: instant)
    }
    switch kind {
    case .unused: break
    case .working, .slow:
      take(.firstToken(milliseconds: kind == .slow ? 1_240 : 340), secondsAgo: 20)
      take(.ended(.works), secondsAgo: 20)
    case .busy: take(.ended(.failed(.throttled, retryAfter: 90)), secondsAgo: 30)
    case .notAnswering: for _ in 0..<3 { take(.ended(.failed(.connection, retryAfter: nil)), secondsAgo: 0) }
    case .recovering: for _ in 0..<3 { take(.ended(.failed(.connection, retryAfter: nil)), secondsAgo: 60) }
    }
    return health
  }
}

extension ViewSamples {
  func status() async throws -> [Sample] {
    let all = try await StatusScene(world).reports.page(as: ada)
    let many = try await StatusScene(world, count: 60).reports.page(as: ada)
    let good = try await StatusScene(world, count: 2).reports.page(as: ada)
    let one = try await StatusScene(world, count: 1).reports.page(as: ada)
    let none = try await StatusScene(world, count: 0).reports.page(as: ada)
    func query(_ text: String) throws -> StatusQuery { StatusQuery(try FormFields(urlEncoded: text)) }
    return [
      sample(.status, StatusPage(all, try query(""))),
      sample(.status, StatusPage(many, try query("sort=model&order=descending&page=2"))),
      sample(.status, StatusPage(good, try query("sort=speed"))),
      sample(.status, StatusPage(one, try query(""))),
      sample(.status, StatusPage(none, try query(""))),
    ]
  }
}
