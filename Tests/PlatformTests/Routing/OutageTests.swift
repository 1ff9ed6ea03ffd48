import Core
import Dialects
import Storage
import Synchronization
import TestSupport
import Testing

@testable import Platform

@Suite("Calls under random outages (N-2, N-3, M-4)")
struct OutageTests {
  static let calls = 10_000
  /// After this long without trouble every breaker has had a probe.
  static let recovery: Int64 = 40_000

  struct Call: Sendable {
    let id: RequestID
    let status: Int
    let body: String
    let took: Int64
  }

  @Test("10,000 calls never leave the EU, are never replayed, are settled once, and lose less than a second to a hang")
  func sequential() async throws {
    try await withSampleCompany { database, folder in
      let world = OutageWorld(.fresh())
      let scene = try await Self.scene(world, database, folder)
      var calls: [Call] = []
      for number in 0..<Self.calls {
        world.pass(number)
        calls.append(try await Self.call("r\(number)", isStreaming: number % 2 == 0, scene, world))
      }
      try await Self.check(calls, world, scene, database)
      let delays = Self.delays(of: calls, world)
      #expect(delays.count >= Self.calls / 500, "seed \(world.seed), met \(delays.count)")
      #expect(delays.allSatisfy { $0 < 1_000 }, "seed \(world.seed), longest \(delays.max() ?? 0) ms")
      await scene.metering.journal.close()
    }
  }

