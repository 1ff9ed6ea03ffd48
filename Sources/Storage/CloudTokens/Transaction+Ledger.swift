public import Core

extension Transaction {
  /// Rule T-3: appended, never changed. Call it in a write that locks the company.
  public func append(_ entry: LedgerEntry) throws {
    try execute(
      """
      INSERT INTO ledger_entries
        (id, company_id, position, resource_id, contract_id, kind, tokens, pack, effective_at)
      SELECT ?1, ?2, COALESCE(MAX(position), 0) + 1, ?3, ?4, ?5, ?6, ?7, ?8
      FROM ledger_entries WHERE company_id = ?2
      """,
      [
        SQLValue(entry.id), SQLValue(entry.companyID), SQLValue(entry.resourceID), SQLValue(entry.contractID),
        SQLValue(entry.kind.rawValue), SQLValue(entry.tokens), SQLValue(entry.pack), SQLValue(entry.effectiveAt),
      ])
    recordChange(.company, entry.companyID.text)
  }

  /// In the order of effect, and of appending where instants are equal.
  public func ledger(of company: CompanyID) throws -> [LedgerEntry] {
    try query(
      "SELECT * FROM ledger_entries WHERE company_id = ?1 ORDER BY effective_at, position", [SQLValue(company)]
    ).map(LedgerEntry.init(row:))
  }

  /// One page of the ledger, newest first. `number` is zero-based. Rule T-4.
  public func ledgerPage(of company: CompanyID, number: Int, size: Int) throws -> Page<LedgerEntry> {
    let size = max(1, min(size, 1_000))
    let total = try queryOne(
      "SELECT COUNT(*) AS total FROM ledger_entries WHERE company_id = ?1", [SQLValue(company)])
    let rows = try query(
      """
      SELECT * FROM ledger_entries WHERE company_id = ?1
      ORDER BY effective_at DESC, position DESC LIMIT ?2 OFFSET ?3
      """, [SQLValue(company), SQLValue(size), SQLValue(max(0, number) * size)])
    return Page(
      elements: try rows.map(LedgerEntry.init(row:)), number: max(0, number), size: size,
      totalElements: Int(try total?.int64("total") ?? 0))
  }
}

extension LedgerEntry {
  fileprivate init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), companyID: try row.id("company_id"), resourceID: try row.optionalID("resource_id"),
      contractID: try row.optionalID("contract_id"), kind: try row.label("kind"),
      tokens: try row.cloudTokens("tokens"), pack: try row.text("pack"), effectiveAt: try row.instant("effective_at"))
  }
}
