import Dispatch
import Foundation
import GRDB
import Synchronization

/// The embedded engine: one file, one writer, readers beside it (WAL). Every commit is on the disk before it returns.
final class SQLiteDatabase: SQLDatabase {
  static let busyTimeout: TimeInterval = 5
  static let readers = 4
  /// Transactions waiting or running; beyond it the database is busy.
  static let maximumWaiting = 4_096

  let vendor = SQLVendor.sqlite
  private let pool: DatabasePool
  private let waiting = Mutex(0)
  private let isClosed = Mutex(false)

  private init(_ pool: DatabasePool) { self.pool = pool }

  static func open(path: String, isReadOnly: Bool) async throws -> SQLiteDatabase {
    try await BlockingCall.run("packhouse.sqlite.open") {
      var configuration = Configuration()
      configuration.label = "packhouse.sqlite"
      configuration.readonly = isReadOnly
      configuration.busyMode = .timeout(busyTimeout)
      configuration.maximumReaderCount = readers
      do {
        if !isReadOnly { try createPrivateFile(path) }
        let pool = try DatabasePool(path: path, configuration: configuration)
        if !isReadOnly {
          // GRDB chooses NORMAL with WAL; a commit that we answered for must survive the loss of power.
          try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        }
        return SQLiteDatabase(pool)
      } catch {
        throw DatabaseProblem(sqlite: error)
      }
    }
  }

  /// SQLite gives its side files the permissions of the main file, so that only the main file needs care.
  private static func createPrivateFile(_ path: String) throws {
    let descriptor = Glibc.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw DatabaseProblem(
        .unreachable, "The database file \(path) cannot be opened: \(String(cString: strerror(errno))).")
    }
    Glibc.close(descriptor)
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
    try enter()
    defer { leave() }
    return try await withCheckedThrowingContinuation { continuation in
      pool.asyncRead { result in
        continuation.resume(
          with: Result {
            let database = try Self.mapped { try result.get() }
            return try body(Transaction(SQLiteConnection(database)))
          })
      }
    }
  }

  func write<Value: Sendable>(
    locking lock: TransactionLock?, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try enter()
    defer { leave() }
    return try await withCheckedThrowingContinuation { continuation in
      pool.asyncWriteWithoutTransaction { database in
        continuation.resume(with: Result { try Self.transact(database, body) })
      }
    }
  }

  private static func transact<Value>(
    _ database: GRDB.Database, _ body: (Transaction) throws -> Value
  ) throws -> Value {
    try mapped { try database.beginTransaction(.immediate) }
    do {
      let connection = SQLiteConnection(database)
      let transaction = Transaction(connection)
      let value = try body(transaction)
      if let failure = connection.failure { throw failure }
      try transaction.writePendingChanges()
      try mapped { try database.commit() }
      return value
    } catch {
      // A failed commit may have ended the transaction by itself.
      if database.isInsideTransaction { try? database.rollback() }
      throw error
    }
  }

  private static func mapped<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch { throw DatabaseProblem(sqlite: error) }
  }

  private func enter() throws {
    let fits = waiting.withLock { count in
      guard count < Self.maximumWaiting else { return false }
      count += 1
      return true
    }
    guard fits else {
      throw DatabaseProblem(.busy, "Too many requests wait for the database; try again in a moment.")
    }
  }

  private func leave() { waiting.withLock { $0 -= 1 } }

  func close() async {
    let pool = pool
    let isFirst = isClosed.withLock { isClosed in
      defer { isClosed = true }
      return !isClosed
    }
    guard isFirst else { return }
    try? await BlockingCall.run("packhouse.sqlite.close") {
      // The main file holds everything then, so that a copy of it alone is whole. A reader in another process may
      // forbid it; the side files then belong to the database as ever.
      if !pool.configuration.readonly { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
      try pool.close()
    }
  }
}
