import Core
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("The change feed")
struct ChangeFeedTests {
  @Test("Every mutation leaves a line, and one that is undone leaves none")
  func lines() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let changes = try await test.database.read { try $0.changes(after: 0) }
      #expect(changes.map(\.sequence) == Array(1...Int64(changes.count)))
      let kinds: Set<ChangeKind> = Set(changes.map(\.kind))
      // Provider accounts belong to no company; their own tests hold them against the feed.
      #expect(kinds == Set(ChangeKind.allCases).subtracting([.providerAccount]))
      let latest = try await test.database.read { try $0.latestChange() }
      #expect(latest == Int64(changes.count))
      _ = try? await test.database.write { transaction in
        try transaction.revokeKey(Sample.keyID, at: Sample.start)
        throw DatabaseProblem(.invalidValue, "undone")
      }
      #expect(try await test.database.read { try $0.changes(after: latest) } == [])
      try await test.database.write { try $0.revokeKey(Sample.keyID, at: Sample.start) }
      #expect(
        try await test.database.read { try $0.changes(after: latest) }
          == [Change(sequence: latest + 1, kind: .key, id: Sample.keyID.text)])
    }
  }

  @Test("A reader that polls while many write misses nothing", .timeLimit(.minutes(5)))
  func polling() async throws {
    try await TestDatabase.each(connections: 8) { test in
      let database = test.database
      let writers = 16
      let each = 8
      async let seen = Self.poll(database, until: writers * each)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<writers {
          group.addTask {
            for number in 0..<each {
              try await database.write { $0.recordChange(.resource, "\(writer)-\(number)") }
            }
          }
        }
        try await group.waitForAll()
      }
      let ids = try await seen
      #expect(ids.count == writers * each)
      #expect(Set(ids).count == writers * each)
    }
  }

  private static func poll(_ database: Database, until count: Int) async throws -> [String] {
    var ids: [String] = []
    var last: Int64 = 0
    while ids.count < count {
      let position = last
      let changes = try await database.read { try $0.changes(after: position, limit: 50) }
      ids += changes.map(\.id)
      last = changes.last?.sequence ?? last
      if changes.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
    }
    return ids
  }

  @Test("Pruning never takes the number from which the next is counted")
  func pruning() async throws {
    try await TestDatabase.each { test in
      for number in 0..<5 { try await test.database.write { $0.recordChange(.key, "\(number)") } }
      try await test.database.write { try $0.pruneChanges(upTo: 100) }
      try await test.database.write { $0.recordChange(.key, "next") }
      #expect(try await test.database.read { try $0.changes(after: 0) }.map(\.sequence) == [5, 6])
    }
  }
}
