import Core
import Platform

/// What is asked over the list before a resource is deprovisioned, or before something scheduled is cancelled. Names the
/// thing and says what will happen, with dates. Rules.
struct LifeDialog: Sendable {
  struct Detail: Sendable {
    let label: String
    let value: String
  }

  /// A knowledge base that ends with its embeddings resource, or has to.
  struct End: Sendable {
    let name: String
    let date: String
  }

  let title: String
  let details: [Detail]
  let ends: [End]
  let sentences: [String]
  /// Why it was not done.
  let problem: String?
  /// Where the answer is sent to.
  let action: String
  let closeHref: String
  /// Nil where there is nothing to be done.
  let button: String?
  /// What else has to be agreed to.
  let consent: String?
  /// Ids of the knowledge bases that are shown as ending as well, so that no other is ended unseen.
  let shown: String
  let isDanger: Bool
  let submission: String
  /// Not of the template.
  let type: ResourceType

  fileprivate init(
    _ title: String, _ scene: LifeScene, action: String, details: [Detail] = [], ends: [End] = [],
    sentences: [String], problem: String?, button: String?, consent: String? = nil, shown: String = "",
    isDanger: Bool = false
  ) {
    self.title = title
    self.details = details
    self.ends = ends
    self.sentences = sentences
    self.problem = problem
    self.action = scene.query.href(action)
    closeHref = scene.query.href()
    self.button = button
    self.consent = consent
    self.shown = shown
    self.isDanger = isDanger
    submission = scene.page.idempotencyKey
    type = scene.page.resource.type
  }
}

/// What a dialog is made of.
struct LifeScene: Sendable {
  let page: ResourceChangePage
  /// The list under the dialog.
  let query: ControlCenterQuery
  let catalog: Catalog

  var name: String { "“\(page.resource.name)”" }
  func day(_ instant: Instant) -> String { DayText.long(page.company.zone.day(of: instant)) }

  fileprivate var details: [LifeDialog.Detail] {
    let (resource, state) = (page.resource, page.state)
    let details: [(String, String)] = [
      ("Type", resource.type.label), ("Environment", resource.environment.rawValue),
      ("Region", page.row.region?.displayName ?? resource.region.text),
      (resource.type == .knowledgeBase ? "Embeddings Model" : "Models", page.row.models.lines.joined(separator: ", ")),
      ("Embeddings Resource", page.embeddings?.resource.name ?? ""),
      ("Capacity", catalog.capacityInWords(state.capacity)), ("Created For", resource.createdFor.name),
    ]
    return details.filter { !$0.1.isEmpty }.map { LifeDialog.Detail(label: $0.0, value: $0.1) }
  }
}

extension LifeDialog {
  /// "Deprovision Resource". `ends` is what a trial found: what would end when. Rule A-5.
  static func deprovision(
    _ scene: LifeScene, trial: Result<DeprovisioningOutcome, PlatformError>, problem: String? = nil
  ) -> LifeDialog {
    let page = scene.page
    let action = ResourceAction.deprovision.path(page.resource.id)
    let title = "Deprovision \(scene.name)?"
    guard case .success(let outcome) = trial, let own = outcome.ends.last else {
      let refusal = if case .failure(let error) = trial { error.sentence } else { "It cannot be deprovisioned." }
      return LifeDialog(
        title, scene, action: action, details: scene.details, sentences: [], problem: problem ?? refusal, button: nil)
    }
    let ends = page.knowledgeBases.compactMap { state -> End? in
      let planned = outcome.ends.first { $0.resource == state.resource.id }?.at
      guard let at = planned ?? state.scheduledDeprovisioning?.effectiveAt else { return nil }
      return End(
        name: state.resource.name, date: scene.day(at) + (planned == nil ? ", scheduled already" : ""))
    }
    let others = outcome.ends.count - 1
    let them = others == 1 ? "the knowledge base" : "the \(others) knowledge bases"
    return LifeDialog(
      title, scene, action: action,
      details: scene.details + [Detail(label: "Ends", value: scene.day(own.at))], ends: ends,
      sentences: consequences(scene, own, others: others), problem: problem, button: "Deprovision",
      consent: others > 0 ? "Deprovision \(them) as well, with all content" : nil,
      shown: outcome.ends.dropLast().map(\.resource.text).joined(separator: " "), isDanger: true)
  }

