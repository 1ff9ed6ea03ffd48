public import Core

extension Transaction {
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
      capacityChanges: try capacityChanges(of: id), ledger: try ledger(of: id),
      accounts: try platformAccounts(of: id))
  }
}
