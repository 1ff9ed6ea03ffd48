public import Core

extension Transaction {
  /// A number that grows with every fact of a company: what was derived from its facts holds for as long as it stays.
  /// Nil where there is no such company.
  public func revision(of company: CompanyID) throws -> Int64? {
    try queryOne("SELECT revision FROM companies WHERE id = ?1", [SQLValue(company)])?.int64("revision")
  }

  /// Every function that records a fact of a company calls it.
  func noteFact(of company: CompanyID) throws {
    try execute("UPDATE companies SET revision = revision + 1 WHERE id = ?1", [SQLValue(company)])
    recordChange(.company, company.text)
  }

  /// Up to when the company's ledger is complete, and no fact is recorded any more. Decision record 0015.
  public func settledAt(of company: CompanyID) throws -> Instant {
    try queryOne("SELECT settled_at FROM companies WHERE id = ?1", [SQLValue(company)])?.instant("settled_at")
      ?? Instant(milliseconds: 0)
  }

  /// Call it in a write that locks the company, with everything appended that took effect up to `instant`.
  public func setSettled(_ company: CompanyID, at instant: Instant) throws {
    try execute(
      "UPDATE companies SET settled_at = ?2 WHERE id = ?1 AND settled_at < ?2", [SQLValue(company), SQLValue(instant)])
  }

  /// Everything that a company's state depends on, from which ``CompanyTimeline`` derives it. Rules T-3, A-7.
  ///
  /// - Returns: nil where there is no such company.
  /// - Throws: ``DatabaseProblem`` of kind `corrupt` where the machine does not know the company's time zone.
  public func companyFacts(_ id: CompanyID) throws -> CompanyFacts? {
    guard let company = try company(id) else { return nil }
    guard let zone = CompanyZone(company.timeZone) else {
      throw DatabaseProblem(
        .corrupt, "A company's time zone is unknown on this machine; install the current time zone data.")
    }
    return CompanyFacts(
      company: company, zone: zone, contracts: try contracts(of: id), resources: try resources(of: id),
      capacityChanges: try capacityChanges(of: id), deprovisionings: try deprovisionings(of: id),
      accounts: try platformAccounts(of: id))
  }
}
