/// Which engine executes the statements. Statements are the same for both; only the macros of the schema differ.
enum SQLVendor: Sendable, Hashable {
  case sqlite
  case postgres
}

/// What a statement gave back.
struct SQLOutcome: Sendable {
  var rows: [SQLRow]
  /// Rows inserted, updated or deleted.
  var changed: Int
}

/// One connection inside a transaction. Lives on one thread; never leaves it.
protocol SQLConnection: AnyObject {
  var vendor: SQLVendor { get }

  /// Executes one statement with parameters `?1`, `?2`, …
  func run(_ sql: String, _ parameters: [SQLValue]) throws -> SQLOutcome

  /// Executes statements without parameters, as migrations do.
  func runScript(_ sql: String) throws

  /// Takes a lock until the transaction's end. SQLite has one writer at a time and needs none.
  func lock(_ lock: TransactionLock, isShared: Bool) throws
}

/// A database that runs synchronous bodies in transactions, each on a thread where it may block.
///
/// A body may run more than once (a lost connection, a deadlock), so it changes nothing outside the transaction. A body
/// that throws leaves no trace. Cancelling the task does not interrupt a body that has begun.
protocol SQLDatabase: Sendable {
  var vendor: SQLVendor { get }

  /// One consistent snapshot; nothing can be changed.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

  /// A change that is saved wholly or not at all; with `lock`, no other change with the same lock runs beside it.
  func write<Value: Sendable>(
    locking lock: TransactionLock?, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value

  /// Ends all connections after what runs has finished.
  func close() async
}
