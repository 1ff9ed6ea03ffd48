import Core
import Storage

/// The facts of a company: text and embeddings resources whose units go up and down for years, plans, knowledge bases,
/// and at its end some of everything that can be scheduled.
struct HistoryDraft: Sendable {
  let company: Company
  let account: PlatformAccount
  let contracts: [Contract]
  private(set) var resources: [(resource: Resource, first: CapacityChange)] = []
  private(set) var changes: [CapacityChange] = []
  private(set) var deprovisionings: [Deprovisioning] = []

  /// One resource in so many is a knowledge base, and has the embeddings resource before it.
  private static let knowledgeBaseEvery = 20
  private static let unitsPerToken: Int64 = 100
  private static let knowledgeBaseTokens: CloudTokens = 48
  /// Of each so many resources, the one that was bought by size; the others are bought by Cloud Tokens.
  private static let sizedNumber = 5

  init(_ plan: HistoryPlan, seed: UInt64) {
    var random = SplitMix(state: seed)
    let id = CompanyID("history\(seed)")
    let zone = CompanyZone.utc
    company = Company(id: id, name: plan.name, timeZone: zone.identifier, createdAt: plan.start)
    account = .fresh(id: Identifier("account\(seed)"), companyID: id, on: zone.day(of: plan.end))
    let tokens = CloudTokens(Int64(plan.resources) * 60)
    contracts = [
      Contract(
        id: Identifier("contract\(seed)"), companyID: id, tokens: tokens, startsAt: plan.start,
        endsAt: plan.end.adding(milliseconds: 400 * 86_400_000), recordedAt: plan.start)
    ]
    // Every fact has an instant of its own, as the program gives them.
    let step = (Int64(plan.days) * 86_400_000 - 120_000) / Int64(plan.entries + plan.resources)
    var now = plan.start.adding(milliseconds: step)
    let perResource = max(1, plan.entries / plan.resources)
    for number in 0..<plan.entries {
      // The first half of the history brings the resources, all of it their changes.
      if resources.count < plan.resources, number % max(1, perResource / 2) == 0 {
        provision(at: now, &random)
      } else {
        change(at: now, &random)
      }
      now = now.adding(milliseconds: step)
    }
    schedule(zone, from: now, step: step, &random)
  }

  private mutating func provision(at now: Instant, _ random: inout SplitMix) {
    let number = resources.count
    let isKnowledgeBase = number % Self.knowledgeBaseEvery == Self.knowledgeBaseEvery - 1
    let isEmbeddings = number % Self.knowledgeBaseEvery >= Self.knowledgeBaseEvery * 3 / 4
    let type: ResourceType = isKnowledgeBase ? .knowledgeBase : isEmbeddings ? .embeddings : .text
    let model = ModelVersionID(type == .text ? "claude-sonnet-4-6" : "embed-v4")
    let resource = Resource(
      id: ResourceID("r\(100_000_000 + number)"), companyID: company.id,
      name: "\(Self.words[number % Self.words.count]) \(type == .text ? "assistant" : "search") \(number)", type: type,
      environment: ResourceEnvironment.allCases[number % ResourceEnvironment.allCases.count],
      region: RegionID("eu-central-1"), isCrossRegion: true, models: [model],
      defaultModel: type == .text ? model : nil,
      createdFor: PersonReference(name: "Joris Blom", email: "joris@history.example"), provisionedAt: now,
      embeddingsResource: isKnowledgeBase ? resources[number - 1].resource.id : nil)
    resources.append((resource, Self.first(of: resource, number, at: now, &random)))
  }

  private static func first(
    of resource: Resource, _ number: Int, at now: Instant, _ random: inout SplitMix
  ) -> CapacityChange {
    if resource.type == .knowledgeBase {
      return CapacityChange(
        resourceID: resource.id, capacity: .plan(Identifier("knowledge-base-standard")), tokens: knowledgeBaseTokens,
        allowance: .units(.zero), effectiveAt: now)
    }
    if isSized(number) {
      return CapacityChange(
        resourceID: resource.id, capacity: .plan(Identifier("text-s")), tokens: 30,
        allowance: .plan(input: 2_500_000, output: 1_250_000), effectiveAt: now)
    }
    return units(CloudTokens(Int64.random(in: 10...30, using: &random)), of: resource.id, at: now)
  }

  private static func isSized(_ number: Int) -> Bool { number % knowledgeBaseEvery == sizedNumber }

  private mutating func change(at now: Instant, _ random: inout SplitMix) {
    var index = Int.random(in: 0..<resources.count, using: &random)
    // Sizes stay as they are; what stands before one was bought by Cloud Tokens.
    if resources[index].resource.type == .knowledgeBase || Self.isSized(index) { index -= 1 }
    let tokens = CloudTokens(Int64.random(in: 5...50, using: &random))
    changes.append(Self.units(tokens, of: resources[index].resource.id, at: now))
  }

  /// One text resource in fifty ends with its month, and one in fifty gets smaller then.
  private mutating func schedule(_ zone: CompanyZone, from: Instant, step: Int64, _ random: inout SplitMix) {
    var now = from
    for (index, entry) in resources.enumerated() where entry.resource.type == .text && index % 25 == 0 {
      now = now.adding(milliseconds: step)
      let month = BundleMonths(activatedAt: entry.resource.provisionedAt, zone: zone).month(containing: now)
      if index % 50 == 0 {
        deprovisionings.append(
          Deprovisioning(resourceID: entry.resource.id, recordedAt: now, effectiveAt: month.end))
      } else {
        changes.append(
          Self.units(CloudTokens(2), of: entry.resource.id, at: month.end, recordedAt: now))
      }
    }
  }

  private static func units(
    _ tokens: CloudTokens, of resource: ResourceID, at effect: Instant, recordedAt: Instant? = nil
  ) -> CapacityChange {
    CapacityChange(
      resourceID: resource, capacity: .units(tokens), tokens: tokens,
      allowance: .units(GenAIUnits(whole: tokens.count * unitsPerToken)), recordedAt: recordedAt, effectiveAt: effect)
  }

  private static let words = [
    "Support", "Contract", "Claims", "Returns", "Travel", "Invoice", "Roster", "Harbour", "Orchard", "Quality",
    "Energy", "Fleet", "Library", "Permit", "Safety", "Tender",
  ]

  func insert(into transaction: Transaction) throws {
    try transaction.insert(company)
    try transaction.insert(account)
    for contract in contracts { try transaction.insert(contract) }
    for (resource, first) in resources { try transaction.insert(resource, first: first) }
    for change in changes { try transaction.append(change) }
    for deprovisioning in deprovisionings { try transaction.insert(deprovisioning) }
  }
}

/// Random numbers that are the same for the same seed, on every machine.
struct SplitMix: RandomNumberGenerator, Sendable {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
