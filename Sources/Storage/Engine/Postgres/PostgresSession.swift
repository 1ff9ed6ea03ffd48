import CPostgres

/// One thread's connection: made when first needed, made anew after it broke.
final class PostgresSession {
  enum Mode {
    case reading
    case writing(TransactionLock?)
  }

  /// How often a transaction is tried when the connection breaks before its commit, or on a deadlock.
  static let attempts = 3

  private let url: String
  private var connection: PostgresConnection?

  init(url: String) { self.url = url }

  /// libpq's own message would quote parts of the address, perhaps the password.
  static func validate(url: String) throws {
    guard let options = PQconninfoParse(url, nil) else {
      throw DatabaseProblem(
        .unreachable,
        "The database address cannot be read; write it as postgresql://user:password@host:5432/database "
          + "with special characters of the password percent-encoded.")
    }
    PQconninfoFree(options)
  }

  func connect() throws { _ = try liveConnection() }

  func disconnect() { connection = nil }

  func transact<Value>(_ mode: Mode, _ body: (Transaction) throws -> Value) throws -> Value {
    var attempt = 1
    while true {
      let connection = try liveConnection()
      do {
        return try attemptOnce(connection, mode, body)
      } catch let problem as DatabaseProblem
        where attempt < Self.attempts && (problem.kind == .unreachable || connection.hasConflict)
      {
        attempt += 1
      }
    }
  }

  private func attemptOnce<Value>(
    _ connection: PostgresConnection, _ mode: Mode, _ body: (Transaction) throws -> Value
  ) throws -> Value {
    do {
      try connection.begin(mode)
      let transaction = Transaction(connection)
      let value = try body(transaction)
      if let failure = connection.failure { throw failure }
      try transaction.writePendingChanges()
      try connection.commit()
      return value
    } catch {
      if !connection.isAlive || !connection.rollBack() { self.connection = nil }
      throw error
    }
  }

  private func liveConnection() throws -> PostgresConnection {
    if let connection, connection.isAlive { return connection }
    connection = nil
    let fresh = try PostgresConnection(url: url)
    connection = fresh
    return fresh
  }
}
