import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Metering after a crash")
struct RecoveryTests {
  private let monthStart = MeteringScene.months.month(0).start

  @Test("Calls that were open are settled as interrupted, once, from what is known (M-2)")
  func interrupted() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let first = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      try first.journal.opened(call("streamed"))
      try first.journal.progress(RequestID("streamed"), outputCharacters: 70)
      try first.journal.progress(RequestID("streamed"), outputCharacters: 351)
      try first.journal.opened(call("silent"))
      try first.journal.opened(call("done"))
      try first.journal.settled(Sample.entry(call("done")))
      await first.journal.close()

      clock.advance(seconds: 60)
      let second = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      let entries = try await entriesByID(database)
      #expect(entries.keys.sorted() == ["done", "silent", "streamed"])
      let streamed = try #require(entries["streamed"])
      // 351 characters at 3.5 each are 100.3 tokens.
      #expect(streamed.usage == TokenUsage(input: 120, output: 101))
      #expect(streamed.status == .interrupted)
      #expect(streamed.isEstimated)
      #expect(streamed.finishedAt == clock.now)
      #expect(entries["silent"]?.usage == TokenUsage(input: 120))
      #expect(entries["done"] == Sample.entry(call("done")))
      #expect(second.journal.openCount == 0)
      #expect(second.isReady)
      await second.journal.close()
      let before = try await consumption(database)

      let third = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      #expect(try await entriesByID(database) == entries)
      #expect(try await consumption(database) == before)
      #expect(third.journal.pendingCount == 0)
      await third.journal.close()
    }
  }

  @Test("An earlier attempt that timed out is charged as well when the process dies in the next one (M-2, M-4)")
  func interruptedInLaterAttempt() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let first = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      try first.journal.opened(call("twice"))
      try first.journal.attempted(call("twice").counting(TokenUsage(input: 120)))
      try first.journal.progress(RequestID("twice"), outputCharacters: 35)
      #expect(throws: JournalProblem.self) { try first.journal.attempted(call("unknown")) }
      #expect(first.journal.openCount == 1)
      await first.journal.close()

      let second = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      let entries = try await entriesByID(database)
      #expect(entries["twice"]?.usage == TokenUsage(input: 240, output: 10))
      #expect(entries.count == 1 && second.journal.openCount == 0)
      await second.journal.close()
    }
  }

  @Test(
    "What was settled but not applied is applied before the first call, and counts against the allowance (M-1, M-7)")
  func appliedBeforeFirstCall() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let first = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      try first.journal.opened(call("a"))
      try first.journal.settled(Sample.entry(call("a"), usage: TokenUsage(input: 900, output: 400)))
      await first.journal.close()

      let scene = try await MeteringScene(
        database, folder: folder, clock: clock.wallClock, allowance: .plan(input: 1_000, output: 600),
        transport: FakeTransport { _ in .whole(input: 5, output: 5) })
      #expect(await scene.chat("small", maxTokens: 10).status == 200)
      #expect(
        scene.standing.settled
          == Consumption(
            units: Sample.rates.price(of: TokenUsage(input: 905, output: 405)), input: 905, output: 405))
      #expect(await scene.chat("large", maxTokens: 400).status == 429)
      await scene.close()
    }
  }

  @Test("A batch that was applied but not confirmed before the crash is not counted twice (M-1)")
  func appliedTwice() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let first = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      try first.journal.opened(call("a"))
      try first.journal.settled(Sample.entry(call("a")))
      let batch = try #require(first.journal.takePending(max: 10))
      let id = first.journal.id
      _ = try await database.write { try $0.apply(batch.entries, journal: id, upTo: batch.watermark) }
      await first.journal.close()

      let second = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      #expect(try await entriesByID(database).count == 1)
      #expect(try await consumption(database) == Sample.entry(call("a")).consumption)
      await second.journal.close()
    }
  }

  @Test("A model that the catalog has lost is estimated with the cautious number of characters")
  func unknownModel() async throws {
    try await withSampleCompany { database, folder in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let first = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      try first.journal.opened(Sample.call("gone", model: ModelVersionID("gone"), monthStart: monthStart))
      try first.journal.progress(RequestID("gone"), outputCharacters: 35)
      await first.journal.close()
      let second = try await MeteringScene.open(database, folder: folder, clock: clock.wallClock)
      #expect(try await entriesByID(database)["gone"]?.usage.output == 10)
      await second.journal.close()
    }
  }

  private func call(_ id: String) -> AdmittedCall { Sample.call(id, monthStart: monthStart) }

  private func entriesByID(_ database: Database) async throws -> [String: UsageEntry] {
    let entries = try await database.read { try $0.usageEntries(of: Sample.resourceID) }
    return Dictionary(entries.map { ($0.call.requestID.text, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func consumption(_ database: Database) async throws -> Consumption {
    let monthStart = monthStart
    return try await database.read { try $0.consumption(of: Sample.resourceID, bundleMonthStart: monthStart) }
  }
}
