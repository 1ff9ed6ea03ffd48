/// The engine for several machines: PostgreSQL over libpq.
final class PostgresDatabase: SQLDatabase {
  let vendor = SQLVendor.postgres
  private let threads: PostgresThreads

  private init(_ threads: PostgresThreads) { self.threads = threads }

  /// Connects once, so that a wrong address is told at start.
  static func open(url: String, connections: Int) async throws -> PostgresDatabase {
    try PostgresSession.validate(url: url)
    let database = PostgresDatabase(PostgresThreads(count: connections, url: url))
    do {
      try await database.run { try $0.connect() }
      return database
    } catch {
      await database.close()
      throw error
    }
  }

  func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value {
    try await run { try $0.transact(.reading, body) }
  }

  func write<Value: Sendable>(
    locking lock: TransactionLock?, _ body: @escaping @Sendable (Transaction) throws -> Value
  ) async throws -> Value {
    try await run { try $0.transact(.writing(lock), body) }
  }

  private func run<Value: Sendable>(_ work: @escaping @Sendable (PostgresSession) throws -> Value) async throws -> Value
  {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try threads.submit { session in continuation.resume(with: Result { try work(session) }) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  func close() async { await threads.close() }
}
