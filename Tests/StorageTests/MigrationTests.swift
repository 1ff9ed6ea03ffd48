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
        version: 99, name: "broken", statements: ["CREATE TABLE half (number {int64}){strict}", "CREATE NONSENSE"])
      await #expect(throws: DatabaseProblem.self) {
        try await Migrator(Schema.migrations + [broken]).migrate(engine)
      }
      await #expect(throws: DatabaseProblem.self) { try await engine.read { _ = try $0.query("SELECT * FROM half") } }
      let mended = Migration(version: 99, name: "mended", statements: ["CREATE TABLE half (number {int64}){strict}"])
      try await Migrator(Schema.migrations + [mended]).migrate(engine)
      #expect(try await engine.read { try $0.query("SELECT * FROM half").count } == 0)
      await engine.close()
    }
  }

  /// An engine on a place of `test` in which there is no schema yet.
  private static func emptyEngine(_ test: TestDatabase) async throws -> any SQLDatabase {
    switch test.location {
    case .sqlite(let path): return try await SQLiteDatabase.open(path: path + ".old", isReadOnly: false)
    case .postgres(let url):
      let engine = try await PostgresDatabase.open(url: url, connections: 1)
      try await engine.write(locking: nil) { transaction in
        let own = try transaction.queryOne("SELECT current_schema()::text AS name")?.text("name") ?? "public"
        try transaction.connection.runScript("DROP SCHEMA \(own) CASCADE; CREATE SCHEMA \(own)")
      }
      return engine
    }
  }

  @Test("A database of the first schema keeps its facts, and its ledger agrees with them afterwards (T-3)")
  func upgradeToTheLifeOfAResource() async throws {
    try await TestDatabase.each { test in
      let engine = try await Self.emptyEngine(test)
      try await Migrator([Schema.foundation]).migrate(engine)
      try await engine.write(locking: nil) { transaction in
        for statement in Self.rowsOfTheFirstSchema { try transaction.execute(statement) }
      }
      try await Migrator(Schema.migrations).migrate(engine)
      let id = CompanyID("acme")
      let (found, lines, settledAt) = try await engine.read { transaction in
        (try transaction.companyFacts(id), try transaction.ledger(of: id), try transaction.settledAt(of: id))
      }
      let facts = try #require(found)
      #expect(lines.map(\.remaining.count) == [100, 70])
      #expect(settledAt == Instant(milliseconds: 2_000))
      #expect(facts.resources.first?.changedAt == Instant(milliseconds: 2_000))
      #expect(LedgerVerification.problems(in: facts, lines: lines, settledAt: settledAt) == [])
      // The end of the contract, which stood in the old ledger ahead of its time, comes when it is due.
      let due = CompanyTimeline(facts).movements(after: settledAt, upTo: Instant(milliseconds: 9_000_000_000))
      #expect(due.map(\.kind) == [.expired])
      await engine.close()
    }
  }

  private static let rowsOfTheFirstSchema = [
    "INSERT INTO companies VALUES ('acme', 'Acme', 'UTC', 0, 1000)",
    "INSERT INTO contracts VALUES ('c', 'acme', 100, 1000, 9000000000)",
    """
    INSERT INTO resources VALUES
      ('chat', 'acme', 'Chat', 'TEXT_GENERATION', 'Test', 'local', 0, NULL, 'Anna', 'anna@acme.example', 2000)
    """,
    "INSERT INTO capacity_changes VALUES ('chat', 1, NULL, 30, 30, 3000, NULL, NULL, 2000)",
    "INSERT INTO ledger_entries VALUES ('g', 'acme', 1, NULL, 'c', 'granted', 100, 'Contract', 1000)",
    "INSERT INTO ledger_entries VALUES ('x', 'acme', 2, NULL, 'c', 'expired', 100, 'Contract', 9000000000)",
    "INSERT INTO ledger_entries VALUES ('a', 'acme', 3, 'chat', NULL, 'allocated', 30, 'Text generation', 2000)",
  ]

  @Test("A database of the second schema knows when people were last there, and takes invitations (P-5, P-7)")
  func upgradeToInvitations() async throws {
    try await TestDatabase.each { test in
      let engine = try await Self.emptyEngine(test)
      try await Migrator([Schema.foundation]).migrate(engine)
      try await engine.write(locking: nil) { transaction in
        for statement in Self.peopleOfTheFirstSchema { try transaction.execute(statement) }
        for (id, seen) in [("s1", 8_000), ("s2", 7_000)] {
          try transaction.execute(
            "INSERT INTO sessions VALUES (?1, ?2, 'anna', 6000, ?3, '', '')",
            [.text(id), .bytes(Array(id.utf8)), SQLValue(seen)])
        }
      }
      try await Migrator([Schema.foundation, Schema.life]).migrate(engine)
      try await Migrator(Schema.migrations).migrate(engine)
      let company = CompanyID("acme")
      let invitation = Invitation(
        id: InvitationID("i"), companyID: company, person: PersonReference(name: "Chen", email: "chen@new.example"),
        role: .member, tokenHash: Array(repeating: 7, count: 32), invitedBy: UserID("anna"),
        createdAt: Instant(milliseconds: 9_000), expiresAt: Instant(milliseconds: 10_000))
      try await engine.write(locking: nil) { try $0.insert(invitation) }
      let (seen, people, invitations) = try await engine.read { transaction in
        (
          try transaction.lastSeen(inCompany: company), try transaction.users(of: company),
          try transaction.invitations(
            of: company, pendingAt: Instant(milliseconds: 9_500), notOverBy: Instant(milliseconds: 9_500))
        )
      }
      // The newest of Anna's sessions; Ben never signed in.
      #expect(seen == [UserID("anna"): Instant(milliseconds: 8_000)])
      #expect(people.map(\.name) == ["Anna", "Ben"])
      #expect(invitations == [invitation])
      await engine.close()
    }
  }

  private static let peopleOfTheFirstSchema = [
    "INSERT INTO companies VALUES ('acme', 'Acme', 'UTC', 0, 1000)",
    "INSERT INTO users VALUES ('anna', 'Anna', 'anna@acme.example', 'acme', 'admin', NULL, 'hash')",
    "INSERT INTO users VALUES ('ben', 'Ben', 'ben@acme.example', 'acme', 'member', NULL, NULL)",
  ]

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
