import Foundation
public import Storage

/// Which engine a test runs on.
public enum TestEngine: String, Sendable, CaseIterable {
  case sqlite
  case postgres

  /// The environment variable that holds the address of a throwaway PostgreSQL server.
  public static let postgresVariable = "PACKHOUSE_TEST_POSTGRES"

  static var postgresURL: String? {
    ProcessInfo.processInfo.environment[postgresVariable].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// SQLite always; PostgreSQL where a server was named (`make test` always names one).
  public static var available: [TestEngine] { postgresURL == nil ? [.sqlite] : [.sqlite, .postgres] }
}

/// A fresh database that is gone after the test.
public struct TestDatabase: Sendable {
  public let engine: TestEngine
  public let location: DatabaseLocation
  public let database: Database

  /// PostgreSQL databases open at once over all tests of a process: a server has few connections.
  private static let slots = TestSlots(6)

  /// Runs `body` on every available engine, one after the other, each time on a fresh database.
  public static func each(
    connections: Int = 4, _ body: (TestDatabase) async throws -> Void
  ) async throws {
    for engine in TestEngine.available { try await with(engine, connections: connections, body) }
  }

  /// Runs `body` on a fresh database of one engine.
  public static func with<Value: Sendable>(
    _ engine: TestEngine, connections: Int = 4, _ body: (TestDatabase) async throws -> Value
  ) async throws -> Value {
    switch engine {
    case .sqlite:
      return try await TemporaryFolder.with { folder in
        try await run(engine, .sqlite(path: folder + "/test.sqlite"), connections, body)
      }
    case .postgres:
      guard let server = TestEngine.postgresURL else {
        throw DatabaseProblem(.unreachable, "\(TestEngine.postgresVariable) names no PostgreSQL server.")
      }
      let schema = PostgresSchema(serverURL: server, name: "test_" + TemporaryFolder.uniqueName())
      return try await slots.use {
        try await schema.create()
        do {
          let value = try await run(engine, .postgres(url: schema.url), connections, body)
          try await schema.drop()
          return value
        } catch {
          try? await schema.drop()
          throw error
        }
      }
    }
  }

  private static func run<Value>(
    _ engine: TestEngine, _ location: DatabaseLocation, _ connections: Int,
    _ body: (TestDatabase) async throws -> Value
  ) async throws -> Value {
    let database = try await Database.open(location, connections: connections)
    do {
      let value = try await body(TestDatabase(engine: engine, location: location, database: database))
      await database.close()
      return value
    } catch {
      await database.close()
      throw error
    }
  }
}

/// Lets so many pieces of work run at once.
actor TestSlots {
  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) { free = count }

  nonisolated func use<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    await take()
    do {
      let value = try await body()
      await give()
      return value
    } catch {
      await give()
      throw error
    }
  }

  private func take() async {
    if free > 0 {
      free -= 1
    } else {
      await withCheckedContinuation { waiting.append($0) }
    }
  }

  private func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}
