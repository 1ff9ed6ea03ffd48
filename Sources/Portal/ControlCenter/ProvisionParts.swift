import Core
import Platform

/// What a page "Provision Resource" is made of, beside the form itself.
struct ProvisionScene: Sendable {
  let around: ProvisioningPage
  let specification: ResourceSpecification
  let catalog: Catalog
  let branding: Branding
  /// Nil where nothing is known about it.
  var served: ServedModels?
}

/// What on the page follows from the form so far: the models and sizes that are offered, the terms, what is known of the
/// name and the user, and the live "Resource Specification". Rules.
struct ProvisionParts: Sendable {
  /// Nil for knowledge bases.
  let models: ModelsPart?
  /// Only for knowledge bases.
  let embeddings: EmbeddingsPart?
  let capacity: CapacityPart
  let terms: TermsPart
  let notes: [FieldNote]
  let specification: SpecificationView

  init(_ form: ProvisionForm, _ scene: ProvisionScene, problems: [FieldProblem]) {
    let isKnowledgeBase = form.type == .knowledgeBase
    models = isKnowledgeBase ? nil : ModelsPart(form, scene, problems)
    embeddings = isKnowledgeBase ? EmbeddingsPart(form, scene, problems) : nil
    capacity = CapacityPart(form, scene.catalog, problems)
    terms = TermsPart(form, scene.specification, problems)
    notes = [FieldNote(name: form, scene), FieldNote(user: form, scene)]
    specification = SpecificationView(scene.specification, type: form.type)
  }
}

/// What is known of a field while it is filled in.
struct FieldNote: Sendable {
  let name: String
  let hint: String?

  /// Names may be equal; people are told.
  init(name form: ProvisionForm, _ scene: ProvisionScene) {
    name = "name"
    let isTaken = scene.around.names.contains { $0.lowercased() == form.name.lowercased() }
    hint = isTaken ? "Another resource of your company has this name. You can use it all the same." : nil
  }

  /// Rule P-7: somebody unknown is invited.
  init(user form: ProvisionForm, _ scene: ProvisionScene) {
    name = "userEmail"
    let person = form.userName.nonEmpty ?? "the user"
    switch NamedUser(form, scene.around) {
    case .open, .member: hint = nil
    case .deactivated:
      hint =
        "Somebody of your company who is deactivated has this address: nobody is invited, and only you are on the team. "
        + "Reactivate them first if the resource is for them."
    case .unknown:
      hint =
        "Nobody of your company has this address: \(person) gets an invitation to your company when you provision."
    }
  }
}

/// Who has the address of the user whom the resource is for. Rules R-2, P-7.
enum NamedUser: Sendable {
  /// None is entered yet.
  case open
  case member
  case deactivated
  case unknown

  init(_ form: ProvisionForm, _ around: ProvisioningPage) {
    guard let email = EmailAddress.canonical(form.userEmail) else {
      self = .open
      return
    }
    self =
      around.people.contains(email) ? .member : around.deactivatedPeople.contains(email) ? .deactivated : .unknown
  }

  /// In the summary; nil where nothing is to be said.
  var inSummary: String? {
    switch self {
    case .open, .member: nil
    case .deactivated: "Is deactivated: not on the team, and not invited"
    case .unknown: "Gets an invitation to your company"
    }
  }
}

/// Cross-region inference and the models of the chosen region. Rule R-2.
struct ModelsPart: Sendable {
  struct Choice: Sendable {
    let value: String
    let label: String
    let isChecked: Bool
    /// Why its calls would be refused at present.
    let note: String?
  }

  /// The region that the box for cross-region inference is shown for; nil where it has none.
  let crossRegionOf: String?
  let area: String
  let isCrossRegion: Bool
  let crossRegionError: String?
  let label: String
  let choices: [Choice]
  let hint: String?
  let error: String?
  /// Nil for types that have none.
  let defaultModel: SelectView?

  init(_ form: ProvisionForm, _ scene: ProvisionScene, _ problems: [FieldProblem]) {
    let found = scene.specification
    let region = form.region.nonEmpty.flatMap { scene.catalog.region(RegionID($0)) }
    func offered(_ isCrossRegion: Bool) -> [ModelVersion] {
      region.map { scene.catalog.offered(type: form.type, region: $0.id, isCrossRegion: isCrossRegion) } ?? []
    }
    let models = offered(found.isCrossRegion)
    crossRegionOf = region.flatMap { $0.offersCrossRegion ? $0.id.text : nil }
    area = region?.area.text ?? ""
    isCrossRegion = found.isCrossRegion
    crossRegionError = problems.message(for: ProvisionField.crossRegion.rawValue)
    label = form.type.modelsLabel
    choices = models.map { model in
      let isServed = region.flatMap { region in
        scene.served.map { $0.serves(model, in: region.id, isCrossRegion: found.isCrossRegion) }
      }
      return Choice(
        value: model.id.text, label: model.labelledName, isChecked: form.models.contains(model.id.text),
        note: isServed == false ? "no provider account here" : nil)
    }
    let notServed = choices.contains { $0.note != nil } ? Self.notServed : nil
    let more: String? =
      switch (region, models.count, offered(true).count) {
      case (nil, _, _): "Choose a region first."
      case (_, 0, 0): "Nothing of this type is offered in this region."
      case (_, let some, let most) where some < most: "\(most - some) more with cross-region inference."
      default: nil
      }
    hint = [more, notServed].compactMap { $0 }.joined(separator: " ").nonEmpty
    error = problems.message(for: ProvisionField.models.rawValue)
    let chosen = models.filter { form.models.contains($0.id.text) }
    defaultModel = form.type == .text ? Self.defaultModel(form, chosen, problems) : nil
  }

  static let notServed =
    "Where no provider account is named, calls are refused until the operator of this server adds one."

  /// The only model is the default; of several somebody has to choose.
  private static func defaultModel(
    _ form: ProvisionForm, _ chosen: [ModelVersion], _ problems: [FieldProblem]
  ) -> SelectView {
    let selected = chosen.count == 1 ? chosen[0].id.text : form.defaultModel
    let choices = chosen.map { OptionView($0.id.text, $0.labelledName, selected: selected) }
    let isOpen = !choices.contains(where: \.isSelected)
    return SelectView(
      "defaultModel", "Default Model",
      options: chosen.count == 1 ? choices : [OptionView("", "Choose", isSelected: isOpen)] + choices,
      hint: "Used when a call names no model.", problems: problems)
  }
}

/// The terms of the chosen models, to be confirmed. Rule R-7.
struct TermsPart: Sendable {
  struct Choice: Sendable {
    let terms: TermsView
    let isChecked: Bool
  }

  let choices: [Choice]
  let error: String?

  init(_ form: ProvisionForm, _ found: ResourceSpecification, _ problems: [FieldProblem]) {
    choices = found.terms.map { terms in
      let view = TermsView(terms)
      return Choice(terms: view, isChecked: form.terms.contains(view.value))
    }
    error = problems.message(for: ProvisionField.terms.rawValue)
  }
}
