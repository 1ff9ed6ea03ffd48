/// What a column can hold on every engine. Flags are 0 and 1, instants are milliseconds, days are day numbers.
enum SQLType: Hashable, Sendable {
  case int64
  case text
  case bytes
}

/// A value on its way to or from a row. A null knows its type, because parameter types are always sent.
enum SQLValue: Hashable, Sendable {
  case null(SQLType)
  case int64(Int64)
  case text(String)
  case bytes([UInt8])

  var type: SQLType {
    switch self {
    case .null(let type): type
    case .int64: .int64
    case .text: .text
    case .bytes: .bytes
    }
  }
}

extension SQLValue {
  init(_ value: Int64) { self = .int64(value) }
  init(_ value: Int) { self = .int64(Int64(value)) }
  init(_ value: Bool) { self = .int64(value ? 1 : 0) }
  init(_ value: String) { self = .text(value) }
  init(_ value: [UInt8]) { self = .bytes(value) }

  init(_ value: Int64?) { self = value.map { .int64($0) } ?? .null(.int64) }
  init(_ value: String?) { self = value.map { .text($0) } ?? .null(.text) }
  init(_ value: [UInt8]?) { self = value.map { .bytes($0) } ?? .null(.bytes) }
}
