/// The decision whether and how a resource is provisioned. Rules.
public enum Provisioning {
  /// Characters of a display name or a person's name.
  public static let longestName = 100
  /// Characters of an order reference.
  public static let longestOrderReference = 100
  /// Model versions of one resource.
  public static let mostModels = 50

  /// Decides `request` at `instant`, and gives what is to be stored in one transaction.
  ///
  /// The caller holds the company's lock, so that `facts`, and `timeline` made of them, are the latest.
  public static func decide(
    _ request: ProvisionRequest, facts: CompanyFacts, timeline: CompanyTimeline, catalog: Catalog, at instant: Instant,
    resourceID: ResourceID, branding: Branding
  ) throws(ProvisioningRefusal) -> ProvisionedResource {
    let checked = CheckedProvisionRequest(request, facts: facts, timeline: timeline, catalog: catalog, at: instant)
    guard checked.problems.isEmpty, let environment = checked.environment, let region = checked.region,
      let price = checked.price, let createdFor = checked.createdFor
    else { throw .invalid(InvalidInput(checked.problems)) }
    if request.origin == .selfService {
      let reasons = Eligibility.reasons(
        facts: facts, timeline: timeline, asking: price.tokens, at: instant, branding: branding)
      guard reasons.isEmpty else { throw .ineligible(reasons) }
    }
    let resource = Resource(
      id: resourceID, companyID: facts.company.id, name: checked.name, type: request.type, environment: environment,
      region: region.id, isCrossRegion: checked.isCrossRegion, models: checked.models.map(\.id),
      defaultModel: checked.defaultModel, createdFor: createdFor, provisionedAt: instant,
      orderReference: request.origin.orderReference, embeddingsResource: checked.embeddingsResource?.resource.id)
    return ProvisionedResource(
      resource: resource,
      capacityChange: CapacityChange(
        resourceID: resourceID, capacity: price.capacity, tokens: price.tokens, allowance: price.allowance,
        effectiveAt: instant),
      terms: checked.terms)
  }

  /// What people read under "Cloud Resource Pack": `Text generation M`, `Text generation 3,000 GenAI Units`. Rule T-4.
  public static func packLabel(
    _ type: ResourceType, _ capacity: Capacity, _ allowance: Allowance, _ catalog: Catalog
  ) -> String {
    let size =
      switch (capacity, allowance) {
      case (.plan(let id), _): catalog.plan(id)?.displayName ?? id.text
      case (.units, .units(let units)): "\(UnitsFormat.full(units)) GenAI Units"
      case (.units(let tokens), .plan): tokens.inWords
      }
    return "\(type.packWords) \(size)"
  }
}

extension ProvisionRequest.Origin {
  /// Trimmed; nil for self-service.
  fileprivate var orderReference: String? {
    switch self {
    case .selfService: nil
    case .operatorOrder(let reference): reference.trimmed
    }
  }
}

extension ResourceType {
  /// How packs name it.
  var packWords: String {
    switch self {
    case .text: "Text generation"
    case .embeddings: "Embeddings generation"
    case .knowledgeBase: "Knowledge base"
    }
  }
}
