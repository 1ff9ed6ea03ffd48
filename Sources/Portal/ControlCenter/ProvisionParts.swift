import Core
import Platform

/// What on the page follows from the form so far: which models and sizes are offered, the terms, and the live "Resource
/// Specification". Rules R-2, R-3, R-7.
struct ProvisionParts: Sendable {
  let isText: Bool
  /// The region that the box for cross-region inference is shown for; nil where it has none.
  let crossRegionOf: String?
  let area: String
  let isCrossRegion: Bool
  let crossRegionError: String?
  let modelsLabel: String
  let models: [ModelChoice]
  let modelsHint: String?
  let modelsError: String?
  let defaultModel: SelectView
  let offersUnits: Bool
  let offersPlans: Bool
  let isPlan: Bool
  let cloudTokens: InputView
  let plans: SelectView
  let capacityHint: String
  let terms: [TermsChoice]
  let termsError: String?
  let specification: SpecificationView
  let canProvision: Bool

  struct ModelChoice: Sendable {
    let value: String
    let label: String
    let isChecked: Bool
  }

  struct TermsChoice: Sendable {
    let terms: TermsView
    let isChecked: Bool
  }

  init(
    _ form: ProvisionForm, _ found: ResourceSpecification, _ catalog: Catalog, problems: [FieldProblem]
  ) {
    let region = form.region.nonEmpty.flatMap { catalog.region(RegionID($0)) }
    isText = form.type == .text
    crossRegionOf = region.flatMap { $0.offersCrossRegion ? $0.id.text : nil }
    area = region?.area.text ?? ""
    isCrossRegion = found.isCrossRegion
    crossRegionError = problems.message(for: ProvisionField.crossRegion.rawValue)

    let offered =
      region.map { catalog.offered(type: form.type, region: $0.id, isCrossRegion: found.isCrossRegion) } ?? []
    let all = region.map { catalog.offered(type: form.type, region: $0.id, isCrossRegion: true) } ?? []
    modelsLabel = form.type.modelsLabel
    models = offered.map {
      ModelChoice(value: $0.id.text, label: $0.labelledName, isChecked: form.models.contains($0.id.text))
    }
    modelsHint =
      switch (region, offered.count, all.count) {
      case (nil, _, _): "Choose a region first."
      case (_, 0, 0): "Nothing of this type is offered in this region."
      case (_, let some, let most) where some < most: "\(most - some) more with cross-region inference."
      default: nil
      }
    modelsError = problems.message(for: ProvisionField.models.rawValue)

    let chosen = offered.filter { form.models.contains($0.id.text) }
    let standard = form.models.contains(form.defaultModel) ? form.defaultModel : ""
    let choices = chosen.map {
      OptionView($0.id.text, $0.labelledName, selected: chosen.count == 1 ? $0.id.text : standard)
    }
    defaultModel = SelectView(
      "defaultModel", "Default Model",
      options: chosen.count == 1 ? choices : [OptionView("", "Choose", selected: standard)] + choices,
      hint: "Used when a call names no model.", problems: problems)

    let options = catalog.capacityOptions(for: form.type)
    offersUnits = options.offersUnits
    offersPlans = !options.plans.isEmpty
    isPlan = form.isPlan && !options.plans.isEmpty || !options.offersUnits
    let error = problems.message(for: ProvisionField.capacity.rawValue)
    var cloudTokens = InputView("cloudTokens", "Cloud Tokens", type: "number", value: form.cloudTokens)
    cloudTokens.hint = "Each is \(UnitsFormat.grouped(catalog.unitsPerCloudToken)) GenAI Units a bundle month."
    cloudTokens.error = isPlan ? nil : error
    self.cloudTokens = cloudTokens
    plans = SelectView(
      "plan", "Size",
      options: [OptionView("", "Choose", selected: form.plan)]
        + options.plans.map { OptionView($0.id.text, Self.label($0), selected: form.plan) },
      problems: isPlan ? problems.map { FieldProblem($0.field == "capacity" ? "plan" : $0.field, $0.message) } : [])
    capacityHint =
      "By Cloud Tokens every model counts by its exchange rates against one allowance in GenAI Units; a size has fixed "
      + "quotas of input\(form.type == .text ? " and output" : "") tokens, whatever the model."

    let confirmed = Set(form.terms)
    terms = found.terms.map { TermsChoice(terms: TermsView($0), isChecked: confirmed.contains(TermsView($0).value)) }
    termsError = problems.message(for: ProvisionField.terms.rawValue)
    specification = SpecificationView(found)
    canProvision = found.reasons.isEmpty && !found.exceedsBalance
  }

  private static func label(_ plan: Plan) -> String {
    let quotas = plan.inputTokens.map { input in
      plan.outputTokens.map { "\(UnitsFormat.short(input)) input, \(UnitsFormat.short($0)) output tokens" }
        ?? "\(UnitsFormat.short(input)) input tokens"
    }
    return [plan.displayName, plan.tokens.inWords, quotas].compactMap { $0 }.joined(separator: " · ")
  }
}

/// The live "Resource Specification". Rule R-3.
struct SpecificationView: Sendable {
  let allowance: String
  let regions: [String]
  let regionsSummary: String
  let refill: String
  let consumption: String
  let isOver: Bool
  let reasons: [String]
  /// `true` or `false`, for the script.
  let canProvision: String

  init(_ found: ResourceSpecification) {
    allowance = found.allowance?.inWords ?? "–"
    regions = found.regionNames
    regionsSummary = found.regionNames.isEmpty ? "–" : ""
    refill = found.refill.sentence
    consumption = found.tokensConsumption
    isOver = found.exceedsBalance
    reasons = found.reasons.map(\.sentence)
    canProvision = found.reasons.isEmpty && !found.exceedsBalance ? "true" : "false"
  }
}
