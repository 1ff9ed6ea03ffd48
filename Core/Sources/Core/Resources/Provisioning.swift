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
  /// A repeated submit passes the same `resourceID` and gets the resource that it provisioned first (rule R-6). The
  /// caller holds the company's lock, so that `facts` are the latest.
  public static func decide(
    _ request: ProvisionRequest, facts: CompanyFacts, catalog: Catalog, at instant: Instant, resourceID: ResourceID,
    ledgerEntryID: Identifier<LedgerEntry>, branding: Branding
  ) throws(ProvisioningRefusal) -> ProvisionedResource {
    if let before = provisionedBefore(resourceID, in: facts) { return before }
    let checked = CheckedProvisionRequest(request, catalog: catalog, day: facts.zone.day(of: instant))
    guard checked.problems.isEmpty, let environment = checked.environment, let region = checked.region,
      let price = checked.price, let createdFor = checked.createdFor
    else { throw .invalid(InvalidInput(checked.problems)) }
    if request.origin == .selfService {
      let reasons = Eligibility.reasons(facts: facts, asking: price.tokens, at: instant, branding: branding)
      guard reasons.isEmpty else { throw .ineligible(reasons) }
    }
    let resource = Resource(
      id: resourceID, companyID: facts.company.id, name: checked.name, type: request.type, environment: environment,
      region: region.id, isCrossRegion: checked.isCrossRegion, models: checked.models.map(\.id),
      defaultModel: checked.defaultModel, createdFor: createdFor, provisionedAt: instant,
      orderReference: request.origin.orderReference)
    return ProvisionedResource(
      resource: resource,
      capacityChange: CapacityChange(
        resourceID: resourceID, capacity: price.capacity, tokens: price.tokens, allowance: price.allowance,
        effectiveAt: instant),
      ledgerEntry: LedgerEntry(
        id: ledgerEntryID, companyID: facts.company.id, resourceID: resourceID, contractID: nil, kind: .allocated,
        tokens: price.tokens, pack: packLabel(request.type, price.capacity, price.allowance, catalog),
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

  private static func provisionedBefore(_ id: ResourceID, in facts: CompanyFacts) -> ProvisionedResource? {
    guard let resource = facts.resources.first(where: { $0.id == id }),
      let change = facts.capacityChanges.filter({ $0.resourceID == id }).min(by: { $0.effectiveAt < $1.effectiveAt }),
      let entry = facts.ledger.first(where: {
        $0.resourceID == id && $0.kind == .allocated && $0.effectiveAt == resource.provisionedAt
      })
    else { return nil }
    return ProvisionedResource(
      resource: resource, capacityChange: change, ledgerEntry: entry, terms: [], wasProvisionedBefore: true)
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
