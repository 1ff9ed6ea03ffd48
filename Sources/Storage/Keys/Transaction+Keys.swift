public import Core

extension Transaction {
  /// Rule G-12: only the hash of the secret is kept.
  public func insert(_ key: ResourceKey) throws {
    try execute(
      """
      INSERT INTO resource_keys
        (id, resource_id, description, secret_hash, created_by, created_at, expires_at, monthly_limit_nano,
         revoked_at, companion_of)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
      """,
      [
        SQLValue(key.id), SQLValue(key.resourceID), SQLValue(key.description), SQLValue(key.secretHash),
        SQLValue(key.createdBy), SQLValue(key.createdAt), SQLValue(key.expiresAt), SQLValue(key.monthlyLimit),
        SQLValue(key.revokedAt), SQLValue(key.companionOf),
      ])
    recordChange(.key, key.id.text)
  }

  public func key(_ id: KeyID) throws -> ResourceKey? {
    try queryOne("SELECT * FROM resource_keys WHERE id = ?1", [SQLValue(id)]).map(ResourceKey.init(row:))
  }

  /// Revoked ones included, newest first.
  public func keys(of resource: ResourceID) throws -> [ResourceKey] {
    try query(
      "SELECT * FROM resource_keys WHERE resource_id = ?1 ORDER BY created_at DESC, id", [SQLValue(resource)]
    ).map(ResourceKey.init(row:))
  }

  /// Revokes a key and its companion (rules G-13, G-15). The first revocation stands.
  ///
  /// - Returns: false where there is no such key, or it was revoked before.
  @discardableResult
  public func revokeKey(_ id: KeyID, at instant: Instant) throws -> Bool {
    let revoked = try query(
      """
      UPDATE resource_keys SET revoked_at = ?2 WHERE (id = ?1 OR companion_of = ?1) AND revoked_at IS NULL
      RETURNING id
      """, [SQLValue(id), SQLValue(instant)]
    ).map { try $0.text("id") }
    for key in revoked { recordChange(.key, key) }
    return revoked.contains(id.text)
  }

  /// Revokes all keys of a resource that was deprovisioned. Rule A-6.
  public func revokeKeys(of resource: ResourceID, at instant: Instant) throws {
    let revoked = try query(
      "UPDATE resource_keys SET revoked_at = ?2 WHERE resource_id = ?1 AND revoked_at IS NULL RETURNING id",
      [SQLValue(resource), SQLValue(instant)])
    for row in revoked { recordChange(.key, try row.text("id")) }
  }

  /// When a key was last used; nil where never. As exact as usage has been applied.
  public func lastUsed(of id: KeyID) throws -> Instant? {
    try queryOne("SELECT last_used_at FROM resource_keys WHERE id = ?1", [SQLValue(id)])?
      .optionalInstant("last_used_at")
  }

  /// For every key of a resource that was ever used.
  public func lastUsed(of resource: ResourceID) throws -> [KeyID: Instant] {
    let rows = try query(
      "SELECT id, last_used_at FROM resource_keys WHERE resource_id = ?1 AND last_used_at IS NOT NULL",
      [SQLValue(resource)])
    return try Dictionary(
      rows.map { (try $0.id("id"), try $0.instant("last_used_at")) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ResourceKey {
  fileprivate init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), resourceID: try row.id("resource_id"), description: try row.text("description"),
      secretHash: try row.bytes("secret_hash"), createdBy: try row.optionalID("created_by"),
      createdAt: try row.instant("created_at"), expiresAt: try row.optionalInstant("expires_at"),
      monthlyLimit: try row.optionalInt64("monthly_limit_nano").map { GenAIUnits(nano: $0) },
      revokedAt: try row.optionalInstant("revoked_at"), companionOf: try row.optionalID("companion_of"))
  }
}
