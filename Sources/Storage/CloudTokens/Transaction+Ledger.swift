public import Core

/// Which lines of the ledger, in which order. Rule T-4.
public struct LedgerQuery: Hashable, Sendable {
  public enum Order: String, Hashable, Sendable, CaseIterable {
    /// Of effect.
    case position
    case kind
    case pack
    case amount
    case remaining
  }

  /// One resource's lines, or those of contracts; nil all.
  public enum Source: Hashable, Sendable {
    case resource(ResourceID?)
  }

  public var kind: LedgerEntry.Kind?
  public var source: Source?
  public var order: Order
  public var isAscending: Bool
  /// Rows to skip, and to give at most.
  public var offset: Int
  public var limit: Int

  public init(
    kind: LedgerEntry.Kind? = nil, source: Source? = nil, order: Order = .position, isAscending: Bool = false,
    offset: Int = 0, limit: Int = 25
  ) {
    self.kind = kind
    self.source = source
    self.order = order
    self.isAscending = isAscending
    self.offset = max(0, offset)
    self.limit = max(1, min(limit, 1_000))
  }
}

/// How many lines of the ledger there are of one resource and kind.
public struct LedgerCount: Hashable, Sendable {
  /// Nil for contracts.
  public let resource: ResourceID?
  public let kind: LedgerEntry.Kind
  public let lines: Int
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

  /// How many lines after `position` there are of each resource and kind.
  public func ledgerCounts(of company: CompanyID, after position: Int64 = 0) throws -> [LedgerCount] {
    // Without the condition an index has all that is counted.
    let (condition, parameters) =
      position == 0 ? ("", [SQLValue(company)]) : ("AND position > ?2", [SQLValue(company), SQLValue(position)])
    return try query(
      """
      SELECT resource_id, kind, COUNT(*) AS lines FROM ledger_entries
      WHERE company_id = ?1 \(condition) GROUP BY resource_id, kind
      """, parameters
    ).map { row in
      LedgerCount(
        resource: try row.optionalID("resource_id"), kind: try row.label("kind"), lines: Int(try row.int64("lines")))
    }
  }

  /// Some lines of the ledger. Equal ones stand newest first, going up through time oldest first. Rule T-4.
  ///
  /// - Parameter total: how many lines `wanted` has on all its pages together: what lies past the middle is read from
  ///   the end.
  public func ledgerLines(of company: CompanyID, _ wanted: LedgerQuery, total: Int) throws -> [LedgerLine] {
    let range = wanted.offset..<max(wanted.offset, min(wanted.offset + wanted.limit, total))
    guard !range.isEmpty else { return [] }
    let isFromEnd = range.lowerBound > total / 2
    let offset = isFromEnd ? total - range.upperBound : range.lowerBound
    let direction = wanted.isAscending != isFromEnd ? "ASC" : "DESC"
    var conditions = ["company_id = ?1"]
    var parameters = [SQLValue(company), SQLValue(range.count), SQLValue(offset)]
    if let kind = wanted.kind {
      parameters.append(SQLValue(kind.rawValue))
      conditions.append("kind = ?\(parameters.count)")
    }
    if case .resource(let resource?) = wanted.source {
      parameters.append(SQLValue(resource))
      conditions.append("resource_id = ?\(parameters.count)")
    } else if wanted.source != nil {
      conditions.append("resource_id IS NULL")
    }
    let column = wanted.order == .position ? "" : "\(wanted.order.rawValue) \(direction), "
    // The lines that are passed over are only counted, in an index; those of the page are read.
    let lines = try query(
      """
      SELECT ledger_entries.* FROM (
        SELECT position AS chosen FROM ledger_entries WHERE \(conditions.joined(separator: " AND "))
        ORDER BY \(column)position \(direction) LIMIT ?2 OFFSET ?3
      ) AS page JOIN ledger_entries ON company_id = ?1 AND position = chosen
      ORDER BY \(column)position \(direction)
      """, parameters
    ).map(LedgerLine.init(row:))
    return isFromEnd ? lines.reversed() : lines
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
