import Core
import TestSupport

/// Runs a scenario on every database engine, each time in an installation of its own.
func withWorld(
  tokens: CloudTokens = 200, running: Consumption = .zero, _ body: (World) async throws -> Void
) async throws {
  try await TestDatabase.each { test in
    try await TemporaryFolder.with { folder in
      try await body(try await World(test.database, folder: folder, tokens: tokens, running: running))
    }
  }
}

extension ManualClock {
  func advance(hours: Int64) { advance(seconds: hours * 3_600) }
  func advance(days: Int64) { advance(hours: days * 24) }
}
