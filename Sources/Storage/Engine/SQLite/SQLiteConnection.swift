import Foundation
import GRDB

/// A connection of GRDB inside a transaction.
final class SQLiteConnection: SQLConnection {
  let vendor = SQLVendor.sqlite
  /// The first statement that failed. PostgreSQL refuses to commit after one; so do we, everywhere.
  private(set) var failure: DatabaseProblem?
  private let database: GRDB.Database

  init(_ database: GRDB.Database) { self.database = database }

  func run(_ sql: String, _ parameters: [SQLValue]) throws -> SQLOutcome {
    try mapped {
      let statement = try database.cachedStatement(sql: sql)
      try statement.setArguments(StatementArguments(parameters.map(\.databaseValue)))
      guard statement.columnCount > 0 else {
        try statement.execute()
        return SQLOutcome(rows: [], changed: database.changesCount)
      }
      let columns = SQLColumns(statement.columnNames)
      var rows: [SQLRow] = []
      let cursor = try Row.fetchCursor(statement)
      while let row = try cursor.next() {
        rows.append(SQLRow(columns: columns, values: try row.databaseValues.map(SQLValue.init(databaseValue:))))
      }
      return SQLOutcome(rows: rows, changed: rows.count)
    }
  }

  func runScript(_ sql: String) throws {
    try mapped { try database.execute(sql: sql) }
  }

  func lock(_ lock: TransactionLock, isShared: Bool) throws {}

  private func mapped<Value>(_ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch {
      let problem = DatabaseProblem(sqlite: error)
      failure = failure ?? problem
      throw problem
    }
  }
}

extension SQLValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .int64(let value): value.databaseValue
    case .text(let value): value.databaseValue
    case .bytes(let value): Data(value).databaseValue
    }
  }

  fileprivate init(databaseValue: DatabaseValue) throws {
    switch databaseValue.storage {
    case .null: self = .null(.text)
    case .int64(let value): self = .int64(value)
    case .string(let value): self = .text(value)
    case .blob(let value): self = .bytes([UInt8](value))
    case .double:
      throw DatabaseProblem(.corrupt, "The database holds a floating-point number where none belongs.")
    }
  }
}
