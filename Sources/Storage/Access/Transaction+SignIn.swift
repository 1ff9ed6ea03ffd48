public import Core

extension Transaction {
  /// Failures that are read at once: more than enough for the longest wait of ``SignInThrottle``.
  static let maximumSignInFailures = 1_000

  /// Rule P-5.
  public func recordSignInFailure(_ failure: SignInFailure) throws {
    try execute(
      "INSERT INTO sign_in_failures (email, address, failed_at) VALUES (?1, ?2, ?3)",
      [SQLValue(failure.email), SQLValue(failure.address), SQLValue(failure.at)])
  }

  /// The newest failures of an account or of an address after `instant`; what ``SignInThrottle`` decides from.
  public func signInFailures(email: String, address: String, since instant: Instant) throws -> [SignInFailure] {
    try query(
      """
      SELECT email, address, failed_at FROM sign_in_failures WHERE email = ?1 AND failed_at > ?3
      UNION ALL
      SELECT email, address, failed_at FROM sign_in_failures WHERE address = ?2 AND email <> ?1 AND failed_at > ?3
      ORDER BY failed_at DESC LIMIT ?4
      """, [SQLValue(email), SQLValue(address), SQLValue(instant), SQLValue(Self.maximumSignInFailures)]
    ).map(SignInFailure.init(row:))
  }

  /// Every failure after `instant`, newest first.
  public func signInFailures(since instant: Instant) throws -> [SignInFailure] {
    try query(
      "SELECT email, address, failed_at FROM sign_in_failures WHERE failed_at > ?1 ORDER BY failed_at DESC LIMIT ?2",
      [SQLValue(instant), SQLValue(Self.maximumSignInFailures)]
    ).map(SignInFailure.init(row:))
  }

  /// After a success the account's failures no longer count.
  public func clearSignInFailures(email: String) throws {
    try execute("DELETE FROM sign_in_failures WHERE email = ?1", [SQLValue(email)])
  }

  /// Forgets failures up to `instant`.
  public func pruneSignInFailures(upTo instant: Instant) throws {
    try execute("DELETE FROM sign_in_failures WHERE failed_at <= ?1", [SQLValue(instant)])
  }

  /// Keeps the hash of a one-time set-up token, in place of every earlier one. Rule P-1.
  public func setSetUpToken(hash: [UInt8], createdAt: Instant, expiresAt: Instant) throws {
    try execute("DELETE FROM set_up_tokens")
    try execute(
      "INSERT INTO set_up_tokens (token_hash, created_at, expires_at) VALUES (?1, ?2, ?3)",
      [SQLValue(hash), SQLValue(createdAt), SQLValue(expiresAt)])
  }

  /// True while the token may be used at `instant`.
  public func isSetUpTokenValid(hash: [UInt8], at instant: Instant) throws -> Bool {
    try queryOne(
      "SELECT 1 AS found FROM set_up_tokens WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2",
      [SQLValue(hash), SQLValue(instant)]) != nil
  }

  /// Uses the token up.
  ///
  /// - Returns: false where it is unknown, used or expired.
  public func useSetUpToken(hash: [UInt8], at instant: Instant) throws -> Bool {
    try execute(
      "UPDATE set_up_tokens SET used_at = ?2 WHERE token_hash = ?1 AND used_at IS NULL AND expires_at > ?2",
      [SQLValue(hash), SQLValue(instant)]) > 0
  }
}

extension SignInFailure {
  fileprivate init(row: SQLRow) throws {
    self.init(email: try row.text("email"), address: try row.text("address"), at: try row.instant("failed_at"))
  }
}
