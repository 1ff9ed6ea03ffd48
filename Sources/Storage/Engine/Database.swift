/// Packhouse's database on either engine. Decisions 1 to 3 of `docs/architecture.md`.
public final class Database: Sendable {
  private let engine: any SQLDatabase

  init(_ engine: any SQLDatabase) { self.engine = engine }

  /// Opens the database and brings its schema up to date.
  ///
  /// - Parameters:
  ///   - location: a file, or a PostgreSQL server.
  ///   - access: `readOnly` for commands that read while a server runs.
  ///   - connections: at most so many at once (PostgreSQL; SQLite has one writer and four readers).
  /// - Throws: ``DatabaseProblem`` with a sentence for the operator.
  public static func open(
    _ location: DatabaseLocation, access: DatabaseAccess = .readWrite, connections: Int = 8
  ) async throws -> Database {
    let engine: any SQLDatabase =
      switch location {
      case .sqlite(let path): try await SQLiteDatabase.open(path: path, isReadOnly: access == .readOnly)
      case .postgres(let url): try await PostgresDatabase.open(url: url, connections: max(1, connections))
      }
    do {
      let migrator = Migrator(Schema.migrations)
      switch access {
      case .readWrite: try await migrator.migrate(engine)
      case .readOnly: try await migrator.verify(engine)
      }
      return Database(engine)
    } catch {
      await engine.close()
      throw error
    }
  }

  /// Runs `body` on one consistent snapshot. It may run more than once, blocks no Swift task, and cannot change anything.
  public func read<Value: Sendable>(
    _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await engine.read(body)
  }

  /// Runs `body` and saves what it did, wholly or (where it throws) not at all. It may run more than once, so it takes
  /// identifiers and time from outside and changes nothing but the database.
  ///
  /// - Parameter locking: what must not run beside it; everything that is decided from rows read in `body` needs one.
  @discardableResult
  public func write<Value: Sendable>(
    locking lock: TransactionLock? = nil, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await engine.write(locking: lock, body)
  }

  /// Waits for what runs and ends all connections.
  public func close() async { await engine.close() }
}