  private static func consequences(
    _ scene: LifeScene, _ own: DeprovisioningOutcome.End, others: Int
  ) -> [String] {
    let state = scene.page.state
    let when = scene.day(own.at)
    let tokens = state.tokens > .zero ? ", and \(state.tokens.inWords) return to your company" : ""
    let content =
      state.resource.type == .knowledgeBase || others > 0 ? " All content of knowledge bases is erased." : ""
    var sentences = [
      "On \(when), when its bundle month ends, \(scene.name) stops: calls are refused, its keys stop working\(tokens)."
        + "\(content) Consumption and activity stay readable for company admins.",
      "Until then everything works as before, and you can cancel.",
    ]
    if others > 0 {
      sentences.insert(
        "Knowledge bases need their embeddings resource, so they can only end together: each with its own bundle month, "
          + "\(scene.name) with the first of its months that ends when none of them is left.", at: 0)
    }
    return sentences
  }

  /// "Cancel Deprovisioning". `trial` names what would go on. Rule A-5.
  static func cancelDeprovisioning(
    _ scene: LifeScene, trial: Result<CancelOutcome, PlatformError>, problem: String? = nil
  ) -> LifeDialog {
    let action = ResourceAction.cancelDeprovisioning.path(scene.page.resource.id)
    let title = "Cancel the deprovisioning of \(scene.name)?"
    guard case .success(let outcome) = trial, let end = scene.page.state.scheduledDeprovisioning else {
      let refusal = if case .failure(let error) = trial { error.sentence } else { "Nothing is scheduled." }
      return LifeDialog(title, scene, action: action, sentences: [], problem: problem ?? refusal, button: nil)
    }
    var sentences = ["\(scene.name) is not deprovisioned on \(scene.day(end.effectiveAt)); it goes on as it is."]
    // Names may be equal.
    let others = outcome.kept.filter { $0.resource != scene.page.resource.id }.map(\.name)
    if let others = others.quotedInWords {
      sentences.append("It needs its embeddings resource: the deprovisioning of \(others) is cancelled as well.")
    }
    if scene.page.knowledgeBases.contains(where: { $0.scheduledDeprovisioning != nil }) {
      sentences.append("Its knowledge bases still end as scheduled; cancel them one by one if they are to stay.")
    }
    return LifeDialog(
      title, scene, action: action, sentences: sentences, problem: problem, button: "Cancel Deprovisioning")
  }

  /// "Cancel Plan Downgrade", "Cancel Capacity Decrease", "Cancel Conversion". `trial` says why it cannot be. Rules A-2,
  /// A-3, C-9.
  static func cancelCapacity(
    _ scene: LifeScene, trial: Result<CancelOutcome, PlatformError>, problem: String? = nil
  ) -> LifeDialog {
    let state = scene.page.state
    let offered = scene.page.row.menu.first {
      [.cancelDowngrade, .cancelDecrease, .cancelConversion].contains($0)
    }
    let action = ResourceAction.cancelDowngrade.path(scene.page.resource.id)
    guard case .success = trial, let change = state.scheduledChange, let offered else {
      let refusal = if case .failure(let error) = trial { error.sentence } else { "Nothing is scheduled." }
      return LifeDialog(
        "Cancel the scheduled change of \(scene.name)?", scene, action: action, sentences: [],
        problem: problem ?? refusal, button: nil)
    }
    return LifeDialog(
      "\(offered.label) of \(scene.name)?", scene, action: action,
      sentences: [
        "\(scene.name) does not change to \(scene.catalog.capacityInWords(change)) on \(scene.day(change.effectiveAt)). "
          + "It keeps \(scene.catalog.capacityInWords(state.capacity)): \(scene.catalog.offering(of: state.capacity)).",
        "This takes effect immediately.",
      ], problem: problem, button: offered.label)
  }
}
