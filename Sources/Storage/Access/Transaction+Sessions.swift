public import Core

extension Transaction {
  /// Rule P-5. Only the hash of the token that proves the session is kept.
  public func insert(_ session: Session, tokenHash: [UInt8]) throws {
    try execute(
      """
      INSERT INTO sessions (id, token_hash, user_id, created_at, last_seen_at, address, user_agent)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      """,
      [
        SQLValue(session.id), SQLValue(tokenHash), SQLValue(session.userID), SQLValue(session.createdAt),
        SQLValue(session.lastSeenAt), SQLValue(session.address), SQLValue(session.userAgent),
      ])
    try noteSeen(session.userID, at: session.lastSeenAt)
  }

  public func session(tokenHash: [UInt8]) throws -> Session? {
    try queryOne("SELECT * FROM sessions WHERE token_hash = ?1", [SQLValue(tokenHash)]).map(Session.init(row:))
  }

  /// Newest first.
  public func sessions(of user: UserID) throws -> [Session] {
    try query("SELECT * FROM sessions WHERE user_id = ?1 ORDER BY created_at DESC, id", [SQLValue(user)])
      .map(Session.init(row:))
  }

  /// Records the latest request, also for its person; an earlier instant changes nothing.
  public func touchSession(_ id: Identifier<Session>, at instant: Instant) throws {
    try execute(
      "UPDATE sessions SET last_seen_at = ?2 WHERE id = ?1 AND last_seen_at < ?2", [SQLValue(id), SQLValue(instant)])
    let owner = try queryOne("SELECT user_id FROM sessions WHERE id = ?1", [SQLValue(id)])
    if let owner { try noteSeen(try owner.id("user_id"), at: instant) }
  }

  /// - Returns: false where there was none.
  @discardableResult
  public func deleteSession(_ id: Identifier<Session>) throws -> Bool {
    let owner = try queryOne("SELECT user_id FROM sessions WHERE id = ?1", [SQLValue(id)])
    guard let owner else { return false }
    try execute("DELETE FROM sessions WHERE id = ?1", [SQLValue(id)])
    recordChange(.user, try owner.text("user_id"))
    return true
  }

  /// Ends all sessions of somebody, but not `kept`. Rule G-21.
  public func deleteSessions(of user: UserID, except kept: Identifier<Session>? = nil) throws {
    try execute(
      "DELETE FROM sessions WHERE user_id = ?1 AND id <> ?2", [SQLValue(user), SQLValue(kept?.text ?? "")])
    recordChange(.user, user.text)
  }

  /// Sets a new password and ends every session. No sign-in with the old password comes in between: both take the
  /// person's lock until their transaction's end. Rule G-21.
  public func replacePassword(of user: UserID, by hash: String) throws {
    try lock(.user(user))
    try setPasswordHash(hash, of: user)
    try deleteSessions(of: user)
  }

  /// Forgets sessions that have ended by time.
  public func deleteExpiredSessions(at instant: Instant) throws {
    try execute(
      "DELETE FROM sessions WHERE last_seen_at <= ?1 OR created_at <= ?2",
      [
        SQLValue(instant.adding(milliseconds: -Session.longestIdle)),
        SQLValue(instant.adding(milliseconds: -Session.longestLife)),
      ])
  }
}

extension Session {
  fileprivate init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), userID: try row.id("user_id"), createdAt: try row.instant("created_at"),
      lastSeenAt: try row.instant("last_seen_at"), address: try row.text("address"),
      userAgent: try row.text("user_agent"))
  }
}
