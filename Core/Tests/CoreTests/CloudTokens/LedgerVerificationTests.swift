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

  @Test("T-3: any tampering with a ledger is found", arguments: Tampering.allCases)
  func tampering(way: Tampering) {
    for seed in SplitMix.seeds {
      var random = SplitMix(seed: seed)
      var tried = 0
      for _ in 0..<40 {
        let story = ReferencePool(seed: random.next(), hours: 30).story
        let lines = story.lines(upTo: 30)
        guard let index = lines.indices.randomElement(using: &random), let forged = way.applied(to: lines, at: index)
        else { continue }
        tried += 1
        let problems = LedgerVerification.problems(
          in: story.facts, lines: forged, settledAt: CompanyStory.at(hour: 30))
        #expect(!problems.isEmpty, "seed \(seed), line \(index)")
      }
      #expect(tried > 10, "seed \(seed)")
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

  @Test("T-3: the ledger is complete up to a known instant: what took effect later may be missing, but not be there")
  func settled() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 50)
    story.resource(30, at: 5)
    func problems(lines hour: Int, settled: Int) -> [String] {
      LedgerVerification.problems(
        in: story.facts, lines: story.lines(upTo: hour), settledAt: CompanyStory.at(hour: settled))
    }
    #expect(problems(lines: 5, settled: 49) == [])
    #expect(problems(lines: 5, settled: 0).count == 1)
    #expect(
      problems(lines: 5, settled: 50) == [
        "The ledger lacks an entry: expired 100 Cloud Tokens for contract contract-0 at 2026-01-03T02:00:00.000Z."
      ])
    #expect(
      problems(lines: 50, settled: 49) == [
        "Ledger entry expired-1 follows from no fact: expired 100 Cloud Tokens for contract contract-0 at "
          + "2026-01-03T02:00:00.000Z."
      ])
  }

  @Test("T-3: of what is wrong in every later line only the first is told")
  func onlyTheFirst() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 1_000)
    for hour in 1..<20 { story.resource(1, at: hour) }
    let wrong = story.lines(upTo: 30).map {
      LedgerLine(position: $0.position, entry: $0.entry, remaining: $0.remaining + 1)
    }
    #expect(
      LedgerVerification.problems(in: story.facts, lines: wrong, settledAt: CompanyStory.at(hour: 30)) == [
        "Ledger entry granted-1 says that 101 remain; the entries up to it leave 100."
      ])
  }

  @Test("T-1: a contract that can't be is named")
  func contracts() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 50)
    story.contract(0, from: 0, to: 50)
    story.contract(10, from: 20, to: 20)
    let first = story.contracts[0]
    story.contracts.append(
      Contract(
        id: first.id, companyID: CompanyID("other"), tokens: 5, startsAt: first.startsAt, endsAt: first.endsAt))
    let problems = LedgerVerification.problems(in: story.facts, lines: [], settledAt: CompanyStory.at(hour: -1))
    #expect(
      problems == [
        "Contract contract-0 is recorded more than once.", "Contract contract-1 grants 0 Cloud Tokens.",
        "Contract contract-2 ends before it starts.", "Contract contract-0 belongs to another company.",
      ])
  }

  @Test("A-4: capacities that no decision records are named")
  func recordings() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 5_000)
    let id = story.resource(10, at: 1)
    func problems(recorded: [Int], effective: Int) -> [String] {
      var story = story
      story.capacityChanges += recorded.map { hour in
        CapacityChange(
          resourceID: id, capacity: .units(20), tokens: 20, allowance: .units(GenAIUnits(whole: 2_000)),
          recordedAt: CompanyStory.at(hour: hour), effectiveAt: CompanyStory.at(hour: effective))
      }
      return LedgerVerification.problems(
        in: story.facts, lines: story.lines(upTo: 5), settledAt: CompanyStory.at(hour: 5))
    }
    #expect(problems(recorded: [6], effective: 600) == [])
    #expect(
      problems(recorded: [601], effective: 600) == ["Resource resource-0 has a capacity from before it was recorded."])
    #expect(
      problems(recorded: [6, 6], effective: 600) == [
        "Resource resource-0 has two capacities recorded at one instant."
      ])
  }

  @Test("T-4: lines go on where the last one ended")
  func goingOn() {
    var story = CompanyStory()
    story.contract(100, from: 0, to: 50)
    for hour in 1..<10 { story.resource(Int64(hour), at: hour) }
    let whole = story.lines(upTo: 60)
    for count in 0...whole.count {
      let first = Array(whole.prefix(count))
      let rest = LedgerLine.lines(of: whole.dropFirst(count).map(\.entry), after: first.last)
      #expect(first + rest == whole)
    }
    #expect(whole.map(\.position) == Array(1...Int64(whole.count)))
    #expect(LedgerLine.lines(of: [], after: whole.last) == [])
  }
}
