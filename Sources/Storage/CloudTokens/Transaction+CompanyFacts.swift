public import Core

extension Transaction {
  /// How far the facts of a company have come.
  public struct FactsState: Hashable, Sendable {
    /// A number that grows with every fact: what was derived from the facts holds for as long as it stays.
    public let revision: Int64
    /// Up to when the ledger is complete, and no fact is recorded any more. Decision record 0015.
    public let settledAt: Instant
  }

  /// Nil where there is no such company.
  public func factsState(of company: CompanyID) throws -> FactsState? {
    try queryOne("SELECT revision, settled_at FROM companies WHERE id = ?1", [SQLValue(company)]).map { row in
      FactsState(revision: try row.int64("revision"), settledAt: try row.instant("settled_at"))
    }
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

  /// What was recorded or cancelled after `instant`; nil where there is no such company. Every fact has an instant later
  /// than all before it (decision record 0015), so that nothing is missed.
  public func laterFacts(of id: CompanyID, after instant: Instant) throws -> LaterFacts? {
    guard let company = try company(id) else { return nil }
    return LaterFacts(
      company: company, contracts: try contracts(of: id), accounts: try platformAccounts(of: id),
      resources: try resources(of: id, changedAfter: instant),
      capacityChanges: try capacityChanges(of: id, after: instant),
      deprovisionings: try deprovisionings(of: id, after: instant))
  }
}
