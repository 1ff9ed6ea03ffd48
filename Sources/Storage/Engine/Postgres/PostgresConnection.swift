import CPostgres
import Glibc

/// One connection of libpq. Everything is sent with its type and in binary; statements are prepared once.
final class PostgresConnection: SQLConnection {
  static let connectSeconds = 5
  static let lockMilliseconds = 10_000
  static let statementMilliseconds = 60_000
  /// Prepared statements kept; beyond it all are forgotten and prepared anew.
  static let maximumStatements = 256

  private struct StatementKey: Hashable {
    let sql: String
    let types: [SQLType]
  }

  let vendor = SQLVendor.postgres
  private(set) var failure: DatabaseProblem?
  /// A deadlock, a clash of snapshots or a changed schema undid the transaction; the same again may well succeed.
  private(set) var hasConflict = false
  private let handle: OpaquePointer
  private var statements: [StatementKey: String] = [:]
  private var columns: [String: SQLColumns] = [:]

  init(url: String) throws {
    // What stands in the address wins over what stands before it.
    let settings: [(String, String)] = [
      ("connect_timeout", String(Self.connectSeconds)), ("application_name", "packhouse"), ("keepalives_idle", "30"),
      // A server that vanished behind the network is noticed within a minute, not after a quarter of an hour.
      ("keepalives_interval", "10"), ("keepalives_count", "3"), ("tcp_user_timeout", "60000"), ("dbname", url),
      ("client_encoding", "UTF8"),
    ]
    guard let handle = Self.connect(settings) else {
      throw DatabaseProblem(.unreachable, "There is no memory for a connection to the database.")
    }
    self.handle = handle
    guard PQstatus(handle) == CONNECTION_OK else {
      let reason = String(cString: PQerrorMessage(handle)).split(whereSeparator: \.isNewline).joined(separator: "; ")
      throw DatabaseProblem(.unreachable, "The PostgreSQL server cannot be reached: \(reason)")
    }
    // Notices may quote values; the default prints them.
    PQsetNoticeProcessor(handle, { _, _ in }, nil)
    try simple(
      """
      SET lock_timeout = \(Self.lockMilliseconds);
      SET statement_timeout = \(Self.statementMilliseconds);
      SET idle_in_transaction_session_timeout = \(Self.statementMilliseconds);
      SET standard_conforming_strings = on;
      SET TIME ZONE 'UTC'
      """)
  }

  deinit { PQfinish(handle) }

  private static func connect(_ settings: [(String, String)]) -> OpaquePointer? {
    let keywords = settings.map { strdup($0.0) }
    let values = settings.map { strdup($0.1) }
    defer { (keywords + values).forEach { free($0) } }
    let keywordList = keywords.map { UnsafePointer($0) } + [nil]
    let valueList = values.map { UnsafePointer($0) } + [nil]
    return PQconnectdbParams(keywordList, valueList, 1)
  }

  var isAlive: Bool { PQstatus(handle) == CONNECTION_OK }

  func begin(_ mode: PostgresSession.Mode) throws {
    failure = nil
    if hasConflict {
      hasConflict = false
      try forgetStatements()
    }
    switch mode {
    case .reading: try simple("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    case .writing(nil): try simple("BEGIN ISOLATION LEVEL READ COMMITTED")
    case .writing(let lock?):
      // The lock comes before the first snapshot: what is read afterwards is what the last holder left.
      try simple("BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(\(lock.key))")
    }
  }

  func commit() throws {
    let result = PQexec(handle, "COMMIT")
    defer { PQclear(result) }
    guard PQresultStatus(result) == PGRES_COMMAND_OK else {
      guard isAlive else {
        throw DatabaseProblem(
          .outcomeUnknown,
          "The connection to the database broke while a change was being saved; it may or may not have been saved.")
      }
      throw DatabaseProblem(postgres: result, isAlive: true)
    }
    guard String(cString: PQcmdStatus(result)) == "COMMIT" else {
      throw DatabaseProblem(.unexpected, "The database undid a change instead of saving it.")
    }
  }

  /// False where the connection is of no use any more.
  func rollBack() -> Bool {
    guard PQtransactionStatus(handle) != PQTRANS_IDLE else { return true }
    return (try? simple("ROLLBACK")) != nil
  }

  func lock(_ lock: TransactionLock, isShared: Bool) throws {
    try simple("SELECT pg_advisory_xact_lock\(isShared ? "_shared" : "")(\(lock.key))")
  }

  func runScript(_ sql: String) throws { try simple(sql) }

  func run(_ sql: String, _ parameters: [SQLValue]) throws -> SQLOutcome {
    let name = try prepared(sql, types: parameters.map(\.type))
    let result = PostgresParameters.execute(handle, statement: name, parameters)
    defer { PQclear(result) }
    return try outcome(of: result, statement: name)
  }

  private func prepared(_ sql: String, types: [SQLType]) throws -> String {
    let key = StatementKey(sql: sql, types: types)
    if let name = statements[key] { return name }
    if statements.count >= Self.maximumStatements {
      try forgetStatements()
    }
    let name = "s\(statements.count)"
    let result = PQprepare(handle, name, ParameterMarks.rewritten(sql), Int32(types.count), types.map(\.postgresType))
    defer { PQclear(result) }
    try check(result)
    statements[key] = name
    return name
  }

  private func forgetStatements() throws {
    statements = [:]
    columns = [:]
    try simple("DEALLOCATE ALL")
  }

  private func outcome(of result: OpaquePointer?, statement: String) throws -> SQLOutcome {
    try check(result)
    let rowCount = Int(PQntuples(result))
    let changed = Int(String(cString: PQcmdTuples(result))) ?? 0
    let columnCount = Int(PQnfields(result))
    guard columnCount > 0 else { return SQLOutcome(rows: [], changed: changed) }
    let names: SQLColumns
    if let known = columns[statement] {
      names = known
    } else {
      names = SQLColumns((0..<columnCount).map { String(cString: PQfname(result, Int32($0))) })
      columns[statement] = names
    }
    do {
      let rows = try (0..<rowCount).map { row in
        SQLRow(
          columns: names,
          values: try (0..<columnCount).map { try PostgresResult.value(result, row: Int32(row), column: Int32($0)) })
      }
      return SQLOutcome(rows: rows, changed: changed)
    } catch let problem as DatabaseProblem {
      failure = failure ?? problem
      throw problem
    }
  }

  private func simple(_ sql: String) throws {
    let result = PQexec(handle, sql)
    defer { PQclear(result) }
    try check(result)
  }

  private func check(_ result: OpaquePointer?) throws {
    let status = PQresultStatus(result)
    guard status != PGRES_COMMAND_OK, status != PGRES_TUPLES_OK else { return }
    let problem = DatabaseProblem(postgres: result, isAlive: isAlive)
    failure = failure ?? problem
    hasConflict = hasConflict || DatabaseProblem.isConflict(result)
    throw problem
  }
}
