/// The names of a statement's columns, shared by all its rows.
final class SQLColumns: Sendable {
  private let positions: [String: Int]

  init(_ names: [String]) {
    positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  func position(of name: String) -> Int? { positions[name] }
}

/// One row of a result. A column that is missing or of another type than asked for is a ``DatabaseProblem`` of kind
/// `corrupt`, which names the column and never the value.
struct SQLRow: Sendable {
  let columns: SQLColumns
  let values: [SQLValue]

  func int64(_ column: String) throws -> Int64 {
    guard case .int64(let value) = try value(column) else { throw unreadable(column) }
    return value
  }

  func text(_ column: String) throws -> String {
    guard case .text(let value) = try value(column) else { throw unreadable(column) }
    return value
  }

  func bytes(_ column: String) throws -> [UInt8] {
    guard case .bytes(let value) = try value(column) else { throw unreadable(column) }
    return value
  }

  func flag(_ column: String) throws -> Bool { try int64(column) != 0 }

  func optionalInt64(_ column: String) throws -> Int64? { try isNull(column) ? nil : int64(column) }
  func optionalText(_ column: String) throws -> String? { try isNull(column) ? nil : text(column) }
  func optionalBytes(_ column: String) throws -> [UInt8]? { try isNull(column) ? nil : bytes(column) }

  func isNull(_ column: String) throws -> Bool {
    if case .null = try value(column) { true } else { false }
  }

  func unreadable(_ column: String) -> DatabaseProblem {
    DatabaseProblem(
      .corrupt, "The database holds a value in column '\(column)' that this version of Packhouse cannot read.")
  }

  private func value(_ column: String) throws -> SQLValue {
    guard let position = columns.position(of: column), position < values.count else { throw unreadable(column) }
    return values[position]
  }
}