  @Test("The same for eight callers at a time")
  func concurrent() async throws {
    try await withSampleCompany { database, folder in
      let world = OutageWorld(.fresh())
      let scene = try await Self.scene(world, database, folder)
      let calls = try await withThrowingTaskGroup(of: [Call].self) { group in
        for lane in 0..<8 {
          group.addTask {
            var calls: [Call] = []
            for number in 0..<150 {
              world.pass()
              calls.append(try await Self.call("r\(lane)-\(number)", isStreaming: number % 2 == 0, scene, world))
            }
            return calls
          }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      try await Self.check(calls, world, scene, database)
      await scene.metering.journal.close()
    }
  }

  @Test("A router that waits for the time-out is found, and so is a call that reaches Canada")
  func finds() async throws {
    try await withSampleCompany { database, folder in
      let world = OutageWorld(.fresh())
      let scene = try await Self.scene(world, database, folder, table: ConfiguredOrder())
      var calls: [Call] = []
      for number in 0..<1_000 {
        world.pass(number)
        calls.append(try await Self.call("r\(number)", isStreaming: number % 2 == 0, scene, world))
      }
      #expect(Self.delays(of: calls, world).contains { $0 >= 60_000 }, "seed \(world.seed)")
      let canadian = MeteringScene.caller(
        region: RoutingCatalog.canada, allowance: .units(GenAIUnits(whole: 1_000)), at: world.clock.now)
      _ = try await Self.call("canadian", isStreaming: false, scene, world, from: canadian)
      #expect(world.arrivals.last?.region == RoutingCatalog.canada)
      await scene.metering.journal.close()
    }
  }

  // MARK: The scene

  private struct Scene: Sendable {
    let metering: Metering
    let driver: GatewayCallDriver
    let caller: GatewayCaller
  }

  private static func scene(
    _ world: OutageWorld, _ database: Database, _ folder: String, table: (any DeploymentRouting)? = nil
  ) async throws -> Scene {
    let clock = world.clock.wallClock
    let metering = try await Metering.open(
      folder: folder, options: JournalOptions(), database: database, catalog: RoutingCatalog.catalog, clock: clock,
      random: .seeded(11), logger: MeteringScene.logger, onFsyncFailure: { _ in })
    let policy = CallPolicy(
      catalog: RoutingCatalog.catalog, deployments: { _ in RoutingCatalog.deployments },
      provider: { .remote(FakeProvider(transport: world.transport($0.region))) },
      checkLimits: { call, limits throws(InvalidRequest) in try RequestLimits.check(call, limits: limits) },
      routing: LaneRouting(table: table ?? RoutingTable(random: .seeded(world.seed))))
    let driver = GatewayCallDriver(
      policy: policy, admission: metering.desk, clock: clock, logger: MeteringScene.logger,
      wait: { milliseconds in await CallLane.current?.wait(milliseconds) })
    return Scene(
      metering: metering, driver: driver,
      caller: MeteringScene.caller(allowance: .units(GenAIUnits(whole: 1_000_000)), at: world.clock.now))
  }

  private static func call(
    _ id: String, isStreaming: Bool, _ scene: Scene, _ world: OutageWorld, from caller: GatewayCaller? = nil
  ) async throws -> Call {
    let text = #"{"messages":[{"role":"user","content":"Hello"}],"stream":\#(isStreaming),"max_tokens":20}"#
    let request = InboundRequest(
      method: "POST", path: "/v1/chat/completions", headers: [], body: Sensitive(Array(text.utf8)))
    return try await CallLane.$current.withValue(CallLane(world.clock)) {
      let begin = world.clock.now
      let answer = await scene.driver.answer(
        request, from: caller ?? scene.caller, codec: OpenAIChatInbound(), requestID: RequestID(id))
      let took = world.clock.now.millisecondsSince(begin)
      return Call(id: RequestID(id), status: answer.status, body: try await answer.body(), took: took)
    }
  }

  // MARK: What must hold

  private static func check(
    _ calls: [Call], _ world: OutageWorld, _ scene: Scene, _ database: Database
  ) async throws {
    let arrivals = Dictionary(grouping: world.arrivals, by: \.request)
    let seed: Comment = "seed \(world.seed)"
    // What could be found is there: outages, failovers, answers.
    #expect(Set(world.arrivals.map(\.weather)).count >= (calls.count == Self.calls ? 7 : 3), seed)
    #expect(arrivals.values.contains { $0.count > 1 }, seed)
    #expect(calls.contains { $0.status == 200 }, seed)

    #expect(!world.arrivals.contains { $0.region == RoutingCatalog.canada }, seed)
    #expect(Set(world.arrivals.map(\.region)) == Set(RoutingCatalog.europe), seed)
    for attempts in arrivals.values {
      #expect(Set(attempts.map(\.region)).count == attempts.count, "at most one attempt each; \(seed)")
      // Whoever answered anything was the last to be asked.
      let begun = attempts.firstIndex { $0.weather == .fine || $0.weather == .cutting } ?? attempts.count - 1
      #expect(begun == attempts.count - 1, seed)
    }

    #expect(await scene.metering.applier.applyPending())
    var entries: [RequestID: [UsageEntry]] = [:]
    for entry in try await database.read({ try $0.usageEntries(of: Sample.resourceID, limit: 100_000) }) {
      entries[entry.call.requestID, default: []].append(entry)
    }
    #expect(Set(entries.keys) == Set(arrivals.keys), seed)
    #expect(entries.values.allSatisfy { $0.count == 1 }, seed)
    for (id, attempts) in arrivals {
      guard let entry = entries[id]?.first else { continue }
      #expect(entry.attempts == attempts.count, seed)
      checkCharge(of: entry, attempts, seed)
    }
    // Whoever waits moves everybody's clock, so that eight callers may see more than one month.
    let all = entries.values.joined()
    let month = try #require(all.map(\.call.bundleMonthStart).max())
    let standing = scene.metering.book.standing(of: Sample.resourceID, monthStart: month)
    #expect(standing?.reserved == .zero, seed)
    let ofMonth = all.filter { $0.call.bundleMonthStart == month }
    #expect(standing?.settled.units == ofMonth.reduce(GenAIUnits.zero) { $0 + $1.units }, seed)
    #expect(scene.metering.journal.openCount == 0, seed)
  }

  /// The counted input for each attempt that got no answer in time, what the provider reported for the one that was
  /// whole, something for one that was cut, nothing for the others. Rule M-4.
  private static func checkCharge(of entry: UsageEntry, _ attempts: [OutageWorld.Arrival], _ seed: Comment) {
    let silent = attempts.count { $0.weather == .hanging }
    var expected = TokenUsage(input: TokenCount(entry.call.countedInput.count * Int64(silent)))
    switch attempts.last?.weather {
    case .fine?:
      expected = expected + TokenUsage(input: TokenCount(OutageWorld.input), output: TokenCount(OutageWorld.output))
      #expect(entry.status == .completed, seed)
    case .cutting?:
      expected = expected + TokenUsage(input: entry.call.countedInput, output: entry.usage.output)
      #expect(entry.status == .failed && entry.isEstimated, seed)
    default: #expect(entry.status == .failed, seed)
    }
    #expect(entry.usage == expected, seed)
    if silent > 0 { #expect(entry.isEstimated, seed) }
  }

  /// Milliseconds that a hanging region added to each call that met it while the two others worked.
  private static func delays(of calls: [Call], _ world: OutageWorld) -> [Int64] {
    let arrivals = Dictionary(grouping: world.arrivals, by: \.request)
    return calls.compactMap { call in
      guard let attempts = arrivals[call.id], let first = attempts.first, let last = attempts.last,
        first.weather == .hanging, let since = first.othersFineSince,
        first.at.millisecondsSince(since) > recovery
      else { return nil }
      #expect(call.status == 200 && attempts.count == 2, "seed \(world.seed)")
      return call.took - last.latency
    }
  }
}
