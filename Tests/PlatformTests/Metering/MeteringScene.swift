import Core
import Dialects
import Logging
import Storage
import TestSupport

@testable import Platform

/// One text resource whose calls run through the real desk, journal and database to a provider made up for the test.
struct MeteringScene {
  let database: Database
  let metering: Metering
  let clock: WallClock
  let driver: GatewayCallDriver
  let caller: GatewayCaller

  static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
  static let zone = CompanyZone("Europe/Amsterdam")!
  static let months = BundleMonths(activatedAt: Sample.start, zone: zone)

  /// - Parameters:
  ///   - folder: of the journal.
  ///   - transport: what the provider answers.
  ///   - drain: where answers end that no request waits for; nobody runs it unless the test does.
  ///   - wait: returns so many milliseconds later.
  init(
    _ database: Database, folder: String, clock: WallClock, allowance: Allowance, transport: any UpstreamTransport,
    keyLimit: GenAIUnits? = nil, options: JournalOptions = JournalOptions(), drain: AnswerDrain = AnswerDrain(),
    stop: StopNotice = StopNotice(),
    wait: @escaping @Sendable (Int64) async -> Void = { try? await Task.sleep(for: .milliseconds($0)) }
  ) async throws {
    self.database = database
    self.clock = clock
    metering = try await Self.open(database, folder: folder, clock: clock, options: options)
    driver = GatewayCallDriver(
      policy: Self.policy(transport), admission: metering.desk, clock: clock, logger: Self.logger, drain: drain,
      stop: stop, wait: wait)
    caller = Self.caller(allowance: allowance, keyLimit: keyLimit, at: clock.now())
  }

  static func open(
    _ database: Database, folder: String, clock: WallClock, options: JournalOptions = JournalOptions()
  ) async throws -> Metering {
    try await Metering.open(
      folder: folder, options: options, database: database, catalog: SmallCatalog.catalog, clock: clock,
      random: .seeded(11), logger: logger, onFsyncFailure: { _ in })
  }

  static func policy(_ transport: any UpstreamTransport) -> CallPolicy {
    CallPolicy(
      catalog: SmallCatalog.catalog,
      deployments: { model in
        [
          Deployment(
            id: Identifier("fake"), model: model, provider: .openAICompatible, account: "fake", region: Sample.region,
            upstreamModel: model.text)
        ]
      },
      provider: { _ in .remote(FakeProvider(transport: transport)) },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) })
  }

  /// The holder of a key of the sample's resource; `allowance` stands in the place of what was bought.
  static func caller(
    key: KeyID = Sample.keyID, region: RegionID = Sample.region, allowance: Allowance, keyLimit: GenAIUnits? = nil,
    at now: Instant
  ) -> GatewayCaller {
    let sample = Sample.resource()
    let resource = Resource(
      id: sample.id, companyID: sample.companyID, name: sample.name, type: sample.type,
      environment: sample.environment, region: region, isCrossRegion: sample.isCrossRegion, models: sample.models,
      defaultModel: sample.defaultModel, createdFor: sample.createdFor, provisionedAt: sample.provisionedAt)
    return GatewayCaller(
      key: ResourceKey(
        id: key, resourceID: resource.id, description: "Test key", secretHash: [], createdBy: nil,
        createdAt: Sample.start, monthlyLimit: keyLimit),
      snapshot: ResourceSnapshot(
        company: Sample.company(), zone: zone, months: months,
        state: ResourceState(
          resource: resource, status: .active,
          capacity: CapacityChange(
            resourceID: resource.id, capacity: .units(10), tokens: 10, allowance: allowance,
            effectiveAt: resource.provisionedAt),
          tokens: 10, bundleMonth: months.month(containing: now), revision: resource.provisionedAt)))
  }

  var monthStart: Instant { Self.months.month(containing: clock.now()).start }

  /// Settled and reserved as admission sees them; zero before the first call.
  var standing: (settled: Consumption, reserved: Consumption) {
    metering.book.standing(of: Sample.resourceID, monthStart: monthStart) ?? (.zero, .zero)
  }

  /// One chat call; `nil` for `write` takes the whole answer.
  func chat(
    _ id: String, maxTokens: Int? = 100, isStreaming: Bool = false, from caller: GatewayCaller? = nil
  ) async -> GatewayAnswer {
    let limit = maxTokens.map { ",\"max_tokens\":\($0)" } ?? ""
    let body = #"{"messages":[{"role":"user","content":"Hello"}],"stream":\#(isStreaming)\#(limit)}"#
    let request = InboundRequest(
      method: "POST", path: "/v1/chat/completions", headers: [], body: Sensitive(Array(body.utf8)))
    return await driver.answer(
      request, from: caller ?? self.caller, codec: OpenAIChatInbound(), requestID: RequestID(id))
  }

  /// Everything that was applied for the resource.
  func entries() async throws -> [UsageEntry] {
    try await database.read { try $0.usageEntries(of: Sample.resourceID, limit: 10_000) }
  }

  func close() async { await metering.journal.close() }
}

/// Runs a scenario on every engine, with the sample company in a database and a folder of its own.
func withSampleCompany(_ body: (_ database: Database, _ folder: String) async throws -> Void) async throws {
  try await TestDatabase.each { test in
    try await Sample.insertCompany(into: test.database)
    try await TemporaryFolder.with { folder in try await body(test.database, folder) }
  }
}

extension WallClock {
  /// Goes on by itself from the sample's start, for what waits in real time.
  static func running() -> WallClock {
    let origin = ContinuousClock.now
    return WallClock {
      Sample.start.adding(milliseconds: Int64((ContinuousClock.now - origin) / .milliseconds(1)))
    }
  }
}

extension GatewayAnswer {
  var status: Int {
    switch self {
    case .whole(let answer): answer.head.status
    case .stream(let head, _): head.status
    }
  }

  /// Head and stream, where it is streamed.
  var stream: (head: AnswerHead, stream: GatewayStream)? {
    guard case .stream(let head, let stream) = self else { return nil }
    return (head, stream)
  }

  /// The whole body, streamed or not.
  func body() async throws -> String {
    switch self {
    case .whole(let answer): return String(decoding: answer.body, as: UTF8.self)
    case .stream(_, let stream):
      var bytes: [UInt8] = []
      try await stream.run { bytes += $0 }
      return String(decoding: bytes, as: UTF8.self)
    }
  }
}

/// A provider that speaks OpenAI's language over whatever transport a test gives it.
struct FakeProvider: RemoteProvider {
  let transport: any UpstreamTransport

  func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
    switch call {
    case .chat: OpenAIChatOutbound()
    case .embed: OpenAIEmbeddingsOutbound()
    }
  }
}
