import Core
import Platform

/// The embeddings resource and model of a knowledge base. Rule R-5.
struct EmbeddingsPart: Sendable {
  let resource: SelectView
  let model: SelectView
  /// The form for an embeddings resource, opened beside this one.
  let createHref: String
  /// When the newest that is listed was provisioned: one that is created beside the form is told apart by it.
  let listedUntil: String

  init(_ form: ProvisionForm, _ scene: ProvisionScene, _ problems: [FieldProblem]) {
    let (catalog, zone) = (scene.catalog, scene.around.company.zone)
    let region = form.region.nonEmpty.map { RegionID($0) }
    // Each key is made once: comparing makes many of them.
    let usable = scene.around.embeddings.map { (key: $0.resource.name.lowercased(), state: $0) }
      .sorted { ($0.key, $0.state.resource.id) < ($1.key, $1.state.resource.id) }.map(\.state)
    let choices = usable.map { state in
      var option = OptionView(state.resource.id.text, "", selected: form.embeddingsResource)
      let obstacle = Self.obstacle(state, region, catalog, zone)
      option = OptionView(
        option.value, Self.label(state.resource, catalog) + (obstacle.map { " — \($0)" } ?? ""),
        isSelected: option.isSelected)
      option.isDisabled = obstacle != nil
      return option
    }
    let isOpen = !choices.contains { $0.isSelected && !$0.isDisabled }
    resource = SelectView(
      "embeddingsResource", "Embeddings Resource",
      options: [OptionView("", choices.isEmpty ? "None yet" : "Choose", isSelected: isOpen)] + choices,
      hint: choices.contains { !$0.isDisabled }
        ? "Its tokens pay for uploads and queries; the knowledge base consumes nothing itself."
        : "Your company has none that can be used. Create one first, in a new tab: this form stays as it is.",
      problems: problems)
    model = Self.model(form, usable.first { $0.resource.id.text == form.embeddingsResource }, catalog, problems)
    // The same region, which it has to have, and the same environment, which it had better.
    createHref = PageAddress("\(ControlCenterQuery.path)/provision", []).with([
      ("type", ResourceType.embeddings.slug), ("region", form.region), ("environment", form.environment),
    ])
    let newest = usable.map(\.resource.provisionedAt).max()
    listedUntil = "\(newest?.milliseconds ?? 0)"
  }

  /// `Document search · Local · Test · Packhouse MiniLM L6 v2`.
  private static func label(_ resource: Resource, _ catalog: Catalog) -> String {
    let region = catalog.region(resource.region)?.displayName ?? resource.region.text
    let models = resource.models.map { catalog.model($0)?.displayName ?? $0.text }.joined(separator: ", ")
    return [resource.name, region, resource.environment.rawValue, models].joined(separator: " · ")
  }

  /// Why it cannot be chosen; nil where it can.
  private static func obstacle(
    _ state: ResourceState, _ region: RegionID?, _ catalog: Catalog, _ zone: CompanyZone
  ) -> String? {
    switch state.status {
    case .suspended: return "suspended"
    case .deprovisioned: return "deprovisioned"
    case .deprovisioningScheduled:
      let day = state.statusChangesAt.map { " on \(DayText.medium(zone.day(of: $0)))" } ?? ""
      return "will be deprovisioned\(day)"
    case .active, .planDowngradeScheduled, .capacityDecreaseScheduled: break
    }
    guard let region, region != state.resource.region else { return nil }
    return "in another region"
  }

  /// One of those that the resource has; the only one is the choice.
  private static func model(
    _ form: ProvisionForm, _ state: ResourceState?, _ catalog: Catalog, _ problems: [FieldProblem]
  ) -> SelectView {
    let enabled = state?.resource.models ?? []
    let selected = enabled.count == 1 ? enabled[0].text : form.models.first ?? ""
    let choices = enabled.map { OptionView($0.text, catalog.model($0)?.labelledName ?? $0.text, selected: selected) }
    let isOpen = !choices.contains(where: \.isSelected)
    return SelectView(
      "models", "Embeddings Model",
      options: enabled.count == 1 ? choices : [OptionView("", "Choose", isSelected: isOpen)] + choices,
      hint: state == nil
        ? "Choose the embeddings resource first."
        : "Fixed for the knowledge base's life, with its dimension: it cannot be changed later.",
      problems: problems)
  }
}
