/// What the live "Resource Specification" shows beside the form, from a request that may be incomplete. Rule R-3.
public struct ResourceSpecification: Hashable, Sendable {
  /// GenAI Units or token quotas of a bundle month; nil until a capacity is chosen.
  public let allowance: Allowance?
  /// `3,000 GenAI Units each bundle month`, the quotas of a plan, or the disk of a knowledge base; nil until a capacity
  /// is chosen.
  public let allowanceSentence: String?
  /// What the capacity costs; nil until one is chosen.
  public let tokensAsked: CloudTokens?
  /// May be negative. Rule T-5.
  public let tokensAvailable: CloudTokens
  /// As chosen, or what fits. Rule R-2.
  public let isCrossRegion: Bool
  /// Every region that may answer a call, the resource's own first; empty until a region is chosen. Rule N-2.
  public let regions: [RegionID]
  /// The same as people read them.
  public let regionNames: [String]
  /// When the allowance would be refilled if provisioned now.
  public let refill: RefillRule
  /// The terms of the chosen models. Rule R-7.
  public let terms: [ServiceTerms]
  /// What is worth saying although it is allowed. Rule R-5.
  public let warnings: [String]
  /// Of a knowledge base, once it is known: fixed for its life. Rule R-5.
  public let embeddingsModel: ModelVersion?
  /// Everything that still stands in the way, field by field.
  public let problems: [FieldProblem]
  /// Why self-service is not open; empty for orders of the operator. Rules E-1 to E-4.
  public let reasons: [IneligibilityReason]

  public init(
    _ request: ProvisionRequest, facts: CompanyFacts, timeline: CompanyTimeline, catalog: Catalog, at instant: Instant,
    branding: Branding
  ) {
    let checked = CheckedProvisionRequest(request, facts: facts, timeline: timeline, catalog: catalog, at: instant)
    allowance = checked.price?.allowance
    allowanceSentence = checked.price.map { catalog.offering(of: $0.capacity, $0.allowance) }
    tokensAsked = checked.price?.tokens
    tokensAvailable = timeline.balance(at: instant).available
    isCrossRegion = checked.isCrossRegion
    regions = checked.answeringRegions
    regionNames = checked.answeringRegions.map { catalog.region($0)?.displayName ?? $0.text }
    refill = RefillRule(BundleMonths(activatedAt: instant, zone: facts.zone))
    terms = checked.terms
    problems = checked.problems
    warnings = checked.warnings
    embeddingsModel = request.type == .knowledgeBase ? checked.models.first : nil
    reasons =
      request.origin == .selfService
      ? Eligibility.reasons(
        facts: facts, timeline: timeline, asking: checked.price?.tokens ?? Eligibility.smallestAmount, at: instant,
        branding: branding)
      : []
  }

  /// True where the specification turns red: more asked for than available. Rule R-3.
  public var exceedsBalance: Bool { tokensAsked.map { $0 > tokensAvailable } ?? false }

  /// True where "Provision Resource" can be pressed. The server decides again.
  public var canProvision: Bool { problems.isEmpty && reasons.isEmpty }

  /// "Cloud Tokens Consumption", asked / available: `30 / 120`.
  public var tokensConsumption: String {
    "\(tokensAsked.map { UnitsFormat.grouped($0.count) } ?? "-") / \(UnitsFormat.grouped(tokensAvailable.count))"
  }
}

extension CheckedProvisionRequest {
  /// The resource's own region, then those that cross-region inference adds, in the order of the catalog's models.
  fileprivate var answeringRegions: [RegionID] {
    guard let region else { return [] }
    let availabilities = models.compactMap { $0.availability(in: region.id) }
    let others = isCrossRegion ? availabilities.flatMap(\.inferenceRegions) : []
    var seen: Set<RegionID> = []
    return ([region.id] + others).filter { seen.insert($0).inserted }
  }
}

extension Allowance {
  /// `3,000 GenAI Units`, `2.5M input and 1.25M output tokens`, `5M input tokens`.
  public var inWords: String {
    switch self {
    case .units(let units): "\(UnitsFormat.full(units)) GenAI Units"
    case .plan(let input, nil): "\(UnitsFormat.short(input)) input tokens"
    case .plan(let input, let output?):
      "\(UnitsFormat.short(input)) input and \(UnitsFormat.short(output)) output tokens"
    }
  }
}
