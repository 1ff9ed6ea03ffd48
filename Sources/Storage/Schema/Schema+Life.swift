extension Schema {
  /// What the life of a resource adds: scheduled changes, deprovisionings, suspensions (which are derived), the ledger as
  /// it takes effect, and activity. Decision record 0015.
  static let life = Migration(
    version: 2, name: "life of a resource", statements: facts + ledger + activity)

  private static let facts = [
    "ALTER TABLE companies ADD COLUMN revision {int64} NOT NULL DEFAULT 0",
    "ALTER TABLE companies ADD COLUMN settled_at {int64} NOT NULL DEFAULT 0",
    "ALTER TABLE contracts ADD COLUMN recorded_at {int64} NOT NULL DEFAULT 0",
    "UPDATE contracts SET recorded_at = starts_at",
    "ALTER TABLE resources ADD COLUMN order_reference {text}",
    "ALTER TABLE resources ADD COLUMN embeddings_resource_id {text} REFERENCES resources (id)",
    "ALTER TABLE resources ADD COLUMN changed_at {int64} NOT NULL DEFAULT 0",
    "UPDATE resources SET changed_at = provisioned_at",
    "CREATE INDEX resources_by_embeddings ON resources (embeddings_resource_id)",
    "ALTER TABLE capacity_changes ADD COLUMN recorded_at {int64} NOT NULL DEFAULT 0",
    "ALTER TABLE capacity_changes ADD COLUMN cancelled_at {int64}",
    "UPDATE capacity_changes SET recorded_at = effective_at",
    "CREATE UNIQUE INDEX capacity_changes_by_recording ON capacity_changes (resource_id, recorded_at)",
    """
    CREATE TABLE deprovisionings (
      resource_id {text} NOT NULL REFERENCES resources (id),
      recorded_at {int64} NOT NULL,
      effective_at {int64} NOT NULL,
      cancelled_at {int64},
      PRIMARY KEY (resource_id, recorded_at),
      CHECK (effective_at > recorded_at),
      CHECK (cancelled_at IS NULL OR (cancelled_at > recorded_at AND cancelled_at < effective_at))
    ){strict}
    """,
  ]

  /// Until now the end of a contract was entered ahead of its time; from now on entries are appended as they take effect.
  private static let ledger = [
    "DELETE FROM ledger_entries WHERE kind = 'expired'",
    "ALTER TABLE ledger_entries ADD COLUMN amount {int64} NOT NULL DEFAULT 0",
    "ALTER TABLE ledger_entries ADD COLUMN remaining {int64} NOT NULL DEFAULT 0",
    "UPDATE ledger_entries SET amount = CASE kind WHEN 'granted' THEN tokens ELSE -tokens END",
    """
    UPDATE ledger_entries SET remaining = (
      SELECT CAST(SUM(earlier.amount) AS {int64}) FROM ledger_entries AS earlier
      WHERE earlier.company_id = ledger_entries.company_id AND earlier.position <= ledger_entries.position)
    """,
    """
    UPDATE companies SET settled_at = COALESCE(
      (SELECT MAX(effective_at) FROM ledger_entries WHERE company_id = companies.id), created_at)
    """,
    "DROP INDEX ledger_entries_by_time",
    "CREATE INDEX ledger_entries_by_kind ON ledger_entries (company_id, kind, position)",
    "CREATE INDEX ledger_entries_by_resource ON ledger_entries (company_id, resource_id, position)",
    "CREATE INDEX ledger_entries_by_pack ON ledger_entries (company_id, pack, position)",
    "CREATE INDEX ledger_entries_by_amount ON ledger_entries (company_id, amount, position)",
    "CREATE INDEX ledger_entries_by_remaining ON ledger_entries (company_id, remaining, position)",
  ]

  private static let activity = [
    """
    CREATE TABLE activity_entries (
      company_id {text} NOT NULL REFERENCES companies (id),
      position {int64} NOT NULL CHECK (position > 0),
      at {int64} NOT NULL,
      actor_kind {text} NOT NULL CHECK (actor_kind IN ('person', 'operator', 'schedule')),
      actor_id {text},
      actor_name {text},
      actor_address {text},
      kind {text} NOT NULL,
      resource_id {text} REFERENCES resources (id),
      sentence {text} NOT NULL CHECK (length(sentence) >= 1),
      previous_hash {bytes} NOT NULL CHECK (length(previous_hash) = 32),
      hash {bytes} NOT NULL CHECK (length(hash) = 32),
      PRIMARY KEY (company_id, position),
      CHECK ((actor_kind = 'person') = (actor_id IS NOT NULL)),
      CHECK ((actor_kind = 'person') = (actor_name IS NOT NULL)),
      CHECK ((actor_kind = 'person') = (actor_address IS NOT NULL))
    ){strict}
    """,
    "CREATE INDEX activity_entries_by_resource ON activity_entries (company_id, resource_id, position)",
    "CREATE INDEX activity_entries_by_kind ON activity_entries (company_id, kind, position)",
    "CREATE INDEX activity_entries_by_actor ON activity_entries (company_id, actor_kind, actor_id, position)",
  ]
}
