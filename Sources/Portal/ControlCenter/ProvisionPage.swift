import Core
import Hummingbird
import Platform

/// The page "Provision Resource".
struct ProvisionPage: Sendable {
  let heading: String
  let type: String
  let listHref: String
  let zone: String
  let submission: String
  let problems: [String]
  let reasons: [String]
  let orderPath: String?
  let name: InputView
  let environment: SelectView
  let region: SelectView
  let userName: InputView
  let userEmail: InputView
  /// Asked with the company's first resource; nil afterwards. Rule P-2.
  let timeZone: SelectView?
  let parts: ProvisionParts
  let summary: ProvisionSummary?
  /// Not of the template.
  let status: HTTPResponse.Status

  init(_ form: ProvisionForm, _ wish: ProvisionWish, _ scene: ProvisionScene) {
    let around = scene.around
    let submission = form.submission.nonEmpty ?? around.idempotencyKey
    var outcome = Outcome()
    outcome.take(wish, form, scene)
    let problems = outcome.problems
    if outcome.isReady { summary = ProvisionSummary(form, scene, submission: submission) } else { summary = nil }
    status = outcome.status
    heading = "Provision \(form.type.inSentence)"
    type = form.type.slug
    listHref = form.type.listHref
    zone = around.company.zone.identifier
    self.submission = submission
    self.problems = problems.map(\.message)
    let reasons = around.reasons.isEmpty ? outcome.refusals : around.reasons.map(\.sentence)
    self.reasons = reasons
    orderPath = reasons.isEmpty ? nil : around.orderPath
    let parts = ProvisionParts(form, scene, problems: problems)
    self.parts = parts
    func note(_ field: String) -> String? { parts.notes.first { $0.name == field }?.hint }
    name = InputView(
      "name", "Display Name", value: form.name, hint: note("name"), isRequired: true, problems: problems)
    environment = SelectView(
      "environment", "Environment",
      options: [OptionView("", "Choose", selected: form.environment)]
        + ResourceEnvironment.allCases.map { OptionView($0.rawValue, $0.rawValue, selected: form.environment) },
      problems: problems)
    region = Self.region(form, scene, problems)
    userName = InputView(
      "userName", "User", value: form.userName, hint: "Whom the resource is created for.", isRequired: true,
      problems: problems)
    userEmail = InputView(
      "userEmail", "Email", type: "email", value: form.userEmail, hint: note("userEmail"), isRequired: true,
      problems: problems)
    timeZone = around.isTimeZoneFinal ? nil : Self.timeZone(form, around, problems)
  }

  private static func region(
    _ form: ProvisionForm, _ scene: ProvisionScene, _ problems: [FieldProblem]
  ) -> SelectView {
    let catalog = scene.catalog
    let options = catalog.offeredRegions.map { region in
      let models = catalog.offered(
        type: form.type == .knowledgeBase ? .embeddings : form.type, region: region.id, isCrossRegion: true)
      let isServed = scene.served.map { $0.servesAny(of: models, in: region) } ?? true
      return OptionView(
        region.id.text, isServed ? region.displayName : "\(region.displayName) — no provider account here",
        selected: form.region)
    }
    return SelectView(
      "region", "\(scene.branding.cloud) Region",
      options: [OptionView("", "Choose", selected: form.region)] + options, problems: problems)
  }

  private static func timeZone(
    _ form: ProvisionForm, _ around: ProvisioningPage, _ problems: [FieldProblem]
  ) -> SelectView {
    let current = around.company.zone.identifier
    return SelectView(
      "timeZone", "Time zone of your company",
      options: CompanyZone.identifiers.map { OptionView($0, $0, selected: form.timeZone ?? current) },
      hint: "Days, refills and dates follow it. It is final once the first resource is provisioned.",
      problems: problems)
  }
}

/// What a form came with, and what it leads to.
private struct Outcome {
  var status = HTTPResponse.Status.ok
  var problems: [FieldProblem] = []
  var refusals: [String] = []
  var isReady = false

  mutating func take(_ wish: ProvisionWish, _ form: ProvisionForm, _ scene: ProvisionScene) {
    switch wish {
    case .editing: break
    case .problems(let found): (problems, status) = (form.problems(found), .unprocessableContent)
    case .refused(let reasons): (refusals, status) = (reasons, .conflict)
    case .summary:
      let specification = scene.specification
      problems = form.problems(specification.problems)
      if !problems.isEmpty {
        status = .unprocessableContent
      } else if !specification.reasons.isEmpty {
        (refusals, status) = (specification.reasons.map(\.sentence), .conflict)
      } else {
        isReady = true
      }
    }
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
  let warnings: [String]
  let fields: [FormFields.Field]
  let submission: String

  init(_ form: ProvisionForm, _ scene: ProvisionScene, submission: String) {
    let (specification, catalog) = (scene.specification, scene.catalog)
    let isKnowledgeBase = form.type == .knowledgeBase
    let models =
      specification.embeddingsModel.map { [$0] } ?? catalog.models.filter { form.models.contains($0.id.text) }
    let standard = form.type == .text ? models.first { $0.id.text == form.defaultModel } ?? models.first : nil
    let embeddings = scene.around.embeddings.first { $0.resource.id.text == form.embeddingsResource }
    let lines: [(String, String?)] = [
      ("Display Name", form.name),
      ("Type", form.type.label),
      ("Environment", form.environment),
      ("Region", specification.regionNames.first),
      ("Cross-region inference", isKnowledgeBase ? nil : specification.isCrossRegion ? "On" : "Off"),
      ("Embeddings Resource", isKnowledgeBase ? embeddings?.resource.name : nil),
      (form.type.modelsLabel, models.map(\.labelledName).joined(separator: ", ")),
      ("Default Model", standard?.labelledName),
      ("Capacity", specification.allowanceSentence),
      ("Cloud Tokens", specification.tokensAsked.map { UnitsFormat.grouped($0.count) }),
      ("Refill", isKnowledgeBase ? nil : specification.refill.sentence),
      ("Created For", "\(form.userName) (\(form.userEmail))"),
      ("User", NamedUser(form, scene.around).inSummary),
      ("Time zone", form.timeZone.map { "\($0), final from now on" }),
      ("Terms confirmed", specification.terms.map { "\($0.party): \($0.title)" }.joined(separator: ", ").nonEmpty),
    ]
    name = form.name
    self.lines = lines.compactMap { label, value in value.map { Line(label: label, value: $0) } }
    warnings = specification.warnings
    fields = form.hiddenFields
    self.submission = submission
  }
}
