public import Core

extension Transaction {
  /// Rule T-1. A contract is a fact: it is never changed. Its ledger entries follow as they take effect.
  public func insert(_ contract: Contract) throws {
    try execute(
      "INSERT INTO contracts (id, company_id, tokens, starts_at, ends_at, recorded_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
      [
        SQLValue(contract.id), SQLValue(contract.companyID), SQLValue(contract.tokens), SQLValue(contract.startsAt),
        SQLValue(contract.endsAt), SQLValue(contract.recordedAt),
      ])
    try noteFact(of: contract.companyID)
  }

  /// By start.
  public func contracts(of company: CompanyID) throws -> [Contract] {
    try query("SELECT * FROM contracts WHERE company_id = ?1 ORDER BY starts_at, id", [SQLValue(company)])
      .map(Contract.init(row:))
  }
}

extension Contract {
  fileprivate init(row: SQLRow) throws {
    self.init(
      id: try row.id("id"), companyID: try row.id("company_id"), tokens: try row.cloudTokens("tokens"),
      startsAt: try row.instant("starts_at"), endsAt: try row.instant("ends_at"),
      recordedAt: try row.instant("recorded_at"))
  }
}
