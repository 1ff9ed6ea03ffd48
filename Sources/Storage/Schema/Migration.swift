/// One step of the schema, applied once and never edited afterwards.
struct Migration: Sendable {
  let version: Int
  let name: String
  /// Written once for both engines over the macros of ``SchemaMacros``.
  let statements: [String]

  /// Tells a migration that was applied from one that was edited since: 64-bit FNV-1a over the statements.
  var checksum: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for statement in statements {
      for byte in statement.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
      hash = (hash ^ 0x1f) &* 0x0000_0100_0000_01b3
    }
    return String(hash, radix: 16)
  }
}

/// The words in which the engines differ.
enum SchemaMacros {
  static func expanded(_ statement: String, for vendor: SQLVendor) -> String {
    let words: [(String, String)] =
      switch vendor {
      case .sqlite:
        [("{int64}", "INTEGER"), ("{text}", "TEXT"), ("{bytes}", "BLOB"), ("{strict}", " STRICT")]
      case .postgres:
        [("{int64}", "BIGINT"), ("{text}", "TEXT COLLATE \"C\""), ("{bytes}", "BYTEA"), ("{strict}", "")]
      }
    return words.reduce(statement) { $0.replacing($1.0, with: $1.1) }
  }
}
