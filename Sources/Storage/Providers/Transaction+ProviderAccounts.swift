public import Core

/// The stored provider accounts, as far as their rows can be read.
public struct StoredProviderAccounts: Hashable, Sendable {
  /// By name.
  public let readable: [StoredProviderAccount]
  /// Names of rows that hold what no account holds: they must not hide the others.
  public let unreadable: [String]
}

extension Transaction {
  /// Every stored account.
  public func providerAccounts() throws -> StoredProviderAccounts {
    var (readable, unreadable): ([StoredProviderAccount], [String]) = ([], [])
    for row in try query(
      "SELECT * FROM provider_accounts ORDER BY name LIMIT ?1", [SQLValue(StoredProviderAccount.limit)])
    {
      do { readable.append(try StoredProviderAccount(row: row)) } catch { unreadable.append(try row.text("name")) }
    }
    return StoredProviderAccounts(readable: readable, unreadable: unreadable)
  }

  /// True where there is an account of this name, readable or not.
  public func hasProviderAccount(_ name: String) throws -> Bool {
    try queryOne("SELECT 1 AS found FROM provider_accounts WHERE name = ?1", [SQLValue(name)]) != nil
  }

  public func providerAccountCount() throws -> Int {
    Int(try queryOne("SELECT COUNT(*) AS total FROM provider_accounts")?.int64("total") ?? 0)
  }

  /// Keeps `account`, in place of an earlier one of its name.
  public func put(_ account: StoredProviderAccount) throws {
    try execute(
      """
      INSERT INTO provider_accounts
        (name, kind, region, endpoint, key_id, nonce, sealed_secret, fingerprint, created_at, changed_at, changed_by)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
      ON CONFLICT (name) DO UPDATE SET
        kind = ?2, region = ?3, endpoint = ?4, key_id = ?5, nonce = ?6, sealed_secret = ?7, fingerprint = ?8,
        created_at = ?9, changed_at = ?10, changed_by = ?11
      """,
      [
        SQLValue(account.name), SQLValue(account.kind.rawValue), SQLValue(account.region), SQLValue(account.endpoint),
        SQLValue(account.secret.keyID), SQLValue(account.secret.nonce), SQLValue(account.secret.box),
        SQLValue(account.secret.fingerprint), SQLValue(account.createdAt), SQLValue(account.changedAt),
        SQLValue(account.changedBy),
      ])
    recordChange(.providerAccount, account.name)
  }

  /// Forgets an account with its secret. False where there is none.
  @discardableResult
  public func deleteProviderAccount(_ name: String) throws -> Bool {
    let count = try execute("DELETE FROM provider_accounts WHERE name = ?1", [SQLValue(name)])
    if count > 0 { recordChange(.providerAccount, name) }
    return count > 0
  }
}

extension StoredProviderAccount {
  fileprivate init(row: SQLRow) throws {
    self.init(
      name: try row.text("name"), kind: try row.label("kind"), region: try row.optionalID("region"),
      endpoint: try row.optionalText("endpoint"),
      secret: SealedSecret(
        keyID: try row.text("key_id"), nonce: try row.bytes("nonce"), box: try row.bytes("sealed_secret"),
        fingerprint: try row.text("fingerprint")),
      createdAt: try row.instant("created_at"), changedAt: try row.instant("changed_at"),
      changedBy: try row.text("changed_by"))
  }
}
