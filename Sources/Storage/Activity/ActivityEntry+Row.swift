import Core

extension ActivityActor {
  /// As the columns `actor_kind`, `actor_id`, `actor_name`, `actor_address` have it. One actor has one form, so that a
  /// change of any column is a change of the entry.
  var columns: (kind: String, id: UserID?, name: String?, address: String?) {
    switch self {
    case .person(let id, let name, let address): ("person", id, name, address)
    case .operator: ("operator", nil, nil, nil)
    case .schedule: ("schedule", nil, nil, nil)
    }
  }

  fileprivate init(row: SQLRow) throws {
    let kind = try row.text("actor_kind")
    let id: UserID? = try row.optionalID("actor_id")
    let name = try row.optionalText("actor_name")
    let address = try row.optionalText("actor_address")
    switch (kind, id, name, address) {
    case ("person", let id?, let name?, let address?): self = .person(id, name: name, address: address)
    case ("operator", nil, nil, nil): self = .operator
    case ("schedule", nil, nil, nil): self = .schedule
    default: throw row.unreadable("actor_kind")
    }
  }
}

extension ActivityEntry {
  init(row: SQLRow) throws {
    self.init(
      companyID: try row.id("company_id"), position: try row.int64("position"), at: try row.instant("at"),
      actor: try ActivityActor(row: row),
      deed: ActivityDeed(
        try row.label("kind"), resource: try row.optionalID("resource_id"), try row.text("sentence")),
      previousHash: try row.bytes("previous_hash"), hash: try row.bytes("hash"))
  }
}
