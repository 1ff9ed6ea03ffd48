import Core
import Platform

/// What on the page follows from the form so far: the models and sizes that are offered, the terms, and the live
/// "Resource Specification". Rules R-2, R-3, R-7.
struct ProvisionParts: Sendable {
  let models: ModelsPart
  let capacity: CapacityPart
  let terms: TermsPart
  let specification: SpecificationView

  init(_ form: ProvisionForm, _ found: ResourceSpecification, _ catalog: Catalog, problems: [FieldProblem]) {
    models = ModelsPart(form, found, catalog, problems)
    capacity = CapacityPart(form, catalog, problems)
    terms = TermsPart(form, found, problems)
    specification = SpecificationView(found)
  }
}

/// Cross-region inference and the models of the chosen region. Rule R-2.
struct ModelsPart: Sendable {
  struct Choice: Sendable {
    let value: String
    let label: String
    let isChecked: Bool
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

  init(_ form: ProvisionForm, _ found: ResourceSpecification, _ catalog: Catalog, _ problems: [FieldProblem]) {
    let region = form.region.nonEmpty.flatMap { catalog.region(RegionID($0)) }
    func offered(_ isCrossRegion: Bool) -> [ModelVersion] {
      region.map { catalog.offered(type: form.type, region: $0.id, isCrossRegion: isCrossRegion) } ?? []
    }
    let models = offered(found.isCrossRegion)
    crossRegionOf = region.flatMap { $0.offersCrossRegion ? $0.id.text : nil }
    area = region?.area.text ?? ""
    isCrossRegion = found.isCrossRegion
    crossRegionError = problems.message(for: ProvisionField.crossRegion.rawValue)
    label = form.type.modelsLabel
    choices = models.map {
      Choice(value: $0.id.text, label: $0.labelledName, isChecked: form.models.contains($0.id.text))
    }
    hint =
      switch (region, models.count, offered(true).count) {
      case (nil, _, _): "Choose a region first."
      case (_, 0, 0): "Nothing of this type is offered in this region."
      case (_, let some, let most) where some < most: "\(most - some) more with cross-region inference."
      default: nil
      }
    error = problems.message(for: ProvisionField.models.rawValue)
    let chosen = models.filter { form.models.contains($0.id.text) }
    defaultModel = form.type == .text ? Self.defaultModel(form, chosen, problems) : nil
  }

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

/// By Cloud Tokens or by size. Rule C-9.
struct CapacityPart: Sendable {
  let offersBoth: Bool
  let isPlan: Bool
  let cloudTokens: InputView
  let plans: SelectView
  let hint: String

  init(_ form: ProvisionForm, _ catalog: Catalog, _ problems: [FieldProblem]) {
    let options = catalog.capacityOptions(for: form.type)
    offersBoth = options.offersUnits && !options.plans.isEmpty
    let isPlan = form.isPlan && !options.plans.isEmpty || !options.offersUnits
    // Both kinds of capacity are one field to the rules.
    let shown = problems.filter { $0.field == ProvisionField.capacity.rawValue }
      .map { FieldProblem(isPlan ? "plan" : "cloudTokens", $0.message) }
    self.isPlan = isPlan
    cloudTokens = InputView(
      "cloudTokens", "Cloud Tokens", type: "number", value: form.cloudTokens,
      hint: "Each is \(UnitsFormat.grouped(catalog.unitsPerCloudToken)) GenAI Units a bundle month.", problems: shown)
    plans = SelectView(
      "plan", "Size",
      options: [OptionView("", "Choose", selected: form.plan)]
        + options.plans.map { OptionView($0.id.text, Self.label($0), selected: form.plan) },
      problems: shown)
    hint =
      "By Cloud Tokens every model counts by its exchange rates against one allowance in GenAI Units; a size has fixed "
      + "quotas of input\(form.type == .text ? " and output" : "") tokens, whatever the model."
  }

  private static func label(_ plan: Plan) -> String {
    let quotas = plan.inputTokens.map { input in
      plan.outputTokens.map { "\(UnitsFormat.short(input)) input, \(UnitsFormat.short($0)) output tokens" }
        ?? "\(UnitsFormat.short(input)) input tokens"
    }
    return [plan.displayName, plan.tokens.inWords, quotas].compactMap { $0 }.joined(separator: " · ")
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

/// The live "Resource Specification". Rule R-3.
struct SpecificationView: Sendable {
  let allowance: String
  let regions: [String]
  let refill: String
  let consumption: String
  let isOver: Bool
  let reasons: [String]
  let canProvision: Bool

  init(_ found: ResourceSpecification) {
    allowance = found.allowance?.inWords ?? "–"
    regions = found.regionNames
    refill = found.refill.sentence
    consumption = found.tokensConsumption
    isOver = found.exceedsBalance
    reasons = found.reasons.map(\.sentence)
    // What is missing in the form is said when it is sent; the button stays usable for that.
    canProvision = found.reasons.isEmpty && !found.exceedsBalance
  }
}
