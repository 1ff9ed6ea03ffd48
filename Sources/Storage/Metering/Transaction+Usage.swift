public import Core

/// Where a page of usage entries ended; the next one begins after it.
public struct UsageCursor: Hashable, Sendable {
  public let admittedAt: Instant
  public let requestID: RequestID

  public init(admittedAt: Instant, requestID: RequestID) {
    self.admittedAt = admittedAt
    self.requestID = requestID
  }

  /// After `entry`.
  public init(_ entry: UsageEntry) {
    self.init(admittedAt: entry.call.admittedAt, requestID: entry.call.requestID)
  }
}

extension Transaction {
  /// Entries that one page may hold.
  public static let maximumUsagePage = 10_000

  private static let consumptionColumns = """
    CAST(COALESCE(SUM(nano_units), 0) AS BIGINT) AS nano,
    CAST(COALESCE(SUM(input_tokens + cache_write_tokens + cache_read_tokens), 0) AS BIGINT) AS shown_input,
    CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS shown_output
    """

  /// What a resource's applied entries of one bundle month take from its allowance. Rules U-4, U-7.
  public func consumption(of resource: ResourceID, bundleMonthStart: Instant) throws -> Consumption {
    try queryOne(
      "SELECT \(Self.consumptionColumns) FROM usage_days WHERE resource_id = ?1 AND bundle_month_start = ?2",
      [SQLValue(resource), SQLValue(bundleMonthStart)]
    ).map(Consumption.init(row:)) ?? .zero
  }

  /// The same for one key of the resource, as itself or as a companion. Rule U-8.
  public func consumption(of key: KeyID, on resource: ResourceID, bundleMonthStart: Instant) throws -> Consumption {
    try queryOne(
      """
      SELECT \(Self.consumptionColumns) FROM usage_days
      WHERE resource_id = ?1 AND bundle_month_start = ?2 AND payer IN (?3, ?4)
      """,
      [
        SQLValue(resource), SQLValue(bundleMonthStart), SQLValue(Payer.key(key).text),
        SQLValue(Payer.companionKey(key).text),
      ]
    ).map(Consumption.init(row:)) ?? .zero
  }

  /// Roll-ups of a resource, by day, payer and model.
  ///
  /// - Parameters:
  ///   - days: both ends included.
  ///   - bundleMonthStart: only those of this bundle month. A day on which a month ends belongs to two of them.
  public func usageDays(
    of resource: ResourceID, days: ClosedRange<LocalDay>, bundleMonthStart: Instant? = nil
  ) throws -> [UsageDay] {
    try query(
      """
      SELECT * FROM usage_days
      WHERE resource_id = ?1 AND local_day BETWEEN ?2 AND ?3 AND (bundle_month_start = ?4 OR ?5 = 0)
      ORDER BY local_day, bundle_month_start, payer, model
      """,
      [
        SQLValue(resource), SQLValue(days.lowerBound), SQLValue(days.upperBound),
        SQLValue(bundleMonthStart?.milliseconds ?? 0), SQLValue(bundleMonthStart != nil),
      ]
    ).map(UsageDay.init(row:))
  }

  /// Entries of a resource by admission, one page at a time. Rule M-6.
  ///
  /// - Parameters:
  ///   - from: admitted at or after.
  ///   - to: admitted before.
  ///   - cursor: where the page before ended.
  ///   - limit: at most ``maximumUsagePage``.
  public func usageEntries(
    of resource: ResourceID, from: Instant? = nil, to: Instant? = nil, after cursor: UsageCursor? = nil,
    limit: Int = 1_000
  ) throws -> [UsageEntry] {
    let start = cursor?.admittedAt.milliseconds ?? Int64.min
    return try query(
      """
      SELECT * FROM usage_entries
      WHERE resource_id = ?1 AND admitted_at >= ?2 AND admitted_at < ?3
        AND (admitted_at > ?4 OR (admitted_at = ?4 AND request_id > ?5))
      ORDER BY admitted_at, request_id LIMIT ?6
      """,
      [
        SQLValue(resource), SQLValue(max(from?.milliseconds ?? Int64.min, start)),
        SQLValue(to?.milliseconds ?? Int64.max), SQLValue(start), SQLValue(cursor?.requestID.text ?? ""),
        SQLValue(max(1, min(limit, Self.maximumUsagePage))),
      ]
    ).map(UsageEntry.init(row:))
  }

  /// The entry of one request, where it has been applied.
  public func usageEntry(_ id: RequestID) throws -> UsageEntry? {
    try queryOne("SELECT * FROM usage_entries WHERE request_id = ?1", [SQLValue(id)]).map(UsageEntry.init(row:))
  }

  /// Throws all roll-ups away and adds them up from the entries again, to the same numbers. Nothing is applied beside it.
  public func rebuildUsageDays() throws {
    try lock(.rollUps)
    try execute("DELETE FROM usage_days")
    try execute(
      """
      INSERT INTO usage_days
        (resource_id, bundle_month_start, local_day, payer, model, input_tokens, cache_write_tokens,
         cache_read_tokens, output_tokens, nano_units, estimated_nano_units, calls)
      SELECT resource_id, bundle_month_start, local_day, payer, model, CAST(SUM(input_tokens) AS BIGINT),
        CAST(SUM(cache_write_tokens) AS BIGINT), CAST(SUM(cache_read_tokens) AS BIGINT),
        CAST(SUM(output_tokens) AS BIGINT), CAST(SUM(nano_units) AS BIGINT),
        CAST(SUM(CASE WHEN is_estimated = 1 THEN nano_units ELSE 0 END) AS BIGINT), COUNT(*)
      FROM usage_entries
      GROUP BY resource_id, bundle_month_start, local_day, payer, model
      """)
  }
}

extension Consumption {
  fileprivate init(row: SQLRow) throws {
    self.init(
      units: try row.units("nano"), input: try row.tokens("shown_input"), output: try row.tokens("shown_output"))
  }
}
