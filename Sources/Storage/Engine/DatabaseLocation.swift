/// Where the database is.
public enum DatabaseLocation: Hashable, Sendable {
  /// A file; its folder must exist. The file is made with access for its owner only.
  case sqlite(path: String)
  /// `postgresql://user:password@host:port/database`, or what else libpq reads.
  case postgres(url: String)
}

/// What somebody opens a database for.
public enum DatabaseAccess: Hashable, Sendable {
  /// Brings the schema up to date first.
  case readWrite
  /// Changes nothing, not even the schema; the database must exist and have this program's schema.
  case readOnly
}
