public import Core

extension Transaction {
  /// Rule R-4: a resource and its first capacity. Call it in a write that locks the company.
  public func insert(_ resource: Resource, first capacity: CapacityChange) throws {
    try execute(
      """
      INSERT INTO resources
        (id, company_id, name, type, environment, region, is_cross_region, default_model, created_for_name,
         created_for_email, provisioned_at, order_reference, embeddings_resource_id, changed_at)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      """,
      [
        SQLValue(resource.id), SQLValue(resource.companyID), SQLValue(resource.name),
        SQLValue(resource.type.rawValue), SQLValue(resource.environment.rawValue), SQLValue(resource.region),
        SQLValue(resource.isCrossRegion), SQLValue(resource.defaultModel), SQLValue(resource.createdFor.name),
        SQLValue(resource.createdFor.email), SQLValue(resource.provisionedAt), SQLValue(resource.orderReference),
        SQLValue(resource.embeddingsResource), SQLValue(resource.changedAt),
      ])
    try insertModels(of: resource)
    try append(capacity)
  }

  /// Saves what may change: name, environment, enabled models, default model.
  public func update(_ resource: Resource) throws {
    try execute(
      "UPDATE resources SET name = ?2, environment = ?3, default_model = ?4, changed_at = ?5 WHERE id = ?1",
      [
        SQLValue(resource.id), SQLValue(resource.name), SQLValue(resource.environment.rawValue),
        SQLValue(resource.defaultModel), SQLValue(resource.changedAt),
      ])
    try execute("DELETE FROM resource_models WHERE resource_id = ?1", [SQLValue(resource.id)])
    try insertModels(of: resource)
    try noteFact(ofResource: resource.id)
  }

  private func insertModels(of resource: Resource) throws {
    for (position, model) in resource.models.enumerated() {
      try execute(
        "INSERT INTO resource_models (resource_id, position, model) VALUES (?1, ?2, ?3)",
        [SQLValue(resource.id), SQLValue(position), SQLValue(model)])
    }
  }

  public func resource(_ id: ResourceID) throws -> Resource? {
    guard let row = try queryOne("SELECT * FROM resources WHERE id = ?1", [SQLValue(id)]) else { return nil }
    let models = try query(
      "SELECT model FROM resource_models WHERE resource_id = ?1 ORDER BY position", [SQLValue(id)])
    return try Resource(row: row, models: models.map { try $0.id("model") })
  }

  /// In the order of provisioning.
  public func resources(of company: CompanyID) throws -> [Resource] {
    try resources(of: company, changedAfter: Instant(milliseconds: -1))
  }

  /// Those that were provisioned or changed after `instant`, in the order of provisioning.
  func resources(of company: CompanyID, changedAfter instant: Instant) throws -> [Resource] {
    let parameters = [SQLValue(company), SQLValue(instant)]
    let models = try query(
      """
      SELECT resource_id, model FROM resource_models JOIN resources ON resources.id = resource_id
      WHERE company_id = ?1 AND changed_at > ?2 ORDER BY resource_id, position
      """, parameters)
    let byResource = Dictionary(
      grouping: try models.map { (try $0.text("resource_id"), ModelVersionID(try $0.text("model"))) }, by: \.0)
    return try query(
      "SELECT * FROM resources WHERE company_id = ?1 AND changed_at > ?2 ORDER BY provisioned_at, id", parameters
    ).map { row in
      try Resource(row: row, models: (byResource[try row.text("id")] ?? []).map(\.1))
    }
  }

  /// Every model version that is enabled on some resource: the catalog must have them all. Rule C-1.
  public func modelsInUse() throws -> Set<ModelVersionID> {
    Set(try query("SELECT DISTINCT model FROM resource_models").map { try $0.id("model") })
  }
}

extension Resource {
  fileprivate init(row: SQLRow, models: [ModelVersionID]) throws {
    self.init(
      id: try row.id("id"), companyID: try row.id("company_id"), name: try row.text("name"),
      type: try row.label("type"), environment: try row.label("environment"), region: try row.id("region"),
      isCrossRegion: try row.flag("is_cross_region"), models: models,
      defaultModel: try row.optionalID("default_model"),
      createdFor: PersonReference(name: try row.text("created_for_name"), email: try row.text("created_for_email")),
      provisionedAt: try row.instant("provisioned_at"), orderReference: try row.optionalText("order_reference"),
      embeddingsResource: try row.optionalID("embeddings_resource_id"), changedAt: try row.instant("changed_at"))
  }
}
