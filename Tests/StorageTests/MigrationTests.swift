import Core
import TestSupport
import Testing

@testable import Storage

@Suite("The schema is made by migrations")
struct MigrationTests {
  private static func reopen(_ test: TestDatabase, access: DatabaseAccess = .readWrite) async throws {
    let database = try await Database.open(test.location, access: access, connections: 2)
    await database.close()
  }

  private static func message(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? DatabaseProblem).map { $0.kind == .schema ? $0.message : "another kind: \($0.message)" }
    }
  }

  @Test("Opening again changes nothing and keeps the data, also for reading only")
  func reopening() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      try await Self.reopen(test)
      try await Self.reopen(test, access: .readOnly)
      #expect(try await test.database.read { try $0.companies() } == [Sample.company()])
    }
  }

  @Test("A schema newer than the program is refused with a sentence")
  func newer() async throws {
    try await TestDatabase.each { test in
      try await test.database.write { transaction in
        try transaction.execute("INSERT INTO schema_version (version, name, checksum) VALUES (999, 'later', 'x')")
      }
      let message = await Self.message { try await Self.reopen(test) }
      #expect(message?.contains("schema 999") == true, "\(test.engine): \(message ?? "opened")")
    }
  }

  @Test("A migration that was edited after it was applied is refused")
  func edited() async throws {
    try await TestDatabase.each { test in
      try await test.database.write { try $0.execute("UPDATE schema_version SET checksum = 'other' WHERE version = 1") }
      let message = await Self.message { try await Self.reopen(test) }
      #expect(message?.contains("foundation") == true, "\(test.engine): \(message ?? "opened")")
    }
    let one = Migration(version: 1, name: "a", statements: ["SELECT 1"])
    let other = Migration(version: 1, name: "a", statements: ["SELECT 2"])
    #expect(one.checksum != other.checksum)
  }

  @Test("Reading only refuses a place where no schema has been made")
  func missing() async throws {
    try await TestDatabase.each { test in
      try await test.database.write { try $0.connection.runScript("DROP TABLE schema_version") }
      let message = await Self.message { try await Self.reopen(test, access: .readOnly) }
      #expect(message?.contains("start the server once") == true, "\(test.engine): \(message ?? "opened")")
    }
  }

  @Test("A migration that fails half-way leaves nothing behind")
  func atomic() async throws {
    try await TestDatabase.each { test in
      let engine: any SQLDatabase =
        switch test.location {
        case .sqlite(let path): try await SQLiteDatabase.open(path: path, isReadOnly: false)
        case .postgres(let url): try await PostgresDatabase.open(url: url, connections: 1)
        }
      let broken = Migration(
        version: 2, name: "broken", statements: ["CREATE TABLE half (number {int64}){strict}", "CREATE NONSENSE"])
      await #expect(throws: DatabaseProblem.self) {
        try await Migrator(Schema.migrations + [broken]).migrate(engine)
      }
      await #expect(throws: DatabaseProblem.self) { try await engine.read { _ = try $0.query("SELECT * FROM half") } }
      let mended = Migration(version: 2, name: "mended", statements: ["CREATE TABLE half (number {int64}){strict}"])
      try await Migrator(Schema.migrations + [mended]).migrate(engine)
      #expect(try await engine.read { try $0.query("SELECT * FROM half").count } == 0)
      await engine.close()
    }
  }

  @Test("Processes that start at once migrate one after the other")
  func concurrentStart() async throws {
    try await TestDatabase.each { test in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<4 { group.addTask { try await Self.reopen(test) } }
        try await group.waitForAll()
      }
    }
  }
}
