public import Core

extension Transaction {
  /// The fact that a resource has a capacity from an instant on. Call it in a write that locks the company.
  public func append(_ change: CapacityChange) throws {
    let plan: String? = if case .plan(let id) = change.capacity { id.text } else { nil }
    let capacityTokens: Int64? = if case .units(let tokens) = change.capacity { tokens.count } else { nil }
    let allowance = AllowanceColumns(change.allowance)
    try execute(
      """
      INSERT INTO capacity_changes
        (resource_id, position, plan, capacity_tokens, tokens, allowance_nano, allowance_input, allowance_output,
         effective_at, recorded_at, cancelled_at)
      SELECT ?1, COALESCE(MAX(position), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10
      FROM capacity_changes WHERE resource_id = ?1
      """,
      [
        SQLValue(change.resourceID), SQLValue(plan), SQLValue(capacityTokens), SQLValue(change.tokens),
        SQLValue(allowance.nano), SQLValue(allowance.input), SQLValue(allowance.output),
        SQLValue(change.effectiveAt), SQLValue(change.recordedAt), SQLValue(change.cancelledAt),
      ])
    try noteFact(ofResource: change.resourceID)
  }

  /// Saves when a scheduled change was cancelled; once. Rule A-4.
  public func cancel(_ change: CapacityChange) throws {
    try execute(
      """
      UPDATE capacity_changes SET cancelled_at = ?3
      WHERE resource_id = ?1 AND recorded_at = ?2 AND cancelled_at IS NULL AND effective_at > ?3
      """, [SQLValue(change.resourceID), SQLValue(change.recordedAt), SQLValue(change.cancelledAt)])
    try noteFact(ofResource: change.resourceID)
  }

  /// In the order of effect, and of appending where instants are equal.
  public func capacityChanges(of resource: ResourceID) throws -> [CapacityChange] {
    try query(
      "SELECT * FROM capacity_changes WHERE resource_id = ?1 ORDER BY effective_at, position", [SQLValue(resource)]
    ).map(CapacityChange.init(row:))
  }

  /// Those of all resources of a company, by resource, then as for one.
  public func capacityChanges(of company: CompanyID) throws -> [CapacityChange] {
    try query(
      """
      SELECT capacity_changes.* FROM capacity_changes JOIN resources ON resources.id = resource_id
      WHERE company_id = ?1 ORDER BY resource_id, effective_at, position
      """, [SQLValue(company)]
    ).map(CapacityChange.init(row:))
  }

  /// Those that were recorded or cancelled after `instant`.
  func capacityChanges(of company: CompanyID, after instant: Instant) throws -> [CapacityChange] {
    try factsOfResources("capacity_changes", of: company, after: instant).map(CapacityChange.init(row:))
  }

  /// The rows of `table` that were recorded or cancelled after `instant`. Searched by time, not by resource: they are few.
  func factsOfResources(_ table: String, of company: CompanyID, after instant: Instant) throws -> [SQLRow] {
    let isOfCompany = "EXISTS (SELECT 1 FROM resources WHERE resources.id = resource_id AND company_id = ?1)"
    return try query(
      """
      SELECT * FROM \(table) WHERE recorded_at > ?2 AND \(isOfCompany)
      UNION ALL
      SELECT * FROM \(table) WHERE cancelled_at > ?2 AND recorded_at <= ?2 AND \(isOfCompany)
      """, [SQLValue(company), SQLValue(instant)])
  }
}

/// An allowance as columns: units, or input and perhaps output.
private struct AllowanceColumns {
  var nano: Int64?
  var input: Int64?
  var output: Int64?

  init(_ allowance: Allowance) {
    switch allowance {
    case .units(let units): nano = units.nano
    case .plan(let input, let output):
      self.input = input.count
      self.output = output?.count
    }
  }
}

extension CapacityChange {
  fileprivate init(row: SQLRow) throws {
    let capacity: Capacity =
      if let plan = try row.optionalText("plan") {
        .plan(Identifier(plan))
      } else {
        .units(try row.cloudTokens("capacity_tokens"))
      }
    let allowance: Allowance =
      if let nano = try row.optionalInt64("allowance_nano") {
        .units(GenAIUnits(nano: nano))
      } else {
        .plan(input: try row.tokens("allowance_input"), output: try row.optionalTokens("allowance_output"))
      }
    self.init(
      resourceID: try row.id("resource_id"), capacity: capacity, tokens: try row.cloudTokens("tokens"),
      allowance: allowance, recordedAt: try row.instant("recorded_at"), effectiveAt: try row.instant("effective_at"),
      cancelledAt: try row.optionalInstant("cancelled_at"))
  }
}
