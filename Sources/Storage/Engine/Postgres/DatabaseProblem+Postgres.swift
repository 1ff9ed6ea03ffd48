import CPostgres

extension DatabaseProblem {
  /// Keeps the SQLSTATE and the table's name; the server's own message may quote values.
  init(postgres result: OpaquePointer?, isAlive: Bool) {
    guard isAlive, let result else {
      self.init(.unreachable, "The connection to the PostgreSQL server broke.")
      return
    }
    let state = Self.field(result, UInt8(ascii: "C")) ?? "none"
    let table = Self.field(result, UInt8(ascii: "t"))
    switch state {
    case "23505": self = .constraint(.unique, table: table)
    case "23503": self = .constraint(.foreignKey, table: nil)
    case "23502": self = .constraint(.notNull, table: table)
    case "23514": self = .constraint(.check, table: nil)
    case "40001", "40P01", "55P03", "57014":
      self.init(.busy, "Another change held the database for too long; try again in a moment.")
    case "53100": self.init(.full, "The disk of the PostgreSQL server is full; make room and try again.")
    case "25006": self.init(.readOnly, "The database can only be read here.")
    case "XX001", "XX002":
      self.init(.corrupt, "The PostgreSQL server reports damaged data; restore the database from a backup.")
    case "57P01", "57P02", "57P03":
      self.init(.unreachable, "The PostgreSQL server is stopping or starting; try again in a moment.")
    default:
      self =
        state.hasPrefix("08")
        ? DatabaseProblem(.unreachable, "The connection to the PostgreSQL server broke.")
        : DatabaseProblem(.unexpected, "The database failed in an unexpected way (PostgreSQL code \(state)).")
    }
  }

  /// A deadlock, a failed serialization, or a prepared statement that another process's migration made stale.
  static func isConflict(_ result: OpaquePointer?) -> Bool {
    guard let result, let state = field(result, UInt8(ascii: "C")) else { return false }
    return ["40001", "40P01", "0A000"].contains(state)
  }

  /// A diagnostic field; libpq names them by letters: `C` the SQLSTATE, `t` the table.
  private static func field(_ result: OpaquePointer, _ letter: UInt8) -> String? {
    PQresultErrorField(result, Int32(letter)).map { String(cString: $0) }
  }
}
