import Core
import Synchronization
import TestSupport
import Testing

@testable import Storage

@Suite("What only PostgreSQL needs")
struct PostgresTests {
  @Test("Marks of parameters are rewritten outside of quotes only")
  func marks() {
    #expect(
      ParameterMarks.rewritten("a = ?1 AND b = '?2' AND \"c?3\" = ?12") == "a = $1 AND b = '?2' AND \"c?3\" = $12")
  }

  @Test("A server that does not answer is told in a sentence, without the password")
  func unreachable() async throws {
    await #expect {
      _ = try await Database.open(.postgres(url: "postgresql://ada:sesame@127.0.0.1:1/packhouse"))
    } throws: { error in
      guard let problem = error as? DatabaseProblem else { return false }
      return problem.kind == .unreachable && !problem.message.contains("sesame")
        && problem.message.contains("127.0.0.1")
    }
    await #expect {
      _ = try await Database.open(.postgres(url: "postgresql://ada:ses%zame@127.0.0.1:1/packhouse"))
    } throws: { error in
      guard let problem = error as? DatabaseProblem else { return false }
      return problem.kind == .unreachable && !problem.message.contains("zame")
    }
  }

  @Test(
    "A connection that broke before the commit is made anew and the body runs again, once in effect",
    .enabled(if: TestEngine.available.contains(.postgres)))
  func reconnect() async throws {
    try await TestDatabase.with(.postgres, connections: 1) { test in
      let counter = RunCounter()
      try await test.database.write { transaction in
        try transaction.insert(Sample.company())
        if counter.next() == 1 { _ = try? transaction.query("SELECT pg_terminate_backend(pg_backend_pid()) AS gone") }
        _ = try transaction.companies()
      }
      #expect(counter.value == 2)
      #expect(try await test.database.read { try $0.companies().count } == 1)
    }
  }

  @Test(
    "More kinds of statement than are kept prepared still work", .enabled(if: TestEngine.available.contains(.postgres)))
  func manyStatements() async throws {
    try await TestDatabase.with(.postgres, connections: 1) { test in
      let sum = try await test.database.read { transaction in
        try (0..<600).reduce(into: Int64(0)) { sum, number in
          sum += try transaction.queryOne("SELECT ?1 + \(number) AS total", [.int64(1)])?.int64("total") ?? 0
        }
      }
      #expect(sum == 600 + 599 * 300)
    }
  }

  @Test("A closed database says so")
  func closed() async throws {
    try await TestDatabase.each { test in
      await test.database.close()
      await #expect(throws: DatabaseProblem.self) { _ = try await test.database.read { try $0.companies() } }
    }
  }
}

/// Counts how often something ran.
final class RunCounter: Sendable {
  private let count = Mutex(0)

  var value: Int { count.withLock { $0 } }

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
