import Core
import Platform

/// What a change of capacity would do, from a trial of it.
enum ChangeOutlook: Sendable {
  /// The capacity that the resource has.
  case unchanged
  case change(CapacityOutcome)
  /// What is missing or wrong in the form so far.
  case open([String])
  /// What no input can mend: too few tokens, or a state that permits no change.
  case refused([String])
}

/// The pages "Adjust Plan Size GenAI Resource" and "Edit Resource". Rules.
struct ChangePage: Sendable {
  let heading: String
  let resource: String
  let status: BadgeView
  let listHref: String
  let action: String
  let specificationAction: String
  let submission: String
  let revision: String
  let problems: [String]
  let refusals: [String]
  /// What is scheduled already, and what becomes of it. Rule A-4.
  let scheduled: String?
  let name: InputView?
  let environment: SelectView?
  let defaultModel: SelectView?
  let parts: ChangeParts
  let button: String
  let zone: String

  init(
    _ form: ChangeForm, _ page: ResourceChangePage, _ outlook: ChangeOutlook, query: ControlCenterQuery,
    catalog: Catalog, problems: [FieldProblem], refusals: [String]
  ) {
    let place = form.kind.place
    let shown = form.capacity.placing(problems, of: ChangeField.capacity.rawValue)
    heading = place == .capacity ? "Adjust Plan Size GenAI Resource" : "Edit Resource"
    resource = page.resource.name
    status = BadgeView(page.state.status)
    listHref = query.href()
    action = query.href(place.path(page.resource.id))
    specificationAction = "\(place.path(page.resource.id))/specification"
    // A fresh key with what the server knows now: what is sent from here on is a submit of its own.
    submission = page.idempotencyKey
    revision = "\(page.state.revision.milliseconds)"
    self.problems = shown.map(\.message)
    self.refusals = refusals
    scheduled = Self.scheduled(form, page, catalog)
    name =
      form.kind == .plan
      ? nil : InputView("name", "Display Name", value: form.name, isRequired: true, problems: shown)
    environment =
      form.kind == .units
      ? SelectView(
        "environment", "Environment",
        options: ResourceEnvironment.allCases.map { OptionView($0.rawValue, $0.rawValue, selected: form.environment) },
        problems: shown) : nil
    defaultModel =
      form.kind == .units && page.resource.type == .text ? Self.defaultModel(form, page, catalog, shown) : nil
    parts = ChangeParts(form, page, outlook, catalog, problems: shown)
    button = place == .capacity ? "Adjust Plan" : "Save"
    zone = page.company.zone.identifier
  }

  private static func defaultModel(
    _ form: ChangeForm, _ page: ResourceChangePage, _ catalog: Catalog, _ problems: [FieldProblem]
  ) -> SelectView {
    SelectView(
      "defaultModel", "Default Model",
      options: page.resource.models.map {
        OptionView($0.text, catalog.model($0)?.labelledName ?? $0.text, selected: form.defaultModel)
      }, hint: "Used when a call names no model.", problems: problems)
  }

  private static func scheduled(_ form: ChangeForm, _ page: ResourceChangePage, _ catalog: Catalog) -> String? {
    guard let change = page.state.scheduledChange else { return nil }
    let day = DayText.long(page.company.zone.day(of: change.effectiveAt))
    let others = form.kind == .units ? "; name, environment and default model leave it as it is" : ""
    return "A change to \(catalog.capacityInWords(change)) is scheduled for \(day). Another capacity takes its "
      + "place\(others)."
  }
}

/// What on the page follows from the form so far. Rule R-3.
struct ChangeParts: Sendable {
  /// Nil where the capacity is fixed.
  let capacity: CapacityPart?
  let specification: SpecificationView

  init(
    _ form: ChangeForm, _ page: ResourceChangePage, _ outlook: ChangeOutlook, _ catalog: Catalog,
    problems: [FieldProblem]
  ) {
    capacity = form.kind == .name ? nil : CapacityPart(form, page, catalog, problems)
    specification = SpecificationView(form, page, outlook, catalog)
  }
}

extension SpecificationView {
  /// Beside a change: what the resource has, what it would have, and when.
  init(_ form: ChangeForm, _ page: ResourceChangePage, _ outlook: ChangeOutlook, _ catalog: Catalog) {
    let current = page.state.capacity
    var lines = [
      Line("Now", catalog.capacityLines(current.capacity, current.tokens, current.allowance)),
      page.embeddings.map { Line("Embeddings Resource", [$0.resource.name]) },
    ].compactMap { $0 }
    var (notes, reasons): ([String], [String]) = ([], [])
    switch outlook {
    case .unchanged where form.kind == .name: notes = ["Knowledge bases have one size; their capacity can't change."]
    case .unchanged: notes = ["This is the capacity that the resource has: it stays."]
    case .open(let sentences): notes = sentences
    case .refused(let sentences): reasons = sentences
    case .change(let outcome):
      lines.append(Line("Then", Self.wanted(form, page, catalog) ?? [outcome.label]))
      lines.append(Line("Takes effect", [Self.effect(outcome, page)]))
      notes = Self.notes(outcome, page, catalog)
    }
    let price = form.capacity.capacity.flatMap { catalog.price(of: $0, type: page.resource.type) }
    let more = price.map { $0.tokens - current.tokens }
    let available = UnitsFormat.grouped(page.balance.available.count)
    self.init(
      lines: lines, consumption: form.kind == .name ? nil : "\((more ?? .zero).signed) / \(available)",
      isOver: more.map { $0 > .zero && $0 > page.balance.available } ?? false, notes: notes, reasons: reasons,
      canProvision: reasons.isEmpty)
  }

  private static func wanted(_ form: ChangeForm, _ page: ResourceChangePage, _ catalog: Catalog) -> [String]? {
    form.capacity.capacity.flatMap { capacity in
      catalog.price(of: capacity, type: page.resource.type).map {
        catalog.capacityLines(capacity, $0.tokens, $0.allowance)
      }
    }
  }

  private static func effect(_ outcome: CapacityOutcome, _ page: ResourceChangePage) -> String {
    guard outcome.effect == .scheduled else { return "Immediately" }
    return "On \(DayText.long(page.company.zone.day(of: outcome.effectiveAt))), with the next bundle month"
  }

  private static func notes(_ outcome: CapacityOutcome, _ page: ResourceChangePage, _ catalog: Catalog) -> [String] {
    var notes: [String] = []
    switch outcome.effect {
    case .increase: notes.append("The current bundle month gains the difference at once.")
    case .decrease: notes.append("What this bundle month has used fits, so the Cloud Tokens return at once.")
    case .scheduled where outcome.tokens < page.state.capacity.tokens.count:
      notes.append("Until then everything stays as it is; the Cloud Tokens return when it takes effect.")
    case .scheduled: notes.append("Until then everything stays as it is.")
    }
    if let change = page.state.scheduledChange, outcome.replacesScheduled {
      let day = DayText.long(page.company.zone.day(of: change.effectiveAt))
      notes.append("The change to \(catalog.capacityInWords(change)) that is scheduled for \(day) is cancelled.")
    }
    return notes
  }
}
