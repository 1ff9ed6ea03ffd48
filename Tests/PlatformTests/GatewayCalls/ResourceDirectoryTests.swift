import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The directory of resources (decision 7)")
struct ResourceDirectoryTests {
  @Test("A resource is kept after it was read, and dropped when it changes")
  func changes() async throws {
    try await withDirectory { database, directory, feed, clock in
      await feed.poll()
      #expect(directory.cached(Sample.resourceID, at: clock.now) == nil)
      let loaded = try #require(try await directory.load(Sample.resourceID, at: clock.now))
      #expect(loaded.state.allowance == .units(GenAIUnits(whole: 1_000)))
      #expect(directory.cached(Sample.resourceID, at: clock.now)?.state == loaded.state)
      clock.advance(milliseconds: 500)
      try await grow(database, at: clock.now)
      await feed.poll()
      #expect(directory.cached(Sample.resourceID, at: clock.now) == nil)
      let grown = try await directory.load(Sample.resourceID, at: clock.now)
      #expect(grown?.state.allowance == .units(GenAIUnits(whole: 2_000)))
    }
  }

  @Test("What is kept is not trusted once the feed lags behind by more than a second")
  func lag() async throws {
    try await withDirectory { _, directory, feed, clock in
      await feed.poll()
      _ = try await directory.load(Sample.resourceID, at: clock.now)
      clock.advance(milliseconds: 1_000)
      #expect(directory.cached(Sample.resourceID, at: clock.now) != nil)
      clock.advance(milliseconds: 1)
      #expect(directory.cached(Sample.resourceID, at: clock.now) == nil)
    }
  }

  @Test("Nothing is kept before the feed was read for the first time")
  func beforeFirstReading() async throws {
    try await withDirectory { _, directory, feed, clock in
      _ = try await directory.load(Sample.resourceID, at: clock.now)
      await feed.poll()
      #expect(directory.cached(Sample.resourceID, at: clock.now) == nil)
    }
  }

  @Test("A snapshot ends with its bundle month (B-3)")
  func monthEnd() async throws {
    try await withDirectory { _, directory, feed, clock in
      let end = MeteringScene.months.month(0).end
      clock.set(end.adding(milliseconds: -1))
      await feed.poll()
      let snapshot = try #require(try await directory.load(Sample.resourceID, at: clock.now))
      #expect(snapshot.validUntil == end)
      #expect(directory.cached(Sample.resourceID, at: clock.now) != nil)
      #expect(directory.cached(Sample.resourceID, at: end) == nil)
      let next = try await directory.load(Sample.resourceID, at: end)
      #expect(next?.state.bundleMonth.start == end)
    }
  }

  @Test("A resource that is nowhere is told as nil")
  func unknown() async throws {
    try await withDirectory { _, directory, _, clock in
      let found = try await directory.load(ResourceID("nowhere"), at: clock.now)
      #expect(found == nil)
    }
  }

  private func grow(_ database: Database, at now: Instant) async throws {
    try await database.write(locking: .company(Sample.companyID)) { transaction in
      try transaction.append(
        CapacityChange(
          resourceID: Sample.resourceID, capacity: .units(20), tokens: 20,
          allowance: .units(GenAIUnits(whole: 2_000)), effectiveAt: now))
    }
  }

  private func withDirectory(
    _ body: (Database, ResourceDirectory, ChangeFeed, ManualClock) async throws -> Void
  ) async throws {
    try await withSampleCompany { database, _ in
      let clock = ManualClock(Sample.start.adding(seconds: 60))
      let feed = ChangeFeed(database: database, clock: clock.wallClock, logger: MeteringScene.logger)
      try await body(database, ResourceDirectory(database: database, feed: feed), feed, clock)
    }
  }
}
