import Core
import Platform

/// The form "Provision Resource" as it was filled in. Rule R-2.
struct ProvisionForm: Sendable {
  let type: ResourceType
  let name: String
  let environment: String
  let region: String
  /// Nil until somebody decided; then what fits is taken.
  let isCrossRegion: Bool?
  /// Of a knowledge base its one embeddings model.
  private(set) var models: [String]
  /// Of a knowledge base.
  private(set) var embeddingsResource: String
  /// Of a knowledge base: when the newest of the embeddings resources that were listed was provisioned.
  let listedUntil: Instant?
  let defaultModel: String
  let capacity: CapacityInput
  let userName: String
  let userEmail: String
  /// Asked with a company's first resource; nil afterwards. Rule P-2.
  let timeZone: String?
  /// Terms in their version, such as `anthropic@2026-06`.
  let terms: [String]
  /// Made with the form, and kept while it is corrected.
  let submission: String

  /// An empty form: for the admin who opens it, unless changed. `fields` are what the address says already.
  init(type: ResourceType, for user: User, _ fields: FormFields) {
    self.type = type
    name = ""
    environment = fields["environment"]
    region = fields["region"]
    listedUntil = nil
    isCrossRegion = nil
    models = []
    embeddingsResource = ""
    defaultModel = ""
    capacity = CapacityInput()
    userName = user.name
    userEmail = user.email
    timeZone = nil
    terms = []
    submission = ""
  }

  init(_ fields: FormFields) {
    type = ResourceType(slug: fields["type"]) ?? .text
    name = fields["name"]
    environment = fields["environment"]
    region = fields["region"]
    // The box is shown only for regions that have it; its answer counts only for the region that it was shown for.
    let wasAsked = fields["crossRegionOf"] == fields["region"] && !fields["region"].isEmpty
    isCrossRegion = wasAsked ? fields.has("crossRegion") : nil
    // "Choose" is no model.
    models = fields.all("models").filter { !$0.isEmpty }
    embeddingsResource = fields["embeddingsResource"]
    listedUntil = Int64(fields["listedUntil"]).map(Instant.init(milliseconds:))
    defaultModel = fields["defaultModel"]
    capacity = CapacityInput(fields)
    userName = fields["userName"]
    userEmail = fields["userEmail"]
    timeZone = fields.has("timeZone") ? fields["timeZone"] : nil
    terms = fields.all("terms")
    submission = fields["submission"]
  }

  /// With what leaves nothing to choose: of a knowledge base the embeddings resource that was created beside the form or
  /// is the only one, and its only model. Rule R-5.
  func completed(by page: ProvisioningPage) -> ProvisionForm {
    guard type == .knowledgeBase else { return self }
    var form = self
    if embeddingsResource.isEmpty {
      let usable = page.embeddings.filter { $0.isUsable(in: region.nonEmpty.map { RegionID($0) }) }
      let fresh = listedUntil.map { listed in usable.filter { $0.resource.provisionedAt > listed } } ?? []
      let only = fresh.count == 1 ? fresh[0] : usable.count == 1 ? usable[0] : nil
      form.embeddingsResource = only?.resource.id.text ?? ""
    }
    let chosen = page.embeddings.first { $0.resource.id.text == form.embeddingsResource }
    if let chosen, chosen.resource.models.count == 1 { form.models = [chosen.resource.models[0].text] }
    return form
  }

  var request: ProvisionRequest {
    ProvisionRequest(
      name: name, type: type, environment: ResourceEnvironment(rawValue: environment),
      region: region.nonEmpty.map { RegionID($0) }, isCrossRegion: isCrossRegion,
      models: models.map { ModelVersionID($0) },
      embeddingsResource: type == .knowledgeBase ? embeddingsResource.nonEmpty.map { ResourceID($0) } : nil,
      // A default that is no longer among the chosen models is no choice any more.
      defaultModel: type == .text && models.contains(defaultModel) ? ModelVersionID(defaultModel) : nil,
      capacity: capacity.capacity, userName: userName, userEmail: userEmail, acknowledgedTerms: acknowledged)
  }

  /// Nil where it was not asked or is none.
  var zone: CompanyZone? { timeZone.flatMap { CompanyZone($0) } }

  /// What the rules find, each at the field that it is shown at, with what only the form knows.
  func problems(_ found: [FieldProblem]) -> [FieldProblem] {
    let placed = capacity.placing(found, of: ProvisionField.capacity.rawValue)
    guard timeZone != nil, zone == nil else { return placed }
    return placed + [FieldProblem("timeZone", "Choose a time zone from the list.")]
  }

  /// Of what is sent: the same twice provisions once, and other content from the same form is another resource.
  var idempotencyKey: String { ContentKey.make(submission, pairs) }

  /// The fields again, for the form inside the summary.
  var hiddenFields: [FormFields.Field] { pairs.map { FormFields.Field(name: $0.0, value: $0.1) } }

  private var pairs: [(String, String)] {
    var pairs = [("type", type.slug), ("name", name), ("environment", environment), ("region", region)]
    if type == .knowledgeBase { pairs.append(("embeddingsResource", embeddingsResource)) }
    pairs += [("defaultModel", defaultModel)] + capacity.fields + [("userName", userName), ("userEmail", userEmail)]
    if let timeZone { pairs.append(("timeZone", timeZone)) }
    if let isCrossRegion {
      pairs.append(("crossRegionOf", region))
      if isCrossRegion { pairs.append(("crossRegion", "on")) }
    }
    return pairs + models.map { ("models", $0) } + terms.map { ("terms", $0) }
  }

  private var acknowledged: [TermsVersion] {
    terms.compactMap { text in
      let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
      return parts.count == 2 ? TermsVersion(terms: Identifier(parts[0]), version: parts[1]) : nil
    }
  }
}

extension ResourceState {
  /// False for an embeddings resource that a knowledge base in `region` may not use. Rule R-5.
  fileprivate func isUsable(in region: RegionID?) -> Bool {
    switch status {
    case .suspended, .deprovisioned, .deprovisioningScheduled: false
    case .active, .planDowngradeScheduled, .capacityDecreaseScheduled: region == nil || region == resource.region
    }
  }
}
