public import Core

extension Transaction {
  /// Rows inserted by one statement; smaller powers of two take the rest, so that few statements are ever prepared.
  static let entriesPerStatement = 32

  /// Writes settled entries, their roll-ups and the keys' last use, and moves the journal's watermark, all in this
  /// transaction. Entries that are there already change nothing, so that it can be repeated. Rules M-1, M-7.
  ///
  /// - Parameters:
  ///   - entries: in any order; a request id that comes twice counts once.
  ///   - journal: the node's journal.
  ///   - watermark: the journal's sequence up to which everything settled is in the table once this is committed.
  /// - Returns: how many entries were new.
  @discardableResult
  public func apply(_ entries: [UsageEntry], journal: JournalID, upTo watermark: Int64) throws -> Int {
    try lock(.rollUps, isShared: true)
    var fresh: [UsageEntry] = []
    var rest = entries[...]
    while !rest.isEmpty {
      var size = Self.entriesPerStatement
      while size > rest.count { size /= 2 }
      fresh += try insertNew(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    for day in UsageDay.rollUps(of: fresh) { try add(day) }
    try markUsed(fresh)
    try execute(
      """
      INSERT INTO journals (id, applied_up_to) VALUES (?1, ?2)
      ON CONFLICT (id) DO UPDATE SET applied_up_to = excluded.applied_up_to
      WHERE journals.applied_up_to < excluded.applied_up_to
      """, [SQLValue(journal), SQLValue(watermark)])
    return fresh.count
  }

  /// The sequence up to which a journal's settled entries are in the table; 0 for an unknown journal.
  public func appliedWatermark(of journal: JournalID) throws -> Int64 {
    try queryOne("SELECT applied_up_to FROM journals WHERE id = ?1", [SQLValue(journal)])?.int64("applied_up_to") ?? 0
  }

  private func insertNew(_ entries: ArraySlice<UsageEntry>) throws -> [UsageEntry] {
    let inserted = try query(Self.insertStatement(rows: entries.count), entries.flatMap(\.parameters))
    guard inserted.count < entries.count else { return Array(entries) }
    var ids = Set(try inserted.map { try $0.text("request_id") })
    return entries.filter { ids.remove($0.call.requestID.text) != nil }
  }

  private static func insertStatement(rows: Int) -> String {
    let width = UsageEntry.columns.count
    let values = (0..<rows).map { row in
      "(" + (1...width).map { "?\(row * width + $0)" }.joined(separator: ", ") + ")"
    }
    return """
      INSERT INTO usage_entries (\(UsageEntry.columns.joined(separator: ", ")))
      VALUES \(values.joined(separator: ", "))
      ON CONFLICT (request_id) DO NOTHING RETURNING request_id
      """
  }

  private func add(_ day: UsageDay) throws {
    try execute(
      """
      INSERT INTO usage_days
        (resource_id, bundle_month_start, local_day, payer, model, input_tokens, cache_write_tokens,
         cache_read_tokens, output_tokens, nano_units, estimated_nano_units, calls)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
      ON CONFLICT (resource_id, bundle_month_start, local_day, payer, model) DO UPDATE SET
        input_tokens = usage_days.input_tokens + excluded.input_tokens,
        cache_write_tokens = usage_days.cache_write_tokens + excluded.cache_write_tokens,
        cache_read_tokens = usage_days.cache_read_tokens + excluded.cache_read_tokens,
        output_tokens = usage_days.output_tokens + excluded.output_tokens,
        nano_units = usage_days.nano_units + excluded.nano_units,
        estimated_nano_units = usage_days.estimated_nano_units + excluded.estimated_nano_units,
        calls = usage_days.calls + excluded.calls
      """,
      [
        SQLValue(day.resourceID), SQLValue(day.bundleMonthStart), SQLValue(day.day), SQLValue(day.payer.text),
        SQLValue(day.model), SQLValue(day.usage.input), SQLValue(day.usage.cacheWrite),
        SQLValue(day.usage.cacheRead), SQLValue(day.usage.output), SQLValue(day.units),
        SQLValue(day.estimatedUnits), SQLValue(day.calls),
      ])
  }

  private func markUsed(_ entries: [UsageEntry]) throws {
    var latest: [KeyID: Instant] = [:]
    for entry in entries {
      switch entry.call.payer {
      case .key(let id), .companionKey(let id):
        latest[id] = max(latest[id] ?? entry.call.admittedAt, entry.call.admittedAt)
      case .person, .knowledgeBase: break
      }
    }
    for (key, instant) in latest.sorted(by: { $0.key < $1.key }) {
      try execute(
        "UPDATE resource_keys SET last_used_at = ?2 WHERE id = ?1 AND (last_used_at IS NULL OR last_used_at < ?2)",
        [SQLValue(key), SQLValue(instant)])
    }
  }
}
