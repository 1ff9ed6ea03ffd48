import Core
import Foundation
import Storage

extension PlatformContext {
  /// Bytes of an idempotency key.
  static let longestIdempotencyKey = 100

  /// True for a key that can be kept. PostgreSQL takes no zero byte.
  static func isIdempotencyKey(_ text: String) -> Bool {
    (1...longestIdempotencyKey).contains(text.utf8.count) && !text.utf8.contains(0)
  }

  /// Runs one change of a company's facts in one transaction under the company's lock, with what became due before it,
  /// the ledger entries that follow from it and its activity. Rules T-3, R-6, A-7, G-20.
  ///
  /// A repeat with the same `scope` and `idempotencyKey` gives the first one's outcome and does nothing. `.dryRun` takes
  /// the same path, rolls back, and claims no key; with one it also tells what was done under it. `body` may run more than
  /// once.
  func change<Outcome: Codable & Sendable>(
    _ company: CompanyID, as actor: Actor, scope: String, idempotencyKey: String, mode: ChangeMode = .commit,
    _ body: @escaping @Sendable (inout CompanyWork) throws -> Outcome
  ) async throws -> Changed<Outcome> {
    guard Self.isIdempotencyKey(idempotencyKey) || mode == .dryRun && idempotencyKey.isEmpty else {
      throw PlatformError.invalid("idempotencyKey", "Open the form again: it has no valid submit key.")
    }
    let scope = "\(scope):\(company)"
    do {
      return try await write(locking: .company(company)) { transaction in
        // Of a dry run the claim is rolled back with everything else.
        if !idempotencyKey.isEmpty, let earlier: Outcome = try claim(scope, idempotencyKey, transaction) {
          return Changed(outcome: earlier, wasRepeated: true)
        }
        let outcome = try run(body, company, actor, transaction)
        guard mode == .commit else { throw DryRunEnd(outcome: outcome) }
        try transaction.recordResult(
          String(decoding: try JSONEncoder().encode(outcome), as: UTF8.self), scope: scope, key: idempotencyKey)
        return Changed(outcome: outcome, wasRepeated: false)
      }
    } catch let end as DryRunEnd<Outcome> {
      return Changed(outcome: end.outcome, wasRepeated: false)
    }
  }

  private func run<Outcome>(
    _ body: (inout CompanyWork) throws -> Outcome, _ company: CompanyID, _ actor: Actor, _ transaction: Transaction
  ) throws -> Outcome {
    guard let before = try companies.keptStanding(of: company, transaction) else {
      throw PlatformError.notFound("There is no such company.")
    }
    let time = clock.now()
    try settle(before, upTo: time, transaction)
    let now = max(time, try transaction.settledAt(of: company).adding(milliseconds: 1))
    var work = CompanyWork(transaction: transaction, context: self, actor: actor, standing: before, now: now)
    let outcome = try body(&work)
    // What was recorded takes effect from `now` on, so that it follows all that is in the ledger.
    try settle(company, upTo: now, transaction)
    try appendActivity(work.deeds, of: company, actor: actor, at: now, transaction)
    return outcome
  }

  /// The outcome of an earlier change with the same `scope` and `key`; nil claims the key for this transaction.
  func claim<Outcome: Decodable>(
    _ scope: String, _ key: String, _ transaction: Transaction
  ) throws -> Outcome? {
    guard case .done(let result) = try transaction.claim(scope: scope, key: key, at: clock.now()) else { return nil }
    guard let outcome = try? JSONDecoder().decode(Outcome.self, from: Data(result.utf8)) else {
      throw PlatformError.conflict("This was sent before, by an older version of the program. Open the page again.")
    }
    return outcome
  }
}

/// Carries what a dry run found out of the transaction that it rolls back.
private struct DryRunEnd<Outcome: Sendable>: Error {
  let outcome: Outcome
}
