import Core
import Testing

/// Rules and T-5 by hand, in Amsterdam. The seeds' own example is the first.
@Suite("The life of a resource")
struct LifeTests {
  private static let zone = CompanyZone("Europe/Amsterdam") ?? .utc
  private static let catalog = ShelfCatalog.catalog

  /// The first instant of a local day, or some hours into it.
  private func at(_ day: String, hours: Int64 = 0) -> Instant {
    Self.zone.firstInstant(of: LocalDay(iso: day) ?? LocalDay(number: 0)).adding(seconds: hours * 3_600)
  }

  private func company(_ contracts: (tokens: Int64, from: String, to: String)...) -> CompanyFacts {
    let company = Company(
      id: CompanyID("acme"), name: "Acme", timeZone: Self.zone.identifier, createdAt: at("2026-01-01"))
    return CompanyFacts(
      company: company, zone: Self.zone,
      contracts: contracts.enumerated().map { index, contract in
        Contract(
          id: Identifier("contract-\(index)"), companyID: company.id, tokens: CloudTokens(contract.tokens),
          startsAt: at(contract.from), endsAt: at(contract.to), recordedAt: at("2026-01-01"))
      },
      accounts: [.fresh(id: Identifier("account"), companyID: company.id, on: LocalDay(year: 2026, month: 1, day: 1))])
  }

