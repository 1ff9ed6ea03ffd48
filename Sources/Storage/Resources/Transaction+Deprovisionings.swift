public import Core

extension Transaction {
  /// Rule A-5. Call it in a write that locks the company.
  public func insert(_ deprovisioning: Deprovisioning) throws {
    try execute(
      "INSERT INTO deprovisionings (resource_id, recorded_at, effective_at, cancelled_at) VALUES (?1, ?2, ?3, ?4)",
      [
        SQLValue(deprovisioning.resourceID), SQLValue(deprovisioning.recordedAt),
        SQLValue(deprovisioning.effectiveAt), SQLValue(deprovisioning.cancelledAt),
      ])
    try noteFact(ofResource: deprovisioning.resourceID)
  }

  /// Saves when a deprovisioning was cancelled; once. Rule A-5.
  public func cancel(_ deprovisioning: Deprovisioning) throws {
    try execute(
      """
      UPDATE deprovisionings SET cancelled_at = ?3
      WHERE resource_id = ?1 AND recorded_at = ?2 AND cancelled_at IS NULL AND effective_at > ?3
      """,
      [
        SQLValue(deprovisioning.resourceID), SQLValue(deprovisioning.recordedAt),
        SQLValue(deprovisioning.cancelledAt),
      ])
    try noteFact(ofResource: deprovisioning.resourceID)
  }

  /// Those of all resources of a company, cancelled ones included, by resource and recording.
  public func deprovisionings(of company: CompanyID) throws -> [Deprovisioning] {
    try query(
      """
      SELECT deprovisionings.* FROM deprovisionings JOIN resources ON resources.id = resource_id
      WHERE company_id = ?1 ORDER BY resource_id, recorded_at
      """, [SQLValue(company)]
    ).map(Deprovisioning.init(row:))
  }

  /// Those that were recorded or cancelled after `instant`.
  func deprovisionings(of company: CompanyID, after instant: Instant) throws -> [Deprovisioning] {
    try factsOfResources("deprovisionings", of: company, after: instant).map(Deprovisioning.init(row:))
  }

  /// Notes a fact of a resource for those who keep it in memory, and of its company.
  func noteFact(ofResource id: ResourceID) throws {
    try execute(
      "UPDATE companies SET revision = revision + 1 WHERE id = (SELECT company_id FROM resources WHERE id = ?1)",
      [SQLValue(id)])
    recordChange(.resource, id.text)
    if let company = try queryOne("SELECT company_id FROM resources WHERE id = ?1", [SQLValue(id)])?.text("company_id")
    {
      recordChange(.company, company)
    }
  }
}

extension Deprovisioning {
  fileprivate init(row: SQLRow) throws {
    self.init(
      resourceID: try row.id("resource_id"), recordedAt: try row.instant("recorded_at"),
      effectiveAt: try row.instant("effective_at"), cancelledAt: try row.optionalInstant("cancelled_at"))
  }
}
