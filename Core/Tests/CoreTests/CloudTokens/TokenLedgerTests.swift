import Core
import Testing

@Suite("The token ledger")
struct TokenLedgerTests {
  @Test("T-2, T-3: facts and ledger both give the balance that a clerk counts hour by hour", arguments: SplitMix.seeds)
  func randomHistories(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<40 {
      let pool = ReferencePool(seed: random.next(), hours: 60)
      var shuffled = pool.story
      shuffled.contracts.shuffle(using: &random)
      shuffled.ledger.shuffle(using: &random)
      let timeline = CompanyTimeline(shuffled.facts)
      let ledger = TokenLedger(shuffled.ledger)
      #expect(pool.differences(timeline.balance(at:)) == [])
      #expect(pool.differences(ledger.balance(at:)) == [])
      #expect(LedgerVerification.problems(in: shuffled.facts) == [])
    }
  }

  @Test("The same check catches a contract that still counts at its end")
  func plantedEnd() {
    let pool = ReferencePool(seed: 1, hours: 60)
    let later = pool.story.contracts.map {
      Contract(
        id: $0.id, companyID: $0.companyID, tokens: $0.tokens, startsAt: $0.startsAt,
        endsAt: $0.endsAt.adding(milliseconds: 1))
    }
    var story = pool.story
    story.contracts = later
    #expect(!pool.differences(CompanyTimeline(story.facts).balance(at:)).isEmpty)
  }

  @Test("T-3: any tampering with a ledger is found", arguments: SplitMix.seeds)
  func tampering(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    for _ in 0..<60 {
      let pool = ReferencePool(seed: random.next(), hours: 30)
      guard let index = pool.story.ledger.indices.randomElement(using: &random) else { continue }
      var ledger = pool.story.ledger
      let entry = ledger[index]
      let way = Int.random(in: 0...5, using: &random)
      switch way {
      case 0: ledger.remove(at: index)
      case 1: ledger.append(entry)
      case 2: ledger[index] = entry.with(tokens: CloudTokens(entry.tokens.count + 1))
      case 3: ledger[index] = entry.with(effectiveAt: entry.effectiveAt.adding(milliseconds: 1))
      case 4: ledger[index] = entry.with(kind: entry.kind == .granted ? .released : .granted)
      default: ledger[index] = entry.with(companyID: CompanyID("other"))
      }
      #expect(!LedgerVerification.problems(in: pool.story.facts(ledger: ledger)).isEmpty, "way \(way)")
    }
  }

  @Test("T-3: the verification says what is missing, what follows from nothing, and from when the balance differs")
  func sentences() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 1_000)
    story.resource(30, at: 5)
    let without = story.ledger.filter { $0.kind != .allocated }
    #expect(
      LedgerVerification.problems(in: story.facts(ledger: without)) == [
        "The ledger lacks an entry: allocated 30 Cloud Tokens for resource resource-0 at 2026-01-01T05:00:00.000Z.",
        "From 2026-01-01T05:00:00.000Z on the balances differ: the facts give 100 in total and 30 allocated, the ledger "
          + "100 in total and 0 allocated.",
      ])
    var without30 = story
    without30.resources = []
    without30.capacityChanges = []
    #expect(
      LedgerVerification.problems(in: without30.facts) == [
        "Ledger entry change-1 follows from no fact: allocated 30 Cloud Tokens for resource resource-0 at "
          + "2026-01-01T05:00:00.000Z.",
        "From 2026-01-01T05:00:00.000Z on the balances differ: the facts give 100 in total and 0 allocated, the ledger "
          + "100 in total and 30 allocated.",
      ])
  }

  @Test("T-3: a capacity that began before, after or without its resource is found")
  func capacities() {
    var late = CompanyStory()
    late.contract(100, from: 0, to: 1_000)
    late.resource(30, at: 5)
    late.resources[0] = CompanyStory.resource(
      late.resources[0].id, companyID: late.company.id, at: CompanyStory.at(hour: 4))
    #expect(
      LedgerVerification.problems(in: late.facts) == [
        "The first capacity of resource resource-0 does not begin when it was provisioned."
      ])
    var orphan = late
    orphan.resources = []
    #expect(
      LedgerVerification.problems(in: orphan.facts).contains("Resource resource-0 has a capacity but is not recorded."))
    var dear = CompanyStory()
    dear.resource(30, at: 5)
    let change = dear.capacityChanges[0]
    dear.capacityChanges[0] = CapacityChange(
      resourceID: change.resourceID, capacity: .units(29), tokens: change.tokens, allowance: change.allowance,
      effectiveAt: change.effectiveAt)
    #expect(
      LedgerVerification.problems(in: dear.facts) == ["Resource resource-0 holds other tokens than its capacity costs."]
    )
  }

  @Test("T-4: transactions show what remains after each, newest first, without those still to come")
  func transactions() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 50)
    let id = story.resource(30, at: 5)
    story.change(id, by: 20, to: 50, at: 6)
    story.change(id, by: -40, to: 10, at: 7)
    let ledger = TokenLedger(story.ledger)
    #expect(ledger.transactions(upTo: CompanyStory.at(hour: 10)).map(\.remaining.count) == [90, 50, 70, 100])
    #expect(
      ledger.transactions(upTo: CompanyStory.at(hour: 10)).map(\.entry.kind.label) == [
        "Released", "Allocated", "Allocated", "Granted",
      ])
    #expect(ledger.transactions(upTo: CompanyStory.at(hour: 50)).first?.remaining == CloudTokens(-10))
    #expect(ledger.transactions(upTo: CompanyStory.at(hour: -1)).isEmpty)
    #expect(ledger.transactions.map(\.entry.availableChange.count) == [100, -30, -20, 40, -100])
  }

  @Test("A-4: at one instant what is released and what ends comes before what is granted and allocated")
  func orderAtOneInstant() {
    var story = CompanyStory()
    story.contract(50, from: 10, to: 20)
    story.contract(60, from: 0, to: 10)
    let id = story.resource(40, at: 0)
    story.change(id, by: 5, to: 45, at: 10)
    let other = story.resource(10, at: 1)
    story.change(other, by: -5, to: 5, at: 10)
    let atTen = TokenLedger(story.ledger.reversed()).transactions.filter {
      $0.entry.effectiveAt == CompanyStory.at(hour: 10)
    }
    #expect(atTen.map(\.entry.kind) == [.released, .expired, .granted, .allocated])
  }

  @Test("T-5: a contract that ends leaves the allocations in place and shows the shortfall")
  func shortfall() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 10)
    story.contract(20, from: 0, to: 100)
    story.resource(70, at: 1)
    let timeline = CompanyTimeline(story.facts)
    let before = timeline.balance(at: CompanyStory.at(hour: 10).adding(milliseconds: -1))
    #expect(before == TokenBalance(total: 120, allocated: 70))
    #expect(before.shortfall == 0)
    let after = timeline.balance(at: CompanyStory.at(hour: 10))
    #expect(after.available == CloudTokens(-50))
    #expect(after.shortfall == 50)
  }
}

extension LedgerEntry {
  fileprivate func with(
    companyID: CompanyID? = nil, kind: Kind? = nil, tokens: CloudTokens? = nil, effectiveAt: Instant? = nil
  ) -> LedgerEntry {
    LedgerEntry(
      id: id, companyID: companyID ?? self.companyID, resourceID: resourceID, contractID: contractID,
      kind: kind ?? self.kind, tokens: tokens ?? self.tokens, pack: pack,
      effectiveAt: effectiveAt ?? self.effectiveAt)
  }
}
