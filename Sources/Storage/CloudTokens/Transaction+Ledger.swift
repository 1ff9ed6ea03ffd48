public import Core

/// Which lines of the ledger, in which order. Rule T-4.
public struct LedgerQuery: Hashable, Sendable {
  public enum Order: String, Hashable, Sendable, CaseIterable {
    /// Of effect.
    case position
    /// By the resource's present name; contracts, which have none, are first.
    case resourceName
    case kind
    case pack
    case amount
    case remaining
  }

  public var kind: LedgerEntry.Kind?
  public var order: Order
  public var isAscending: Bool
  /// Rows to skip, and to give at most.
  public var offset: Int
  public var limit: Int

  public init(
    kind: LedgerEntry.Kind? = nil, order: Order = .position, isAscending: Bool = false, offset: Int = 0, limit: Int = 25
  ) {
    self.kind = kind
    self.order = order
    self.isAscending = isAscending
    self.offset = max(0, offset)
    self.limit = max(1, min(limit, 1_000))
  }
}

extension Transaction {
  /// Rule T-3: appended, never changed. Call it in a write that locks the company, in the order of effect.
  public func append(_ lines: [LedgerLine]) throws {
    for line in lines {
      let entry = line.entry
      try execute(
        """
        INSERT INTO ledger_entries
          (id, company_id, position, resource_id, contract_id, kind, tokens, pack, effective_at, amount, remaining)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
        """,
        [
          SQLValue(entry.id), SQLValue(entry.companyID), SQLValue(line.position), SQLValue(entry.resourceID),
          SQLValue(entry.contractID), SQLValue(entry.kind.rawValue), SQLValue(entry.tokens), SQLValue(entry.pack),
          SQLValue(entry.effectiveAt), SQLValue(entry.availableChange), SQLValue(line.remaining),
        ])
    }
  }

  /// The newest line; nil before the first.
  public func lastLedgerLine(of company: CompanyID) throws -> LedgerLine? {
    try queryOne(
      "SELECT * FROM ledger_entries WHERE company_id = ?1 ORDER BY position DESC LIMIT 1", [SQLValue(company)]
    ).map(LedgerLine.init(row:))
  }

  /// The whole ledger in the order of effect, for verification.
  public func ledger(of company: CompanyID) throws -> [LedgerLine] {
    try query("SELECT * FROM ledger_entries WHERE company_id = ?1 ORDER BY position", [SQLValue(company)])
      .map(LedgerLine.init(row:))
  }

  /// How many lines there are of each kind.
  public func ledgerCounts(of company: CompanyID) throws -> [LedgerEntry.Kind: Int] {
    let rows = try query(
      "SELECT kind, COUNT(*) AS total FROM ledger_entries WHERE company_id = ?1 GROUP BY kind", [SQLValue(company)])
    return try Dictionary(
      rows.map { (try $0.label("kind"), Int(try $0.int64("total"))) }, uniquingKeysWith: { first, _ in first })
  }

  /// Some lines of the ledger. Equal ones stand newest first, going up through time oldest first. Rule T-4.
  public func ledgerLines(of company: CompanyID, _ wanted: LedgerQuery) throws -> [LedgerLine] {
    let direction = wanted.isAscending ? "ASC" : "DESC"
    let filter = wanted.kind == nil ? "" : "AND ledger_entries.kind = ?4"
    let (join, order) =
      switch wanted.order {
      case .position: ("", "ledger_entries.position \(direction)")
      case .kind: ("", "ledger_entries.kind \(direction), ledger_entries.position \(direction)")
      case .pack: ("", "ledger_entries.pack \(direction), ledger_entries.position \(direction)")
      case .amount: ("", "ledger_entries.amount \(direction), ledger_entries.position \(direction)")
      case .remaining: ("", "ledger_entries.remaining \(direction), ledger_entries.position \(direction)")
      case .resourceName:
        (
          "LEFT JOIN resources ON resources.id = ledger_entries.resource_id",
          "COALESCE(resources.name, '') \(direction), ledger_entries.resource_id \(direction), "
            + "ledger_entries.position \(direction)"
        )
      }
    var parameters = [SQLValue(company), SQLValue(wanted.limit), SQLValue(wanted.offset)]
    if let kind = wanted.kind { parameters.append(SQLValue(kind.rawValue)) }
    return try query(
      """
      SELECT ledger_entries.* FROM ledger_entries \(join)
      WHERE ledger_entries.company_id = ?1 \(filter) ORDER BY \(order) LIMIT ?2 OFFSET ?3
      """, parameters
    ).map(LedgerLine.init(row:))
  }
}

extension LedgerLine {
  fileprivate init(row: SQLRow) throws {
    self.init(
      position: try row.int64("position"),
      entry: LedgerEntry(
        id: try row.id("id"), companyID: try row.id("company_id"), resourceID: try row.optionalID("resource_id"),
        contractID: try row.optionalID("contract_id"), kind: try row.label("kind"),
        tokens: try row.cloudTokens("tokens"), pack: try row.text("pack"),
        effectiveAt: try row.instant("effective_at")),
      remaining: try row.cloudTokens("remaining"))
  }
}
