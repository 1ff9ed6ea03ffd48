import GRDB

extension DatabaseProblem {
  /// Keeps the code and the table's name; GRDB's own description would quote the statement's arguments.
  init(sqlite error: any Error) {
    if let problem = error as? DatabaseProblem {
      self = problem
      return
    }
    guard let error = error as? DatabaseError else {
      self.init(.unexpected, "The database failed in an unexpected way.")
      return
    }
    switch error.extendedResultCode {
    case .SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY:
      self = .constraint(.unique, table: Self.table(in: error.message))
      return
    case .SQLITE_CONSTRAINT_FOREIGNKEY:
      self = .constraint(.foreignKey, table: nil)
      return
    case .SQLITE_CONSTRAINT_NOTNULL:
      self = .constraint(.notNull, table: Self.table(in: error.message))
      return
    case .SQLITE_CONSTRAINT_CHECK:
      self = .constraint(.check, table: nil)
      return
    default: break
    }
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(.busy, "The database is in use by another process; try again in a moment.")
    case .SQLITE_CORRUPT, .SQLITE_NOTADB:
      self.init(.corrupt, "The database file is damaged or is not a Packhouse database; restore it from a backup.")
    case .SQLITE_FULL:
      self.init(.full, "The disk that holds the database is full; make room and try again.")
    case .SQLITE_READONLY:
      self.init(.readOnly, "The database can only be read here; check the permissions of the data folder.")
    case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(.unreachable, "The database file cannot be opened; check that its folder exists and can be written.")
    case .SQLITE_IOERR:
      self.init(
        .unreachable, "The disk failed under the database (SQLite code \(error.extendedResultCode.rawValue)).")
    default:
      self.init(
        .unexpected, "The database failed in an unexpected way (SQLite code \(error.extendedResultCode.rawValue)).")
    }
  }

  /// `UNIQUE constraint failed: users.email` names the table before the dot.
  private static func table(in message: String?) -> String? {
    guard let place = message?.split(separator: ":").last?.split(separator: ",").first,
      let dot = place.firstIndex(of: ".")
    else { return nil }
    return place[..<dot].drop { $0 == " " }.description
  }
}
