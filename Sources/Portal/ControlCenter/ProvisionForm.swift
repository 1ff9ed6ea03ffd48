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
  let models: [String]
  let defaultModel: String
  let isPlan: Bool
  let cloudTokens: String
  let plan: String
  let userName: String
  let userEmail: String
  /// Terms in their version, such as `anthropic@2026-06`.
  let terms: [String]
  let submission: String

  /// An empty form: for the admin who opens it, unless changed.
  init(type: ResourceType, for user: User) {
    self.type = type
    name = ""
    environment = ""
    region = ""
    isCrossRegion = nil
    models = []
    defaultModel = ""
    isPlan = false
    cloudTokens = ""
    plan = ""
    userName = user.name
    userEmail = user.email
    terms = []
    submission = ""
  }

  init(_ fields: FormFields, _ catalog: Catalog) {
    type = ResourceType(slug: fields["type"]) ?? .text
    name = fields["name"]
    environment = fields["environment"]
    region = fields["region"]
    // The box is shown only for regions that have it; its answer counts only for the region that it was shown for.
    let wasAsked = fields["crossRegionOf"] == fields["region"] && !fields["region"].isEmpty
    isCrossRegion = wasAsked ? fields.has("crossRegion") : nil
    models = fields.all("models")
    defaultModel = fields["defaultModel"]
    isPlan = fields["capacityKind"] == "plan"
    cloudTokens = fields["cloudTokens"]
    plan = fields["plan"]
    userName = fields["userName"]
    userEmail = fields["userEmail"]
    terms = fields.all("terms")
    submission = fields["submission"]
  }

  var request: ProvisionRequest {
    ProvisionRequest(
      name: name, type: type, environment: ResourceEnvironment(rawValue: environment),
      region: region.nonEmpty.map { RegionID($0) }, isCrossRegion: isCrossRegion,
      models: models.map { ModelVersionID($0) },
      // A default that is no longer among the chosen models is no choice any more.
      defaultModel: models.contains(defaultModel) ? ModelVersionID(defaultModel) : nil, capacity: capacity,
      userName: userName, userEmail: userEmail, acknowledgedTerms: acknowledged)
  }

  private var capacity: Capacity? {
    if isPlan { return plan.nonEmpty.map { .plan(Identifier($0)) } }
    return Int64(cloudTokens.filter { $0 != "," && $0 != " " }).map { .units(CloudTokens($0)) }
  }

  private var acknowledged: [TermsVersion] {
    terms.compactMap { text in
      let parts = text.split(separator: "@", maxSplits: 1).map(String.init)
      return parts.count == 2 ? TermsVersion(terms: Identifier(parts[0]), version: parts[1]) : nil
    }
  }

  /// The fields again, for the form inside the summary.
  var hiddenFields: [FormFields.Field] {
    var pairs = [
      ("type", type.slug), ("name", name), ("environment", environment), ("region", region),
      ("defaultModel", defaultModel), ("capacityKind", isPlan ? "plan" : "units"), ("cloudTokens", cloudTokens),
      ("plan", plan), ("userName", userName), ("userEmail", userEmail),
    ]
    if let isCrossRegion {
      pairs.append(("crossRegionOf", region))
      if isCrossRegion { pairs.append(("crossRegion", "on")) }
    }
    pairs += models.map { ("models", $0) }
    pairs += terms.map { ("terms", $0) }
    return pairs.map { FormFields.Field(name: $0.0, value: $0.1) }
  }
}
