import Core
import Platform

/// By Cloud Tokens or by size. Rule C-9.
struct CapacityPart: Sendable {
  let legend: String
  let offersBoth: Bool
  let unitsLabel: String
  let planLabel: String
  let hint: String
  let isPlan: Bool
  let cloudTokens: InputView
  let plans: SelectView
  /// Kept while Cloud Tokens are entered.
  let chosenPlan: String
  /// Of one size there is nothing to choose.
  let onlySize: String?

  /// "Provision Resource".
  init(_ form: ProvisionForm, _ catalog: Catalog, _ problems: [FieldProblem]) {
    let options = catalog.capacityOptions(for: form.type)
    let input = form.capacity
    legend = "Capacity"
    offersBoth = options.offersUnits && !options.plans.isEmpty
    (unitsLabel, planLabel) = ("By Cloud Tokens", "By size")
    isPlan = input.isPlan && !options.plans.isEmpty || !options.offersUnits
    cloudTokens = Self.cloudTokens(input, Self.worth(catalog), problems)
    plans = SelectView(
      "plan", "Size",
      options: [OptionView("", "Choose", selected: input.plan)]
        + options.plans.map { OptionView($0.id.text, $0.choiceLabel, selected: input.plan) },
      problems: problems)
    chosenPlan = input.plan
    onlySize = options.offersUnits || options.plans.count != 1 ? nil : options.plans[0].choiceLabel
    hint =
      "By Cloud Tokens every model counts by its exchange rates against one allowance in GenAI Units; a size has fixed "
      + "quotas of input\(form.type == .text ? " and output" : "") tokens, whatever the model."
  }

  /// "Adjust Plan Size GenAI Resource" and "Edit Resource". Rules A-1 to A-3, C-9.
  init(_ form: ChangeForm, _ page: ResourceChangePage, _ catalog: Catalog, _ problems: [FieldProblem]) {
    let options = catalog.capacityOptions(for: page.resource.type)
    let input = form.capacity
    legend = "Change"
    offersBoth = form.kind == .plan && options.offersUnits
    (unitsLabel, planLabel) = ("Convert to Cloud Tokens", "Another size")
    isPlan = form.kind == .plan && (input.isPlan || !options.offersUnits)
    let most = page.state.capacity.tokens
    cloudTokens = Self.cloudTokens(
      input,
      form.kind == .plan
        ? "At most \(UnitsFormat.grouped(most.count)), what the plan costs. \(Self.worth(catalog))"
        : "\(Self.worth(catalog)) \(page.balance.available > .zero ? page.balance.available.inWords : "None") available.",
      problems)
    let scheduled = page.state.scheduledChange?.capacity
    plans = SelectView(
      "plan", "Size",
      options: options.plans.map { plan in
        let mark =
          Capacity.plan(plan.id) == page.state.capacity.capacity
          ? " · current" : Capacity.plan(plan.id) == scheduled ? " · scheduled" : ""
        return OptionView(plan.id.text, plan.choiceLabel + mark, selected: input.plan)
      },
      hint: "A larger size takes effect immediately, a smaller one with the next bundle month.", problems: problems)
    chosenPlan = input.plan
    onlySize = nil
    hint =
      "By Cloud Tokens every model counts by its exchange rates against one allowance in GenAI Units, in any whole "
      + "number of Cloud Tokens. A conversion takes effect with the next bundle month and cannot be undone: there is no "
      + "way back to a size."
  }

  private static func worth(_ catalog: Catalog) -> String {
    "Each is \(UnitsFormat.grouped(catalog.unitsPerCloudToken)) GenAI Units a bundle month."
  }

  private static func cloudTokens(_ input: CapacityInput, _ hint: String, _ problems: [FieldProblem]) -> InputView {
    InputView(
      "cloudTokens", "Cloud Tokens", type: "number", value: input.cloudTokens, hint: hint, problems: problems)
  }
}
