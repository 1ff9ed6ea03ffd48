import Core
import Testing

@Suite("The verification of the ledger")
struct LedgerVerificationTests {
  @Test("T-2, T-3: facts and ledger both give the balance that a clerk counts hour by hour", arguments: SplitMix.seeds)
  func randomHistories(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<40 {
      let pool = ReferencePool(seed: random.next(), hours: 60)
      var shuffled = pool.story
      shuffled.contracts.shuffle(using: &random)
      let timeline = CompanyTimeline(shuffled.facts)
      #expect(pool.differences(timeline.balance(at:)) == [])
      #expect(pool.story.problems(upTo: 60) == [])
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
      var lines = pool.story.lines(upTo: 30)
      guard let index = lines.indices.randomElement(using: &random) else { continue }
      let line = lines[index]
      let entry = line.entry
      let way = Int.random(in: 0...7, using: &random)
      switch way {
      case 0: lines.remove(at: index)
      case 1: lines.append(line)
      case 2: lines[index] = line.with(entry.with(tokens: CloudTokens(entry.tokens.count + 1)))
      case 3: lines[index] = line.with(entry.with(effectiveAt: entry.effectiveAt.adding(milliseconds: 1)))
      case 4: lines[index] = line.with(entry.with(kind: entry.kind == .granted ? .released : .granted))
      case 5: lines[index] = line.with(entry.with(companyID: CompanyID("other")))
      case 6: lines[index] = line.with(remaining: line.remaining + 1)
      default:
        guard lines.count > 1 else { continue }
        lines.swapAt(index, index == 0 ? 1 : index - 1)
      }
      let problems = LedgerVerification.problems(
        in: pool.story.facts, lines: lines, settledAt: CompanyStory.at(hour: 30))
      #expect(!problems.isEmpty, "way \(way)")
    }
  }

  @Test("T-3: the verification says what is missing, what follows from nothing, and from when the balance differs")
  func sentences() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 1_000)
    story.resource(30, at: 5)
    let without = CompanyStory.lines(story.ledger.filter { $0.kind != .allocated }, upTo: 10)
    #expect(
      LedgerVerification.problems(in: story.facts, lines: without, settledAt: CompanyStory.at(hour: 10)) == [
        "The ledger lacks an entry: allocated 30 Cloud Tokens for resource resource-0 at 2026-01-01T05:00:00.000Z."
      ])
    var orphan = story
    orphan.resources = []
    orphan.capacityChanges = []
    #expect(
      orphan.problems(upTo: 10) == [
        "Ledger entry change-1 follows from no fact: allocated 30 Cloud Tokens for resource resource-0 at "
          + "2026-01-01T05:00:00.000Z.",
        "From 2026-01-01T05:00:00.000Z on the balances differ: the facts leave 100, the ledger 70.",
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
      late.problems(upTo: 10) == [
        "The first capacity of resource resource-0 does not begin when it was provisioned."
      ])
    var orphan = late
    orphan.resources = []
    #expect(
      orphan.problems(upTo: 10).contains("Resource resource-0 has a capacity but is not recorded."))
    var dear = CompanyStory()
    dear.resource(30, at: 5)
    let change = dear.capacityChanges[0]
    dear.capacityChanges[0] = CapacityChange(
      resourceID: change.resourceID, capacity: .units(29), tokens: change.tokens, allowance: change.allowance,
      effectiveAt: change.effectiveAt)
    #expect(
      dear.problems(upTo: 10) == ["Resource resource-0 holds other tokens than its capacity costs."]
    )
  }

  @Test("T-4: each line says what remains after it")
  func remaining() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 50)
    let id = story.resource(30, at: 5)
    story.change(id, by: 20, to: 50, at: 6)
    story.change(id, by: -40, to: 10, at: 7)
    let lines = story.lines(upTo: 50)
    #expect(lines.map(\.remaining.count) == [100, 70, 50, 90, -10])
    #expect(lines.map(\.entry.availableChange.count) == [100, -30, -20, 40, -100])
    #expect(lines.map(\.entry.kind.label) == ["Granted", "Allocated", "Allocated", "Released", "Expired"])
    #expect(story.problems(upTo: 50) == [])
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
    let ten = CompanyStory.at(hour: 10)
    let atTen = CompanyTimeline(story.facts).movements(after: ten.adding(milliseconds: -1), upTo: ten)
    #expect(atTen.map(\.kind) == [.released, .expired, .granted, .allocated])
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

extension LedgerLine {
  fileprivate func with(_ entry: LedgerEntry? = nil, remaining: CloudTokens? = nil) -> LedgerLine {
    LedgerLine(position: position, entry: entry ?? self.entry, remaining: remaining ?? self.remaining)
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
