/// A running transaction. Its functions stand in one folder for each noun of Core; they take and give Core types only.
///
/// Every error inside ends the transaction: no body catches a ``DatabaseProblem`` and goes on, because PostgreSQL would
/// not; what may be refused is written with `ON CONFLICT`.
public struct Transaction {
  /// A text or byte value above this is refused: nothing that belongs into a row is so large.
  static let maximumValueBytes = 16_000_000

  let connection: any SQLConnection
  let changes: PendingChanges

  init(_ connection: any SQLConnection) {
    self.connection = connection
    changes = PendingChanges()
  }

  /// Executes a statement that gives no rows; answers how many it changed.
  @discardableResult
  func execute(_ sql: String, _ parameters: [SQLValue] = []) throws -> Int {
    try checkLimits(parameters)
    return try connection.run(sql, parameters).changed
  }

  func query(_ sql: String, _ parameters: [SQLValue] = []) throws -> [SQLRow] {
    try checkLimits(parameters)
    return try connection.run(sql, parameters).rows
  }

  func queryOne(_ sql: String, _ parameters: [SQLValue] = []) throws -> SQLRow? {
    try query(sql, parameters).first
  }

  func lock(_ lock: TransactionLock, isShared: Bool = false) throws {
    try connection.lock(lock, isShared: isShared)
  }

  /// Both engines refuse the same values: PostgreSQL holds no zero byte in a text, SQLite would.
  private func checkLimits(_ parameters: [SQLValue]) throws {
    for parameter in parameters {
      switch parameter {
      case .text(let text):
        guard text.utf8.count <= Self.maximumValueBytes else { throw Self.tooLarge }
        guard !text.utf8.contains(0) else {
          throw DatabaseProblem(.invalidValue, "A text holds a zero byte; the database cannot keep it.")
        }
      case .bytes(let bytes):
        guard bytes.count <= Self.maximumValueBytes else { throw Self.tooLarge }
      case .int64, .null: break
      }
    }
  }

  private static let tooLarge = DatabaseProblem(
    .invalidValue, "A value is larger than \(maximumValueBytes) bytes; the database does not keep it.")
}

/// The changes that a transaction will add to the change feed at its end.
final class PendingChanges {
  var list: [(kind: ChangeKind, id: String)] = []
}
