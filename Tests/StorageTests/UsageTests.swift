import Core
import TestSupport
import Testing

@testable import Storage

@Suite("Usage entries and what they add up to")
struct UsageTests {
  private static let journal = JournalID("journal-1")
  private static let allDays = LocalDay(number: -100_000)...LocalDay(number: 100_000)

  private static func insertResources(_ database: Database) async throws -> [ResourceID] {
    try await Sample.insertCompany(into: database)
    let other = ResourceID("text000002")
    try await database.write { try $0.insert(Sample.resource(other), first: Sample.capacity(other)) }
    return [Sample.resourceID, other]
  }

  private static func entries(_ count: Int, _ resources: [ResourceID], _ random: inout SeededRandom) -> [UsageEntry] {
    (0..<count).map { Sample.randomEntry("request-\($0)", resources: resources, using: &random) }
  }

  @Test("Every field of an entry survives (rule M-6)")
  func fields() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      let resources = try await Self.insertResources(test.database)
      let entries = Self.entries(40, resources, &random)
      try await test.database.write { try $0.apply(entries, journal: Self.journal, upTo: 40) }
      for entry in entries {
        let back = try await test.database.read { try $0.usageEntry(entry.call.requestID) }
        #expect(back == entry, "seed \(random.seed)")
      }
    }
  }

  @Test("Applying is idempotent by request id, also within a batch and across overlapping ones (rules M-1, M-7)")
  func idempotent() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      let database = test.database
      let resources = try await Self.insertResources(database)
      let entries = Self.entries(150, resources, &random)
      let first = Array(entries[..<100]) + entries[90..<100]
      #expect(try await database.write { try $0.apply(first, journal: Self.journal, upTo: 100) } == 100)
      #expect(try await database.write { try $0.apply(first, journal: Self.journal, upTo: 100) } == 0)
      #expect(try await database.write { try $0.apply(entries, journal: Self.journal, upTo: 150) } == 50)
      let naive = Self.naive(entries)
      for resource in resources {
        let days = try await database.read { try $0.usageDays(of: resource, days: Self.allDays) }
        #expect(Set(days) == Set(naive.filter { $0.resourceID == resource }), "seed \(random.seed)")
      }
    }
  }

  @Test("Roll-ups rebuilt from the entries are the same as those kept while applying (decision 2)")
  func rebuild() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      let database = test.database
      let resources = try await Self.insertResources(database)
      var rest = Self.entries(400, resources, &random)[...]
      while !rest.isEmpty {
        let batch = Array(rest.prefix(Int.random(in: 1...60, using: &random)))
        rest = rest.dropFirst(batch.count)
        try await database.write { try $0.apply(batch, journal: Self.journal, upTo: 1) }
      }
      func days() async throws -> [UsageDay] {
        try await database.read { transaction in
          try resources.flatMap { try transaction.usageDays(of: $0, days: Self.allDays) }
        }
      }
      let kept = try await days()
      // A planted difference is found, and mended by rebuilding.
      try await database.write { try $0.execute("UPDATE usage_days SET calls = calls + 1") }
      #expect(try await days() != kept)
      try await database.write { try $0.rebuildUsageDays() }
      #expect(try await days() == kept, "seed \(random.seed)")
    }
  }

  @Test("The consumption of a month is the sum of its entries, for the resource and for each key (rules U-4, U-8, B-4)")
  func consumption() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      let database = test.database
      let resources = try await Self.insertResources(database)
      let entries = Self.entries(200, resources, &random)
      try await database.write { try $0.apply(entries, journal: Self.journal, upTo: 200) }
      for month in Set(entries.map(\.call.bundleMonthStart)) {
        let ofMonth = entries.filter { $0.call.bundleMonthStart == month && $0.call.resourceID == resources[0] }
        let found = try await database.read { try $0.consumption(of: resources[0], bundleMonthStart: month) }
        #expect(found == ofMonth.map(\.consumption).reduce(.zero, +), "seed \(random.seed)")
        let ofKey = ofMonth.filter { [.key(Sample.keyID), .companionKey(Sample.keyID)].contains($0.call.payer) }
        let foundKey = try await database.read {
          try $0.consumption(of: Sample.keyID, on: resources[0], bundleMonthStart: month)
        }
        #expect(foundKey == ofKey.map(\.consumption).reduce(.zero, +), "seed \(random.seed)")
        let days = try await database.read {
          try $0.usageDays(of: resources[0], days: Self.allDays, bundleMonthStart: month)
        }
        #expect(days.map(\.calls).reduce(0, +) == Int64(ofMonth.count))
      }
      let none = try await database.read {
        try $0.consumption(of: resources[0], bundleMonthStart: Instant(milliseconds: 1))
      }
      #expect(none == .zero)
    }
  }

  @Test("Pages of entries together are the whole, in order and within the bounds")
  func paging() async throws {
    var random = SeededRandom.fresh()
    try await TestDatabase.each { test in
      let database = test.database
      let resources = try await Self.insertResources(database)
      var entries = Self.entries(60, resources, &random)
      // Several calls of one millisecond must not fall between two pages.
      entries += (0..<25).map { Sample.entry("same-\($0)") }
      let all = entries
      try await database.write { try $0.apply(all, journal: Self.journal, upTo: 85) }
      let expected = all.filter { $0.call.resourceID == resources[0] }.sorted {
        ($0.call.admittedAt, $0.call.requestID) < ($1.call.admittedAt, $1.call.requestID)
      }
      var found: [UsageEntry] = []
      var cursor: UsageCursor?
      while true {
        let after = cursor
        let page = try await database.read { try $0.usageEntries(of: resources[0], after: after, limit: 7) }
        guard let last = page.last else { break }
        found += page
        cursor = UsageCursor(last)
      }
      #expect(found == expected, "seed \(random.seed)")
      let from = Sample.start.adding(milliseconds: 10 * Sample.day)
      let to = Sample.start.adding(milliseconds: 40 * Sample.day)
      let part = try await database.read { try $0.usageEntries(of: resources[0], from: from, to: to) }
      #expect(part == expected.filter { $0.call.admittedAt >= from && $0.call.admittedAt < to })
    }
  }

  @Test("The watermark moves with the entries, forwards only, and is undone with them (decision 5)")
  func watermark() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      func mark() async throws -> Int64 { try await database.read { try $0.appliedWatermark(of: Self.journal) } }
      #expect(try await mark() == 0)
      try await database.write { try $0.apply([Sample.entry("a")], journal: Self.journal, upTo: 7) }
      try await database.write { try $0.apply([], journal: Self.journal, upTo: 3) }
      #expect(try await mark() == 7)
      let unknown = Sample.entry(Sample.call("b", resource: ResourceID("unknown")))
      _ = try? await database.write { try $0.apply([unknown], journal: Self.journal, upTo: 9) }
      #expect(try await mark() == 7)
      #expect(try await database.read { try $0.appliedWatermark(of: JournalID("other")) } == 0)
    }
  }

  @Test("A key's last use is the latest admission that was applied (rule G-13)")
  func lastUsed() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      #expect(try await database.read { try $0.lastUsed(of: Sample.keyID) } == nil)
      let late = Sample.start.adding(seconds: 50)
      let calls = [Sample.call("a", at: late), Sample.call("b"), Sample.call("c", payer: .person(Sample.userID))]
      for call in calls {
        try await database.write { try $0.apply([Sample.entry(call)], journal: Self.journal, upTo: 1) }
      }
      #expect(try await database.read { try $0.lastUsed(of: Sample.keyID) } == late)
      #expect(try await database.read { try $0.lastUsed(of: Sample.resourceID) } == [Sample.keyID: late])
    }
  }

  /// Sums by plain loops, sharing nothing with the module.
  private static func naive(_ entries: [UsageEntry]) -> [UsageDay] {
    Dictionary(grouping: entries) { entry in
      "\(entry.call.resourceID)|\(entry.call.bundleMonthStart.milliseconds)|\(entry.call.localDay)"
        + "|\(entry.call.payer.text)|\(entry.call.model)"
    }.values.map { group in
      func sum(_ value: (UsageEntry) -> Int64) -> Int64 { group.map(value).reduce(0, +) }
      let call = group[0].call
      return UsageDay(
        resourceID: call.resourceID, day: call.localDay, bundleMonthStart: call.bundleMonthStart, payer: call.payer,
        model: call.model,
        usage: TokenUsage(
          input: TokenCount(sum { $0.usage.input.count }), cacheWrite: TokenCount(sum { $0.usage.cacheWrite.count }),
          cacheRead: TokenCount(sum { $0.usage.cacheRead.count }), output: TokenCount(sum { $0.usage.output.count })),
        units: GenAIUnits(nano: sum { $0.units.nano }),
        estimatedUnits: GenAIUnits(nano: sum { $0.isEstimated ? $0.units.nano : 0 }), calls: Int64(group.count))
    }
  }
}
