import Core
import Hummingbird
import Platform

/// The page "Provision Resource".
struct ProvisionPage: Sendable {
  let heading: String
  let typeLabel: String
  let type: String
  let listHref: String
  let zone: String
  let problems: [String]
  let reasons: [String]
  let orderPath: String?
  let name: InputView
  let environment: SelectView
  let region: SelectView
  let userName: InputView
  let userEmail: InputView
  let parts: ProvisionParts
  let summary: ProvisionSummary?
  /// Not of the template.
  let status: HTTPResponse.Status

  init(
    _ form: ProvisionForm, _ wish: ProvisionWish, _ around: ProvisioningPage, _ specification: ResourceSpecification,
    _ catalog: Catalog, _ branding: Branding
  ) {
    var problems: [FieldProblem] = []
    var refusals: [String] = []
    var summary: ProvisionSummary?
    switch wish {
    case .editing: status = .ok
    case .problems(let found): (problems, status) = (found, .unprocessableContent)
    case .refused(let reasons): (refusals, status) = (reasons, .conflict)
    case .summary where !specification.problems.isEmpty:
      (problems, status) = (specification.problems, .unprocessableContent)
    case .summary where !specification.reasons.isEmpty:
      (refusals, status) = (specification.reasons.map(\.sentence), .conflict)
    case .summary:
      status = .ok
      summary = ProvisionSummary(form, specification, catalog, submit: around.idempotencyKey)
    }
    heading = "Provision \(form.type.inSentence)"
    typeLabel = form.type.tabLabel
    type = form.type.slug
    listHref = PageAddress("/control-center/resources", []).with([("type", form.type.slug)])
    zone = around.company.zone.identifier
    self.problems = problems.map(\.message)
    let reasons = around.reasons.isEmpty ? refusals : around.reasons.map(\.sentence)
    self.reasons = reasons
    orderPath = reasons.isEmpty ? nil : around.orderPath
    name = InputView("name", "Display Name", value: form.name, isRequired: true, problems: problems)
    environment = SelectView(
      "environment", "Environment",
      options: [OptionView("", "Choose", selected: form.environment)]
        + ResourceEnvironment.allCases.map { OptionView($0.rawValue, $0.rawValue, selected: form.environment) },
      problems: problems)
    region = SelectView(
      "region", "\(branding.cloud) Region",
      options: [OptionView("", "Choose", selected: form.region)]
        + catalog.offeredRegions.map { OptionView($0.id.text, $0.displayName, selected: form.region) },
      problems: problems)
    userName = InputView(
      "userName", "User", value: form.userName, hint: "Whom the resource is created for.", isRequired: true,
      problems: problems)
    userEmail = InputView(
      "userEmail", "Email", type: "email", value: form.userEmail, isRequired: true, problems: problems)
    parts = ProvisionParts(form, specification, catalog, problems: problems)
    self.summary = summary
  }
}

/// The read-only "Resource Summary". Rule R-4.
struct ProvisionSummary: Sendable {
  struct Line: Sendable {
    let label: String
    let value: String
  }

  let name: String
  let lines: [Line]
  let fields: [FormFields.Field]
  let submission: String

  init(_ form: ProvisionForm, _ specification: ResourceSpecification, _ catalog: Catalog, submit: String) {
    let models = catalog.models.filter { form.models.contains($0.id.text) }
    let standard = form.type == .text ? models.first { $0.id.text == form.defaultModel } ?? models.first : nil
    let lines: [(String, String?)] = [
      ("Display Name", form.name),
      ("Type", form.type.label),
      ("Environment", form.environment),
      ("Region", specification.regionNames.first),
      ("Cross-region inference", specification.isCrossRegion ? "On" : "Off"),
      (form.type.modelsLabel, models.map(\.labelledName).joined(separator: ", ")),
      ("Default Model", standard?.labelledName),
      ("Capacity", specification.allowanceSentence),
      ("Cloud Tokens", specification.tokensAsked.map { UnitsFormat.grouped($0.count) }),
      ("Refill", specification.refill.sentence),
      ("Created For", "\(form.userName) (\(form.userEmail))"),
      ("Terms confirmed", specification.terms.map { "\($0.party): \($0.title)" }.joined(separator: ", ").nonEmpty),
    ]
    name = form.name
    self.lines = lines.compactMap { label, value in value.map { Line(label: label, value: $0) } }
    fields = form.hiddenFields
    submission = submit
  }
}
