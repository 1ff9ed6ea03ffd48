import Core
import Logging
import TestSupport

@testable import Platform
@testable import Storage

/// Activity of a world, and ways to tamper with it behind the program's back.
extension World {
  var audit: ActivityAudit { ActivityAudit(database: database, masterKey: context.masterKey) }

  /// Appends deeds as they are appended in changes, in a transaction of their own.
  func note(_ deeds: ActivityDeed..., by actor: Actor = .operator) async throws {
    try await context.write(locking: .company(company.id)) { transaction in
      try context.appendActivity(deeds, of: company.id, actor: actor, at: clock.now, transaction)
    }
  }

  /// So many more lines by the operator.
  func note(lines: Int) async throws {
    for number in 0..<lines { try await note(ActivityDeed(.settings, "Changed setting \(number)")) }
  }

  func tamper(_ sql: String) async throws {
    let changed = try await database.write { try $0.execute(sql) }
    guard changed > 0 else { throw Unexpected() }
  }

  /// Makes the hashes of all lines from `position` on fit again: what somebody does who knows how the chain is made.
  func rehash(from position: Int64) async throws {
    try await database.write { transaction in
      let lines = try transaction.activity(of: company.id, limit: 1_000).reversed()
      try transaction.execute("DELETE FROM activity_entries WHERE company_id = ?1", [SQLValue(company.id)])
      var head = ActivityHead.empty(company.id)
      for line in lines {
        let entry =
          line.position < position
          ? line
          : ActivityChain.entry(after: head, at: line.at, actor: line.actor, deed: line.deed, sha256: Digest.sha256)
        try transaction.append(entry)
        head = entry.head
      }
    }
  }

  /// What is wrong with the company's activity.
  func problems(since heads: [SignedActivityHead] = []) async throws -> [String] {
    try await audit.verify(company.id, since: heads).flatMap(\.report.problems)
  }

  /// The same installation with another log.
  func context(logger: Logger) -> PlatformContext {
    PlatformContext(
      database: database, catalog: context.catalog, branding: context.branding, addresses: context.addresses,
      masterKey: context.masterKey, clock: context.clock, random: context.random, logger: logger)
  }
}
