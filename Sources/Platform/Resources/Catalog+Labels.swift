import Core

extension Catalog {
  /// Model versions by family, families and versions in the order of the catalog. Rule R-1.
  func groups(of models: [ModelVersionID]) -> [ModelGroup] {
    let enabled = Set(models)
    let versions = self.models.filter { enabled.contains($0.id) }
    return families.compactMap { family in
      let own = versions.filter { $0.family == family.id }
      return own.isEmpty ? nil : ModelGroup(family: family, versions: own)
    }
  }

  /// The plan's name, or the capacity in GenAI Units such as `1.6k GenAI Units`. Rule R-1.
  func planLabel(_ state: ResourceState) -> String { capacityLabel(state.capacity.capacity, state.allowance) }

  func capacityLabel(_ capacity: Capacity, _ allowance: Allowance) -> String {
    switch (capacity, allowance) {
    case (.plan(let id), _): plan(id)?.displayName ?? id.text
    case (.units, .units(let units)): "\(UnitsFormat.short(units)) GenAI Units"
    case (.units(let tokens), .plan): tokens.inWords
    }
  }

  /// Model families and allowance, such as `Claude Sonnet, 1.6k GenAI Units`. Rule G-4.
  func planSentence(_ state: ResourceState) -> String {
    let families = groups(of: state.resource.models).map(\.family.displayName).joined(separator: ", ")
    let allowance =
      switch state.allowance {
      case .units(let units): "\(UnitsFormat.short(units)) GenAI Units"
      case .plan(let input, nil): "\(UnitsFormat.short(input)) input tokens"
      case .plan(let input, let output?):
        "\(UnitsFormat.short(input)) input and \(UnitsFormat.short(output)) output tokens"
      }
    return families.isEmpty ? allowance : "\(families), \(allowance)"
  }
}
