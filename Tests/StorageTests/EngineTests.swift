import Core
import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("Both engines behave alike")
struct EngineTests {
  private struct Refusal: Error {}

  private static func makeTable(_ database: Database) async throws {
    try await database.write { transaction in
      try transaction.connection.runScript(
        SchemaMacros.expanded(
          "CREATE TABLE samples (number {int64}, words {text}, blob {bytes}){strict}",
          for: transaction.connection.vendor))
    }
  }

  private static func count(_ database: Database) async throws -> Int64 {
    try await database.read { try $0.queryOne("SELECT COUNT(*) AS total FROM samples")?.int64("total") ?? -1 }
  }

  @Test("A value comes back as it was written, at the edges of every type")
  func valuesRoundTrip() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      let rows: [[SQLValue]] = [
        [.int64(.min), .text(""), .bytes([])],
        [.int64(.max), .text("Zoë — 日本 🙂 'quoted' \"?1\""), .bytes(Array(0...255))],
        [.null(.int64), .null(.text), .null(.bytes)],
      ]
      try await test.database.write { transaction in
        for row in rows { try transaction.execute("INSERT INTO samples VALUES (?1, ?2, ?3)", row) }
      }
      let back = try await test.database.read { try $0.query("SELECT * FROM samples") }
      #expect(try back.map { try $0.optionalInt64("number") } == [.min, .max, nil])
      #expect(try back.map { try $0.optionalText("words") } == ["", "Zoë — 日本 🙂 'quoted' \"?1\"", nil])
      #expect(try back.map { try $0.optionalBytes("blob") } == [[], Array(0...255), nil])
    }
  }

  @Test("A write that throws leaves no trace, and its error comes out unchanged")
  func rollback() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      await #expect(throws: Refusal.self) {
        try await test.database.write { transaction in
          try transaction.execute("INSERT INTO samples (number) VALUES (?1)", [.int64(1)])
          throw Refusal()
        }
      }
      #expect(try await Self.count(test.database) == 0)
    }
  }

  @Test("A statement that failed ends its transaction even where the body goes on")
  func swallowedFailure() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      await #expect(throws: DatabaseProblem.self) {
        try await test.database.write { transaction in
          try transaction.execute("INSERT INTO samples (number) VALUES (?1)", [.int64(1)])
          _ = try? transaction.execute("INSERT INTO no_such_table (number) VALUES (?1)", [.int64(1)])
        }
      }
      #expect(try await Self.count(test.database) == 0)
    }
  }

  @Test("A read can change nothing")
  func readsAreReadOnly() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      await #expect { try await test.database.read { try $0.execute("DELETE FROM samples") } } throws: { error in
        (error as? DatabaseProblem)?.kind == .readOnly
      }
    }
  }

  @Test("A read sees one snapshot, whatever is written beside it")
  func snapshot() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      let hasBegun = DispatchSemaphore(value: 0)
      let mayGoOn = DispatchSemaphore(value: 0)
      async let counts = test.database.read { transaction in
        func count() throws -> Int64 {
          try transaction.queryOne("SELECT COUNT(*) AS total FROM samples")?.int64("total") ?? -1
        }
        let before = try count()
        hasBegun.signal()
        mayGoOn.wait()
        return [before, try count()]
      }
      try await BlockingCall.run("test") { hasBegun.wait() }
      try await test.database.write { try $0.execute("INSERT INTO samples (number) VALUES (?1)", [.int64(1)]) }
      mayGoOn.signal()
      #expect(try await counts == [0, 0])
      #expect(try await Self.count(test.database) == 1)
    }
  }

  @Test("A text with a zero byte is refused by both engines alike")
  func zeroByte() async throws {
    try await TestDatabase.each { test in
      try await Self.makeTable(test.database)
      await #expect {
        try await test.database.write { try $0.execute("INSERT INTO samples (words) VALUES (?1)", [.text("a\0b")]) }
      } throws: {
        ($0 as? DatabaseProblem)?.kind == .invalidValue
      }
    }
  }

  @Test("A refused duplicate names the table and never the value")
  func duplicates() async throws {
    try await TestDatabase.each { test in
      try await test.database.write { try $0.insert(Sample.company()) }
      try await test.database.write { try $0.insert(Sample.user(), passwordHash: nil) }
      let other = User(
        id: UserID("other"), name: "Other", email: Sample.user().email, companyID: nil, companyRole: .member)
      await #expect {
        try await test.database.write { try $0.insert(other, passwordHash: nil) }
      } throws: { error in
        guard let problem = error as? DatabaseProblem else { return false }
        return problem.isDuplicate(in: "users") && !problem.message.contains("acme.example")
      }
    }
  }

  private static func refusal(
    _ database: Database, _ body: @escaping @Sendable (Transaction) throws -> Void
  ) async -> DatabaseProblem.Kind? {
    do {
      try await database.write { try body($0) }
      return nil
    } catch {
      return (error as? DatabaseProblem)?.kind
    }
  }

  @Test("Foreign keys and checks of the schema are enforced")
  func constraints() async throws {
    try await TestDatabase.each { test in
      let missing = await Self.refusal(test.database) { try $0.insert(Sample.contract()) }
      #expect(missing == .constraint(.foreignKey, table: nil))
      try await test.database.write { try $0.insert(Sample.company()) }
      let check = await Self.refusal(test.database) { try $0.insert(Sample.contract(tokens: 0)) }
      guard case .constraint(.check, _) = check else {
        Issue.record("\(test.engine) gave \(String(describing: check))")
        return
      }
    }
  }

  @Test("64 concurrent locked writers never allocate more than there is", .timeLimit(.minutes(5)))
  func lockedWriters() async throws {
    try await TestDatabase.each(connections: 8) { test in
      try await Sample.insertCompany(into: test.database)
      let database = test.database
      let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<64 {
          group.addTask {
            try await database.write(locking: .company(Sample.companyID)) { transaction in
              let allocated = try transaction.ledger(of: Sample.companyID).map(\.entry).filter { $0.kind == .allocated }
              guard allocated.map(\.tokens.count).reduce(0, +) + 10 <= 310 else { return false }
              try transaction.append([Sample.ledgerEntry("entry-\(number)")])
              return true
            }
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      #expect(granted == 30)
      let entries = try await database.read { try $0.ledger(of: Sample.companyID) }
      #expect(entries.filter { $0.entry.kind == .allocated }.count == 31)
    }
  }

  @Test("SQLite keeps a commit on the disk, enforces keys and lets nobody else read")
  func sqliteSettings() async throws {
    try await TestDatabase.with(.sqlite) { test in
      let settings = try await test.database.write { transaction in
        try ["synchronous", "journal_mode", "foreign_keys"].map { name in
          try transaction.query("PRAGMA \(name)").first?.values.first
        }
      }
      #expect(settings == [.int64(2), .text("wal"), .int64(1)])
      guard case .sqlite(let path) = test.location else { return }
      for suffix in ["", "-wal", "-shm"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + suffix)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
      }
    }
  }

  @Test("A file that is no database is refused with a sentence")
  func notADatabase() async throws {
    try await TemporaryFolder.with { folder in
      let path = folder + "/x.sqlite"
      try Data(repeating: 65, count: 4_096).write(to: URL(fileURLWithPath: path))
      await #expect { _ = try await Database.open(.sqlite(path: path)) } throws: {
        ($0 as? DatabaseProblem)?.kind == .corrupt
      }
      await #expect { _ = try await Database.open(.sqlite(path: folder + "/missing/x.sqlite")) } throws: {
        ($0 as? DatabaseProblem)?.kind == .unreachable
      }
    }
  }
}
