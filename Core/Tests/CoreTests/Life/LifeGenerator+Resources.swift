import Core

extension LifeGenerator {
  /// Sometimes two at one instant. Whoever orders from the operator need not have the tokens (P-1).
  mutating func provision(at now: Int64, _ desk: NaiveCompany) -> Bool {
    guard provisionOne(at: now, desk, available: desk.available) else { return false }
    if calendar.beginnings[calendar.day(of: now)] == now { counts.count(.provisionedAtMidnight) }
    switch calendar.date(of: now).day {
    case 29: counts.count(.anchor29)
    case 30: counts.count(.anchor30)
    case 31: counts.count(.anchor31)
    default: break
    }
    let left = desk.available - (facts.capacityChanges.last?.tokens.count ?? 0)
    if chance(20), provisionOne(at: now, desk, available: left) { counts.count(.twoAtOneInstant) }
    return true
  }

  private mutating func provisionOne(at now: Int64, _ desk: NaiveCompany, available: Int64) -> Bool {
    guard facts.resources.count < Self.mostResources else { return false }
    let type =
      [ResourceType.text, .text, .embeddings, .embeddings, .knowledgeBase, .knowledgeBase]
      .randomElement(using: &random) ?? .text
    var embeddings: ResourceID?
    if type == .knowledgeBase {
      guard let used = usableEmbeddings(at: now, desk) else { return false }
      embeddings = used
    }
    let isOrdered = chance(30)
    let size = newSize(type)
    guard isOrdered || size.tokens <= available else { return false }
    if size.tokens > available { counts.count(.overdrawn) }
    // Ids that do not follow the order of activation.
    let letter = ["q", "m", "x", "a", "g"].randomElement(using: &random) ?? "q"
    let id = ResourceID("\(letter)-\(facts.resources.count)")
    let instant = Instant(milliseconds: now)
    let resource = Resource(
      id: id, companyID: facts.company.id, name: id.text, type: type, environment: .test,
      region: RegionID("local"),
      isCrossRegion: false, models: [ModelVersionID("model")], defaultModel: nil,
      createdFor: PersonReference(name: "Ann", email: "ann@example.org"), provisionedAt: instant,
      orderReference: isOrdered ? "order" : nil, embeddingsResource: embeddings)
    facts.resources.append(resource)
    company.note(resource)
    append(size, for: id, at: now, effectiveAt: now)
    return true
  }

  private mutating func newSize(_ type: ResourceType) -> LifeShelf.Size {
    let plans = LifeShelf.plans(type)
    if type == .knowledgeBase || chance(55), let plan = plans.randomElement(using: &random) {
      return plan
    }
    return LifeShelf.units(Int64.random(in: 1...(type == .text ? 70 : 20), using: &random))
  }

  /// An embeddings resource that is not suspended or about to end.
  private mutating func usableEmbeddings(at now: Int64, _ desk: NaiveCompany) -> ResourceID? {
    desk.cards.filter {
      $0.type == .embeddings && $0.isAlive(at: now) && $0.suspendedSince == nil
        && $0.waitingEnd(at: now) == nil
    }.map(\.id).randomElement(using: &random)
  }

  private mutating func append(
    _ size: LifeShelf.Size, for id: ResourceID, at now: Int64, effectiveAt: Int64
  ) {
    let change = CapacityChange(
      resourceID: id, capacity: size.capacity, tokens: CloudTokens(size.tokens),
      allowance: size.allowance,
      recordedAt: Instant(milliseconds: now), effectiveAt: Instant(milliseconds: effectiveAt))
    facts.capacityChanges.append(change)
    company.note(change)
  }

  /// An upgrade, an increase, a decrease, a downgrade or a conversion of some resource.
  mutating func changeCapacity(at now: Int64, _ desk: NaiveCompany) -> Bool {
    let candidates = desk.cards.filter {
      $0.type != .knowledgeBase && $0.isAlive(at: now) && $0.suspendedSince == nil
        && $0.waitingEnd(at: now) == nil
    }
    guard let card = candidates.randomElement(using: &random) else { return false }
    let waits = card.waitingChange(at: now) != nil
    let rises = chance(waits ? 70 : 45)
    switch (card.changes[card.capacity].fact.capacity, rises) {
    case (.units, true):
      return raise(
        card, to: LifeShelf.units(card.tokens + Int64.random(in: 1...25, using: &random)), at: now,
        desk)
    case (.plan, true):
      guard let plan = LifeShelf.plans(card.type).first(where: { $0.tokens > card.tokens }) else {
        return false
      }
      return raise(card, to: plan, at: now, desk)
    case (.units, false):
      guard !waits, card.tokens > 1 else { return false }
      let size = LifeShelf.units(Int64.random(in: 1..<card.tokens, using: &random))
      // Whether what the month has used fits the new allowance is not known here: both happen.
      let isImmediate = chance(40)
      if isImmediate { counts.count(.immediateDecrease) }
      append(
        size, for: card.id, at: now,
        effectiveAt: isImmediate ? now : card.monthStarts[card.month(of: now) + 1])
    case (.plan, false):
      guard !waits else { return false }
      let smaller = LifeShelf.plans(card.type).filter { $0.tokens < card.tokens }
      var size = LifeShelf.units(
        chance(50) ? card.tokens : Int64.random(in: 1...card.tokens, using: &random))
      if chance(70), let plan = smaller.randomElement(using: &random) {
        size = plan
      } else {
        counts.count(size.tokens == card.tokens ? .conversionAtSameCost : .conversion)
      }
      append(size, for: card.id, at: now, effectiveAt: card.monthStarts[card.month(of: now) + 1])
    }
    return true
  }

  /// Takes the place of what was scheduled.
  private mutating func raise(
    _ card: ResourceCard, to size: LifeShelf.Size, at now: Int64, _ desk: NaiveCompany
  ) -> Bool {
    let isShort = size.tokens - card.tokens > desk.available
    guard !isShort || chance(15) else { return false }
    if isShort { counts.count(.overdrawn) }
    if case .plan = size.capacity { counts.count(.planUpgrade) } else { counts.count(.increase) }
    if card.waitingChange(at: now) != nil {
      counts.count(.downgradeSuperseded)
      cancelChange(of: card.id, at: now)
    }
    append(size, for: card.id, at: now, effectiveAt: now)
    return true
  }
}