  private func add(
    _ name: String, _ capacity: Capacity, _ type: ResourceType = .text, at instant: Instant, using: String? = nil,
    to facts: inout CompanyFacts
  ) throws {
    let price = try #require(
      Self.catalog.price(of: capacity, type: type == .knowledgeBase ? .text : type))
    let id = ResourceID(name)
    facts.resources.append(
      Resource(
        id: id, companyID: facts.company.id, name: name, type: type, environment: .test, region: RegionID("local"),
        isCrossRegion: false, models: [], defaultModel: nil,
        createdFor: PersonReference(name: "Anna", email: "anna@acme.example"), provisionedAt: instant,
        embeddingsResource: using.map { ResourceID($0) }))
    facts.capacityChanges.append(
      CapacityChange(
        resourceID: id, capacity: capacity, tokens: price.tokens, allowance: price.allowance, effectiveAt: instant))
  }

  private func adjust(
    _ name: String, to capacity: Capacity, at instant: Instant, fits: Bool = true, in facts: CompanyFacts
  ) throws(ResourceChangeRefusal) -> CapacityAdjustment {
    try CapacityAdjustment.decide(
      capacity, for: ResourceID(name), facts: facts, timeline: CompanyTimeline(facts), catalog: Self.catalog,
      at: instant, branding: Branding(), fitsThisMonth: { _ in fits })
  }

  private func record(_ adjustment: CapacityAdjustment, in facts: inout CompanyFacts) {
    if let superseded = adjustment.superseded { replace(superseded, in: &facts) }
    facts.capacityChanges.append(adjustment.change)
  }

  private func replace(_ change: CapacityChange, in facts: inout CompanyFacts) {
    facts.capacityChanges.removeAll { $0.resourceID == change.resourceID && $0.recordedAt == change.recordedAt }
    facts.capacityChanges.append(change)
  }

  private func state(_ name: String, _ instant: Instant, _ facts: CompanyFacts) throws -> ResourceState {
    try #require(CompanyTimeline(facts).state(of: ResourceID(name), at: instant))
  }

  private let small = Capacity.plan(Identifier("text-s"))
  private let medium = Capacity.plan(Identifier("text-m"))

  // MARK: Capacity

  @Test("A-2: a Medium of 12 February, downgraded on 20 February, is Small on 12 March and returns tokens only then")
  func downgrade() throws {
    var facts = company((100, "2026-01-01", "2027-01-01"))
    try add("chat", medium, at: at("2026-02-12", hours: 10), to: &facts)
    let decided = try adjust("chat", to: small, at: at("2026-02-20", hours: 9), in: facts)
    #expect(decided.effect == .scheduled && decided.tokensAtOnce == .zero)
    record(decided, in: &facts)
    let effect = at("2026-03-12")
    for instant in [at("2026-02-20", hours: 9), effect.adding(milliseconds: -1)] {
      let state = try state("chat", instant, facts)
      #expect(state.status == .planDowngradeScheduled && state.statusChangesAt == effect)
      #expect(state.capacity.capacity == medium && state.allowance == .plan(input: 5_000_000, output: 2_500_000))
      #expect(CompanyTimeline(facts).balance(at: instant).available == 40)
    }
    let after = try state("chat", effect, facts)
    #expect(after.status == .active && after.capacity.capacity == small)
    #expect(after.bundleMonth.start == effect)
    #expect(CompanyTimeline(facts).balance(at: effect).available == 70)
    #expect(
      CompanyTimeline(facts).effects(after: at("2026-02-20", hours: 9), upTo: effect).map { $0 } == [
        CompanyTimeline.Effect(at: effect, kind: .capacityChanged(ResourceID("chat")))
      ])
  }

  @Test("A-2: a cancelled downgrade keeps the Medium and its tokens")
  func cancelled() throws {
    var facts = company((100, "2026-01-01", "2027-01-01"))
    try add("chat", medium, at: at("2026-02-12"), to: &facts)
    record(try adjust("chat", to: small, at: at("2026-02-20"), in: facts), in: &facts)
    let cancelled = try CapacityAdjustment.cancel(
      of: ResourceID("chat"), timeline: CompanyTimeline(facts), at: at("2026-03-01"))
    replace(cancelled, in: &facts)
    #expect(try state("chat", at("2026-02-25"), facts).status == .planDowngradeScheduled)
    #expect(try state("chat", at("2026-03-01"), facts).status == .active)
    let later = try state("chat", at("2026-03-12"), facts)
    #expect(later.capacity.capacity == medium && later.tokens == 60)
    #expect(throws: ResourceChangeRefusal.self) {
      try CapacityAdjustment.cancel(of: ResourceID("chat"), timeline: CompanyTimeline(facts), at: at("2026-03-02"))
    }
  }

  @Test("A-1: Small 30 to Medium 60 needs 30 more, which 29 are not; the larger quota counts at once")
  func upgrade() throws {
    for (total, isEnough) in [(Int64(59), false), (60, true)] {
      var facts = company((total, "2026-01-01", "2027-01-01"))
      try add("chat", small, at: at("2026-02-12"), to: &facts)
      let instant = at("2026-02-20")
      guard isEnough else {
        let before = facts
        let refusal = #expect(throws: ResourceChangeRefusal.self) {
          try adjust("chat", to: medium, at: instant, in: before)
        }
        guard case .ineligible(let reasons) = refusal else {
          Issue.record("\(String(describing: refusal))")
          continue
        }
        #expect(reasons.map(\.condition) == [.insufficientTokens])
        #expect(
          reasons[0].sentence.contains("30 Cloud Tokens") && reasons[0].sentence.contains("1 Cloud Token too few"))
        continue
      }
      let decided = try adjust("chat", to: medium, at: instant, in: facts)
      #expect(decided.effect == .increase && decided.tokensAtOnce == 30)
      record(decided, in: &facts)
      #expect(try state("chat", instant, facts).allowance == .plan(input: 5_000_000, output: 2_500_000))
      #expect(CompanyTimeline(facts).balance(at: instant).available == .zero)
    }
  }

  @Test("A-4: an upgrade cancels a scheduled downgrade")
  func superseded() throws {
    var facts = company((200, "2026-01-01", "2027-01-01"))
    try add("units", .units(50), at: at("2026-02-12"), to: &facts)
    record(try adjust("units", to: .units(20), at: at("2026-02-20"), fits: false, in: facts), in: &facts)
    #expect(try state("units", at("2026-02-20"), facts).status == .capacityDecreaseScheduled)
    let more = try adjust("units", to: .units(70), at: at("2026-02-22"), in: facts)
    #expect(more.superseded?.tokens == 20 && more.superseded?.cancelledAt == at("2026-02-22"))
    record(more, in: &facts)
    #expect(try state("units", at("2026-02-22"), facts).status == .active)
    #expect(try state("units", at("2026-03-12"), facts).tokens == 70)
  }

  @Test("A-3: a decrease is immediate where the month's consumption fits, and scheduled where it does not")
  func decrease() throws {
    var facts = company((100, "2026-01-01", "2027-01-01"))
    try add("units", .units(50), at: at("2026-02-12"), to: &facts)
    let now = try adjust("units", to: .units(20), at: at("2026-02-20"), fits: true, in: facts)
    #expect(now.effect == .decrease && now.tokensAtOnce == CloudTokens(-30))
    let later = try adjust("units", to: .units(20), at: at("2026-02-20"), fits: false, in: facts)
    #expect(later.effect == .scheduled && later.change.effectiveAt == at("2026-03-12"))
  }

  @Test("C-9: a plan becomes units with the next bundle month and for no more tokens; units never become a plan")
  func conversion() throws {
    var facts = company((100, "2026-01-01", "2027-01-01"))
    try add("chat", small, at: at("2026-02-12"), to: &facts)
    try add("units", .units(5), at: at("2026-02-12", hours: 1), to: &facts)
    let before = facts
    let same = try adjust("chat", to: .units(30), at: at("2026-02-20"), in: facts)
    #expect(same.effect == .scheduled)
    record(same, in: &facts)
    let state = try state("chat", at("2026-02-20"), facts)
    #expect(state.status == .active && state.scheduledChange?.capacity == .units(30))
    #expect(throws: ResourceChangeRefusal.self) { try adjust("chat", to: .units(31), at: at("2026-02-20"), in: before) }
    #expect(throws: ResourceChangeRefusal.self) { try adjust("units", to: small, at: at("2026-02-20"), in: before) }
    #expect(throws: ResourceChangeRefusal.self) { try adjust("chat", to: small, at: at("2026-02-20"), in: before) }
  }

  // MARK: The end

  @Test(
    "A-5: an embeddings resource ends with its knowledge bases, at its first month end at or after the last of them")
  func dependency() throws {
    var facts = company((200, "2026-01-01", "2027-01-01"))
    try add("vectors", .units(5), .embeddings, at: at("2026-02-05"), to: &facts)
    try add("manuals", small, .knowledgeBase, at: at("2026-02-12"), using: "vectors", to: &facts)
    let timeline = CompanyTimeline(facts)
    let instant = at("2026-02-20")
    let before = facts
    let refusal = #expect(throws: ResourceChangeRefusal.self) {
      try DeprovisioningPlan.decide(
        for: ResourceID("vectors"), withKnowledgeBases: false, facts: before, timeline: timeline, at: instant)
    }
    guard case .notNow(let sentence) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
    #expect(sentence.contains("“manuals”"))
    let plan = try DeprovisioningPlan.decide(
      for: ResourceID("vectors"), withKnowledgeBases: true, facts: facts, timeline: timeline, at: instant)
    #expect(plan.deprovisionings.map(\.resourceID.text) == ["manuals", "vectors"])
    #expect(plan.deprovisionings.map(\.effectiveAt) == [at("2026-03-12"), at("2026-04-05")])
    facts.deprovisionings += plan.deprovisionings
    #expect(try state("vectors", at("2026-03-20"), facts).status == .deprovisioningScheduled)
    #expect(try state("manuals", at("2026-03-12"), facts).status == .deprovisioned)
    #expect(try state("vectors", at("2026-04-05"), facts).tokens == .zero)
    let cancelled = try DeprovisioningPlan.cancel(
      of: ResourceID("manuals"), timeline: CompanyTimeline(facts), at: at("2026-03-01"))
    #expect(Set(cancelled.map(\.resourceID.text)) == ["manuals", "vectors"])
    #expect(throws: ResourceChangeRefusal.self) {
      _ = try adjust("vectors", to: .units(9), at: at("2026-03-01"), in: facts)
    }
  }

  // MARK: Shortfalls

  @Test("T-5: when a contract ends the newest is marked, suspended at its month's end, and resumes when tokens return")
  func suspension() throws {
    var facts = company(
      (50, "2026-01-01", "2026-03-01"), (30, "2026-01-01", "2027-01-01"), (10, "2026-04-20", "2027-01-01"))
    try add("old", .units(30), at: at("2026-01-10"), to: &facts)
    try add("new", .units(10), at: at("2026-01-15"), to: &facts)
    #expect(try state("new", at("2026-02-20"), facts).suspendsAt == nil)
    let marked = try state("new", at("2026-03-01"), facts)
    #expect(marked.status == .active && marked.suspendsAt == at("2026-03-15"))
    #expect(try state("old", at("2026-03-01"), facts).suspendsAt == nil)
    #expect(CompanyTimeline(facts).balance(at: at("2026-03-01")).shortfall == 10)
    let suspended = try state("new", at("2026-03-15"), facts)
    #expect(suspended.status == .suspended && suspended.tokens == .zero && !suspended.status.admitsCalls)
    // 30 local days, over the change to summer time.
    #expect(suspended.statusChangesAt == at("2026-04-14"))
    #expect(try state("new", at("2026-04-14"), facts).status == .deprovisioned)
    var rescued = facts
    rescued.contracts.append(
      Contract(
        id: Identifier("more"), companyID: facts.company.id, tokens: 10, startsAt: at("2026-03-01"),
        endsAt: at("2027-01-01"), recordedAt: at("2026-04-01")))
    #expect(try state("new", at("2026-03-20"), rescued).status == .suspended)
    let resumed = try state("new", at("2026-04-01"), rescued)
    #expect(resumed.status == .active && resumed.tokens == 10)
    #expect(resumed.bundleMonth.start == at("2026-03-15"))
    #expect(
      CompanyTimeline(rescued).movements(after: at("2026-03-01"), upTo: at("2026-04-01")).map(\.kind) == [
        .released, .granted, .allocated,
      ])
  }

  @Test("T-5: a mark that begins at a month's end waits for the next; what fits in the end simply goes on")
  func marksAtMonthEnds() throws {
    var facts = company((30, "2026-01-01", "2026-03-10"), (20, "2026-04-10", "2027-01-01"))
    try add("only", .units(20), at: at("2026-01-10"), to: &facts)
    #expect(try state("only", at("2026-03-10"), facts).suspendsAt == at("2026-04-10"))
    let after = try state("only", at("2026-04-10"), facts)
    #expect(after.status == .active && after.suspendsAt == nil && after.tokens == 20)
    #expect(
      CompanyTimeline(facts).movements(after: at("2026-03-10"), upTo: at("2026-05-10")).map(\.kind) == [.granted])
  }

  @Test("A-7: facts of later change nothing that was true before")
  func pastStays() throws {
    var facts = company((100, "2026-01-01", "2027-01-01"))
    try add("chat", medium, at: at("2026-02-12"), to: &facts)
    let earlier = CompanyTimeline(facts)
    record(try adjust("chat", to: small, at: at("2026-02-20"), in: facts), in: &facts)
    let later = CompanyTimeline(facts)
    for instant in [at("2026-02-12"), at("2026-02-20").adding(milliseconds: -1)] {
      #expect(earlier.state(of: ResourceID("chat"), at: instant) == later.state(of: ResourceID("chat"), at: instant))
      #expect(earlier.balance(at: instant) == later.balance(at: instant))
    }
  }
}
