public import Core

/// What a command finds when it claims its idempotency key. Rule R-6.
public enum IdempotencyClaim: Hashable, Sendable {
  /// Nobody used the key before: go on, and record the result in the same transaction.
  case new
  /// The command was done before, with this result.
  case done(result: String)
}

extension Transaction {
  /// Claims `key` within `scope`. In one transaction with the command itself, so that a key without a result never
  /// stays: a concurrent claim waits for the first transaction's end.
  public func claim(scope: String, key: String, at instant: Instant) throws -> IdempotencyClaim {
    let claimed = try execute(
      """
      INSERT INTO idempotency_claims (scope, claim_key, claimed_at) VALUES (?1, ?2, ?3)
      ON CONFLICT (scope, claim_key) DO NOTHING
      """, [SQLValue(scope), SQLValue(key), SQLValue(instant)])
    guard claimed == 0 else { return .new }
    let row = try queryOne(
      "SELECT result FROM idempotency_claims WHERE scope = ?1 AND claim_key = ?2", [SQLValue(scope), SQLValue(key)])
    return .done(result: try row?.optionalText("result") ?? "")
  }

  /// Records what the command gave, such as the id of what it made. It must not hold a secret.
  public func recordResult(_ result: String, scope: String, key: String) throws {
    try execute(
      "UPDATE idempotency_claims SET result = ?3 WHERE scope = ?1 AND claim_key = ?2",
      [SQLValue(scope), SQLValue(key), SQLValue(result)])
  }

  /// Forgets claims up to `instant`.
  public func pruneClaims(upTo instant: Instant) throws {
    try execute("DELETE FROM idempotency_claims WHERE claimed_at <= ?1", [SQLValue(instant)])
  }
}
