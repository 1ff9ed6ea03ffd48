import Core
import Dialects
import Gateway
import Hummingbird
import Logging
import Storage
import TestSupport

@testable import Platform

/// A gateway on a real database: one company with resources and keys of every state, and scripted providers.
struct Installation: Sendable {
  let database: Database
  let clock: ManualClock
  let feed: ChangeFeed
  let metering: Metering
  let upstream: ScriptedUpstream
  let services: GatewayServices
  private(set) var responder: any HTTPResponder<GatewayRequestContext>

  static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
  static let months = BundleMonths(activatedAt: Sample.start, zone: CompanyZone("Europe/Amsterdam")!)
  static let textResource = Sample.resourceID
  static let embedResource = ResourceID("embed00001")
  /// Has room for one call of 100 output tokens, and a little more.
  static let smallResource = ResourceID("small00001")
  static let localResource = ResourceID("local00001")

  /// Runs `body` on every engine.
  static func each(
    limits: CallLimits = .none, bodies: BodyLimits = GatewayLimits.bodies,
    _ body: (Installation) async throws -> Void
  ) async throws {
    try await TestDatabase.each { test in
      try await TemporaryFolder.with { folder in
        let installation = try await Installation(test.database, folder: folder, limits: limits, bodies: bodies)
        try await body(installation)
        await installation.metering.journal.close()
      }
    }
  }

  private init(_ database: Database, folder: String, limits: CallLimits, bodies: BodyLimits) async throws {
    self.database = database
    clock = ManualClock(Sample.start.adding(seconds: 3_600))
    upstream = ScriptedUpstream()
    let (wallClock, logger, upstream) = (clock.wallClock, Self.logger, upstream)
    try await Self.insertFacts(into: database, at: clock.now)
    metering = try await Metering.open(
      folder: folder, options: JournalOptions(), database: database, catalog: TestModels.catalog, clock: wallClock,
      random: .seeded(5), logger: logger, onFsyncFailure: { _ in })
    feed = ChangeFeed(database: database, clock: wallClock, logger: logger)
    let policy = CallPolicy(
      catalog: TestModels.catalog, deployments: Self.deployments, provider: { upstream.provider($0) },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) })
    services = GatewayServices(
      access: GatewayAccess(
        keys: KeyDirectory(database: database, feed: feed, clock: wallClock),
        resources: ResourceDirectory(database: database, feed: feed), clock: wallClock, logger: logger),
      driver: GatewayCallDriver(policy: policy, admission: metering.desk, clock: wallClock, logger: logger),
      catalog: TestModels.catalog, requestIDs: RequestIDSource(random: .seeded(6)), clock: wallClock, logger: logger,
      limits: limits, bodies: bodies)
    responder = GatewayRoutes.router(services).buildResponder()
    await feed.poll()
  }

  /// Remote models in two regions of one area, the other in the process.
  private static let deployments: @Sendable (ModelVersionID) -> [Deployment] = { model in
    if model == TestModels.local {
      return [deployment(model, .offline, TestModels.home)]
    }
    return [
      deployment(model, .openAICompatible, TestModels.frankfurt),
      deployment(model, .openAICompatible, TestModels.ireland),
    ]
  }

  private static func deployment(_ model: ModelVersionID, _ kind: ProviderKind, _ region: RegionID) -> Deployment {
    Deployment(
      id: Identifier("\(model)@\(region)"), model: model, provider: kind, account: region.text, region: region,
      upstreamModel: "upstream-\(model)")
  }

  private static func insertFacts(into database: Database, at now: Instant) async throws {
    try await Sample.insertCompany(into: database)
    try await database.write(locking: .company(Sample.companyID)) { transaction in
      let bought: [(Resource, Allowance)] = [
        (resource(embedResource, .embeddings, [TestModels.embed]), .plan(input: 1_000, output: nil)),
        (resource(smallResource, .text, [TestModels.sonnet], isCrossRegion: false), .plan(input: 5_000, output: 150)),
        (
          resource(localResource, .text, [TestModels.local], region: TestModels.home, isCrossRegion: false),
          .units(GenAIUnits(whole: 1))
        ),
      ]
      for (resource, allowance) in bought {
        try transaction.insert(
          resource,
          first: CapacityChange(
            resourceID: resource.id, capacity: .units(10), tokens: 10, allowance: allowance, effectiveAt: Sample.start))
        try transaction.append([Sample.ledgerEntry("entry-\(resource.id)", resource: resource.id)])
      }
      for key in TestKey.allCases { if let key = key.inserted(at: now) { try transaction.insert(key) } }
    }
    try await database.write { _ = try $0.revokeKey(TestKey.revoked.id, at: now) }
  }

  private static func resource(
    _ id: ResourceID, _ type: ResourceType, _ models: [ModelVersionID], region: RegionID = TestModels.frankfurt,
    isCrossRegion: Bool = true
  ) -> Resource {
    Resource(
      id: id, companyID: Sample.companyID, name: "Resource \(id)", type: type, environment: .test, region: region,
      isCrossRegion: isCrossRegion, models: models, defaultModel: models.first,
      createdFor: PersonReference(name: "Ada", email: "ada@acme.example"), provisionedAt: Sample.start)
  }
}

extension Installation {
  /// The same installation behind other routes.
  func answering(with responder: any HTTPResponder<GatewayRequestContext>) -> Installation {
    var installation = self
    installation.responder = responder
    return installation
  }

  /// Everything that is settled for a resource, after it was applied.
  func entries(of resource: ResourceID = textResource) async throws -> [UsageEntry] {
    _ = await metering.applier.applyPending()
    return try await database.read { try $0.usageEntries(of: resource, limit: 1_000) }
  }

  /// What running calls hold of a resource's allowance.
  func reserved(of resource: ResourceID = textResource) -> Consumption {
    metering.book.running(of: resource, at: clock.now)
  }
}
