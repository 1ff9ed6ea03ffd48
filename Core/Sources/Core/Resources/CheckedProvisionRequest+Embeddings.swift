extension CheckedProvisionRequest {
  /// Rule R-5: a knowledge base needs an embeddings resource of the same company and region that is not suspended or
  /// about to end, and one of its models for the rest of its life.
  mutating func checkEmbeddings() {
    guard let id = request.embeddingsResource else {
      return refuse(.embeddingsResource, "Choose the embeddings resource that the knowledge base uses, or create one.")
    }
    guard let state = company.timeline.state(of: id, at: company.instant), state.resource.type == .embeddings else {
      return refuse(.embeddingsResource, "There is no such embeddings resource. Choose one from the list.")
    }
    guard let problem = problem(with: state) else { return checkModel(of: state) }
    refuse(.embeddingsResource, problem)
  }

  /// What is worth saying although it is allowed. Rule R-5.
  var warnings: [String] {
    guard let embeddings = embeddingsResource?.resource, let environment, embeddings.environment != environment else {
      return []
    }
    return [
      "“\(embeddings.name)” is for \(embeddings.environment.rawValue), the knowledge base for \(environment.rawValue). "
        + "Both will share its allowance."
    ]
  }

  private func problem(with state: ResourceState) -> String? {
    let name = "“\(state.resource.name)”"
    switch state.status {
    case .deprovisioned: return "\(name) is deprovisioned. Choose another embeddings resource."
    case .suspended: return "\(name) is suspended. Choose another embeddings resource, or wait until it resumes."
    case .deprovisioningScheduled:
      return
        "\(name) is scheduled for deprovisioning. Choose another embeddings resource, or cancel its deprovisioning."
    case .active, .planDowngradeScheduled, .capacityDecreaseScheduled: break
    }
    guard let region, region.id != state.resource.region else { return nil }
    let other = catalog.region(state.resource.region)?.displayName ?? state.resource.region.text
    return "\(name) is in \(other). Choose one in \(region.displayName), or that region for the knowledge base."
  }

  private mutating func checkModel(of state: ResourceState) {
    let enabled = state.resource.models
    guard request.models.count <= 1 else { return refuse(.models, "Choose one embeddings model.") }
    guard let wanted = request.models.first ?? (enabled.count == 1 ? enabled.first : nil) else {
      use(state, model: nil)
      return refuse(.models, "Choose the embeddings model; it is fixed for the knowledge base's life.")
    }
    guard enabled.contains(wanted), let model = catalog.model(wanted) else {
      use(state, model: nil)
      return refuse(.models, "Choose the embeddings model from those of “\(state.resource.name)”.")
    }
    if let retired = retirement(of: model) { refuse(.models, retired) }
    use(state, model: model)
  }
}
