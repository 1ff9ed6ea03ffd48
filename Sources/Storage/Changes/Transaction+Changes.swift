extension Transaction {
  /// Notes that something changed. Mutating functions call it themselves; the line is written at the transaction's end.
  public func recordChange(_ kind: ChangeKind, _ id: String) {
    guard !changes.list.contains(where: { $0.kind == kind && $0.id == id }) else { return }
    changes.list.append((kind, id))
  }

  /// Changes after `sequence`, oldest first, at most `limit`.
  public func changes(after sequence: Int64, limit: Int = 1_000) throws -> [Change] {
    try query(
      "SELECT seq, kind, id FROM changes WHERE seq > ?1 ORDER BY seq LIMIT ?2", [SQLValue(sequence), SQLValue(limit)]
    ).map { row in
      Change(sequence: try row.int64("seq"), kind: try row.label("kind"), id: try row.text("id"))
    }
  }

  /// The sequence of the newest change; 0 before the first.
  public func latestChange() throws -> Int64 {
    try queryOne("SELECT COALESCE(MAX(seq), 0) AS seq FROM changes")?.int64("seq") ?? 0
  }

  /// Forgets changes up to `sequence`, but never the newest one, from which the next takes its number.
  public func pruneChanges(upTo sequence: Int64) throws {
    try execute(
      "DELETE FROM changes WHERE seq <= ?1 AND seq < (SELECT MAX(seq) FROM changes)", [SQLValue(sequence)])
  }

  /// The engine calls it before the commit. The lock is the last thing a transaction takes, so that numbers become
  /// visible in their order and no two transactions wait for each other in a ring.
  func writePendingChanges() throws {
    guard !changes.list.isEmpty else { return }
    try lock(.changeFeed)
    for change in changes.list {
      try execute(
        "INSERT INTO changes (seq, kind, id) SELECT COALESCE(MAX(seq), 0) + 1, ?1, ?2 FROM changes",
        [SQLValue(change.kind.rawValue), SQLValue(change.id)])
    }
  }
}
