/// Brings a database to the program's schema, one transaction for each migration.
struct Migrator: Sendable {
  static let table = """
    CREATE TABLE IF NOT EXISTS schema_version (
      version {int64} PRIMARY KEY NOT NULL,
      name {text} NOT NULL,
      checksum {text} NOT NULL
    ){strict}
    """

  private let migrations: [Migration]

  init(_ migrations: [Migration]) { self.migrations = migrations }

  /// Applies what is missing. Two processes that start at once wait for each other.
  func migrate(_ database: any SQLDatabase) async throws {
    let vendor = database.vendor
    try await database.write(locking: .schema) { transaction in
      try transaction.connection.runScript(SchemaMacros.expanded(Self.table, for: vendor))
      try check(applied: applied(transaction))
    }
    for migration in migrations {
      try await database.write(locking: .schema) { transaction in
        guard try applied(transaction)[migration.version] == nil else { return }
        for statement in migration.statements {
          try transaction.connection.runScript(SchemaMacros.expanded(statement, for: vendor))
        }
        try transaction.execute(
          "INSERT INTO schema_version (version, name, checksum) VALUES (?1, ?2, ?3)",
          [SQLValue(migration.version), SQLValue(migration.name), SQLValue(migration.checksum)])
      }
    }
  }

  /// Throws unless the schema is exactly the program's.
  func verify(_ database: any SQLDatabase) async throws {
    let applied: [Int: String]
    do {
      applied = try await database.read { try self.applied($0) }
    } catch let problem as DatabaseProblem where problem.kind == .unexpected {
      throw DatabaseProblem(.schema, "There is no Packhouse database here yet; start the server once to make it.")
    }
    try check(applied: applied)
    guard applied.count == migrations.count else {
      throw DatabaseProblem(
        .schema, "The database is older than this program; start the server once to bring it up to date.")
    }
  }

  private func applied(_ transaction: Transaction) throws -> [Int: String] {
    let rows = try transaction.query("SELECT version, checksum FROM schema_version")
    return try Dictionary(
      rows.map { (Int(try $0.int64("version")), try $0.text("checksum")) }, uniquingKeysWith: { first, _ in first })
  }

  private func check(applied: [Int: String]) throws {
    let newest = migrations.map(\.version).max() ?? 0
    if let version = applied.keys.max(), version > newest {
      throw DatabaseProblem(
        .schema,
        "The database has schema \(version), but this program knows only up to \(newest); start the newer version of "
          + "Packhouse that made it.")
    }
    for migration in migrations {
      if let checksum = applied[migration.version], checksum != migration.checksum {
        throw DatabaseProblem(
          .schema,
          "Migration \(migration.version) (\(migration.name)) was applied in another form than this program has it; "
            + "start the version of Packhouse that made the database.")
      }
    }
  }
}
