extension Schema {
  /// What keeps the Control Center quick when a company has ten thousand resources and a ledger of a million lines: facts
  /// are found by when they were recorded, and the ledger is read in every order of its page, one kind alone as well.
  static let size = Migration(
    version: 4, name: "companies of any size",
    statements: [
      "CREATE INDEX resources_by_change ON resources (company_id, changed_at)",
      "CREATE INDEX capacity_changes_by_time ON capacity_changes (recorded_at)",
      "CREATE INDEX capacity_changes_by_cancellation ON capacity_changes (cancelled_at) WHERE cancelled_at IS NOT NULL",
      "CREATE INDEX deprovisionings_by_time ON deprovisionings (recorded_at)",
      "CREATE INDEX deprovisionings_by_cancellation ON deprovisionings (cancelled_at) WHERE cancelled_at IS NOT NULL",
      "CREATE INDEX ledger_entries_by_resource_kind ON ledger_entries (company_id, resource_id, kind, position)",
      "CREATE INDEX ledger_entries_by_kind_pack ON ledger_entries (company_id, kind, pack, position)",
      "CREATE INDEX ledger_entries_by_kind_amount ON ledger_entries (company_id, kind, amount, position)",
      "CREATE INDEX ledger_entries_by_kind_remaining ON ledger_entries (company_id, kind, remaining, position)",
    ])
}
