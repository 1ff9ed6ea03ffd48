public import Core

extension Transaction {
  /// Rule P-2. Throws a duplicate in `companies` where the id is taken.
  public func insert(_ company: Company) throws {
    try execute(
      """
      INSERT INTO companies (id, name, time_zone, external_invitations_enabled, created_at)
      VALUES (?1, ?2, ?3, ?4, ?5)
      """,
      [
        SQLValue(company.id), SQLValue(company.name), SQLValue(company.timeZone),
        SQLValue(company.externalInvitationsEnabled), SQLValue(company.createdAt),
      ])
    recordChange(.company, company.id.text)
  }

  /// Saves what may change: the name and the switch for external invitations.
  public func update(_ company: Company) throws {
    try execute(
      "UPDATE companies SET name = ?2, external_invitations_enabled = ?3 WHERE id = ?1",
      [SQLValue(company.id), SQLValue(company.name), SQLValue(company.externalInvitationsEnabled)])
    try noteFact(of: company.id)
  }

  /// Sets the time zone of a company that has provisioned nothing yet; afterwards it is final (rule P-2).
  ///
  /// - Returns: false where it is final, or there is no such company.
  public func setTimeZone(of id: CompanyID, to zone: CompanyZone) throws -> Bool {
    let changed = try execute(
      """
      UPDATE companies SET time_zone = ?2
      WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM resources WHERE company_id = ?1)
      """, [SQLValue(id), SQLValue(zone.identifier)])
    if changed > 0 { try noteFact(of: id) }
    return changed > 0
  }

  public func company(_ id: CompanyID) throws -> Company? {
    try queryOne("SELECT * FROM companies WHERE id = ?1", [SQLValue(id)]).map(Company.init(row:))
  }

  /// Another company than `id` that is called `name` or has it as its id. Nobody else gives a company a name until this
  /// write's end, so that nil stays true.
  public func company(takingName name: String, besides id: CompanyID? = nil) throws -> Company? {
    try lock(.companyNames)
    // As texts are compared where companies are named, which is not as the engines compare them.
    return try companies().first { ($0.name == name || $0.id.text == name) && $0.id != id }
  }

  /// All companies, by name.
  public func companies() throws -> [Company] {
    try query("SELECT * FROM companies ORDER BY name, id").map(Company.init(row:))
  }

  /// Rules E-2 to E-4.
  public func insert(_ account: PlatformAccount) throws {
    try execute(
      "INSERT INTO platform_accounts (id, company_id) VALUES (?1, ?2)",
      [SQLValue(account.id), SQLValue(account.companyID)])
    for (position, subscription) in account.subscriptions.enumerated() {
      try execute(
        """
        INSERT INTO platform_subscriptions (account_id, position, is_enterprise, is_active, price_list_year)
        VALUES (?1, ?2, ?3, ?4, ?5)
        """,
        [
          SQLValue(account.id), SQLValue(position), SQLValue(subscription.isEnterprise),
          SQLValue(subscription.isActive), SQLValue(subscription.priceListYear),
        ])
    }
    try noteFact(of: account.companyID)
  }

  /// Replaces every platform account of a company, with their subscriptions. Rules E-2 to E-4.
  public func replacePlatformAccounts(of company: CompanyID, by accounts: [PlatformAccount]) throws {
    try execute(
      """
      DELETE FROM platform_subscriptions
      WHERE account_id IN (SELECT id FROM platform_accounts WHERE company_id = ?1)
      """, [SQLValue(company)])
    try execute("DELETE FROM platform_accounts WHERE company_id = ?1", [SQLValue(company)])
    for account in accounts { try insert(account) }
    try noteFact(of: company)
  }

  public func platformAccounts(of company: CompanyID) throws -> [PlatformAccount] {
    let subscriptions = try query(
      """
      SELECT platform_subscriptions.* FROM platform_subscriptions
      JOIN platform_accounts ON platform_accounts.id = account_id
      WHERE company_id = ?1 ORDER BY account_id, position
      """, [SQLValue(company)])
    let byAccount = Dictionary(
      grouping: try subscriptions.map { (try $0.text("account_id"), try PlatformAccount.Subscription(row: $0)) },
      by: \.0)
    return try query("SELECT id FROM platform_accounts WHERE company_id = ?1 ORDER BY id", [SQLValue(company)])
      .map { row in
        let id = try row.text("id")
        return PlatformAccount(
          id: Identifier(id), companyID: company, subscriptions: (byAccount[id] ?? []).map(\.1))
      }
  }
}

extension Company {
  init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), name: try row.text("name"), timeZone: try row.text("time_zone"),
      externalInvitationsEnabled: try row.flag("external_invitations_enabled"),
      createdAt: try row.instant("created_at"))
  }
}

extension PlatformAccount.Subscription {
  fileprivate init(row: SQLRow) throws {
    self.init(
      isEnterprise: try row.flag("is_enterprise"), isActive: try row.flag("is_active"),
      priceListYear: Int(try row.int64("price_list_year")))
  }
}
