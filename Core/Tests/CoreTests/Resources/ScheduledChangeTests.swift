import Core
import Testing

@Suite("Scheduled changes of capacity")
struct ScheduledChangeTests {
  private typealias Refusal = ResourceChangeRefusal
  private let small = DayStory.small
  private let medium = DayStory.medium
  private let large = DayStory.large

  private func story(_ tokens: Int64, _ capacity: Capacity) -> DayStory {
    var story = DayStory()
    story.contract(tokens, "2026-01-01", "2028-01-01")
    story.add("chat", capacity, at: "2026-02-12")
    return story
  }

  // MARK: At most one

  @Test("A-4: an upgrade takes the place of a scheduled downgrade")
  func upgradeSupersedes() throws {
    var story = story(200, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    let decided = try story.adjust("chat", to: large, at: "2026-02-22")
    #expect(decided.effect == .increase)
    #expect(decided.superseded?.capacity == small)
    #expect(decided.superseded?.cancelledAt == story.at("2026-02-22"))
    story.record(decided)
    #expect(story.state("chat", "2026-02-22")?.status == .active)
    #expect(story.state("chat", "2026-03-12")?.capacity.capacity == large)
  }

  @Test("A-4: whatever is decided next takes the place of what was scheduled", arguments: [true, false])
  func anySupersedes(fits: Bool) throws {
    var story = story(200, .units(50))
    story.record(try story.adjust("chat", to: .units(20), at: "2026-02-20", fits: false))
    for (capacity, effect): (Capacity, CapacityAdjustment.Effect) in [
      (.units(60), .increase), (.units(10), fits ? .decrease : .scheduled), (.units(40), fits ? .decrease : .scheduled),
    ] {
      let decided = try story.adjust("chat", to: capacity, at: "2026-02-22", fits: fits)
      #expect(decided.effect == effect)
      #expect(decided.superseded?.tokens == 20)
      var after = story
      after.record(decided)
      let pending = after.facts.capacityChanges.filter { $0.isPending(at: after.at("2026-02-22")) }
      #expect(pending.count == (effect == .scheduled ? 1 : 0))
      #expect(after.state("chat", "2026-03-12")?.capacity.capacity == capacity)
    }
  }

  @Test("A-4: a refused upgrade leaves the scheduled downgrade alone")
  func refusedUpgrade() throws {
    var story = story(100, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    #expect(Refusal.of { try story.adjust("chat", to: large, at: "2026-02-22") } != nil)
    #expect(story.state("chat", "2026-02-22")?.status == .planDowngradeScheduled)
  }

  @Test("A-4: the same again, or what the resource has already, is refused with what would help")
  func same() throws {
    var story = story(200, medium)
    #expect(
      Refusal.of { try story.adjust("chat", to: medium, at: "2026-02-20") }
        == .capacity("This is the capacity that the resource has. Choose another one."))
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    #expect(
      Refusal.of { try story.adjust("chat", to: small, at: "2026-02-22") }
        == .capacity("This change is scheduled already. Choose another capacity, or cancel the scheduled change."))
    #expect(
      Refusal.of { try story.adjust("chat", to: medium, at: "2026-02-22") }
        == .capacity("This is the capacity that the resource has. To keep it, cancel the scheduled change."))
  }

  @Test("A-4: edits of name and model leave a scheduled change alone")
  func edits() throws {
    var story = story(200, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    let state = try #require(story.state("chat", "2026-02-22"))
    story.record(try ResourceEdit(name: "Talk").applied(to: state, at: story.at("2026-02-22")))
    #expect(story.state("chat", "2026-02-22")?.resource.name == "Talk")
    #expect(story.state("chat", "2026-02-22")?.status == .planDowngradeScheduled)
    #expect(story.state("chat", "2026-03-12")?.capacity.capacity == small)
  }

  // MARK: States that do not permit it

  @Test("A-4: while deprovisioning is scheduled the capacity can't change, and once it is cancelled it can")
  func deprovisioningScheduled() throws {
    var story = story(200, medium)
    story.record(try story.deprovision("chat", at: "2026-02-20").deprovisionings)
    let sentence =
      "“chat” is scheduled for deprovisioning, so its capacity can't change. Cancel the deprovisioning first."
    for capacity in [small, large, .units(10)] {
      #expect(Refusal.of { try story.adjust("chat", to: capacity, at: "2026-02-21") } == .notNow(sentence))
    }
    #expect(story.state("chat", "2026-02-21")?.noCapacityChange == sentence)
    story.record(try story.cancelDeprovisioning(of: "chat", at: "2026-02-22"))
    #expect(story.state("chat", "2026-02-22")?.noCapacityChange == nil)
    #expect(try story.adjust("chat", to: large, at: "2026-02-22").effect == .increase)
  }

  @Test("T-5, A-6: a suspended or deprovisioned resource keeps its capacity")
  func suspended() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.add("chat", medium, at: "2026-02-12")
    #expect(story.state("chat", "2026-03-12")?.status == .suspended)
    #expect(
      Refusal.of { try story.adjust("chat", to: small, at: "2026-03-12") }
        == .notNow(
          "“chat” is suspended, so its capacity can't change. It resumes as soon as Cloud Tokens are available."))
    #expect(story.state("chat", "2026-05-01")?.status == .deprovisioned)
    #expect(
      Refusal.of { try story.adjust("chat", to: small, at: "2026-05-01") }
        == .notNow("“chat” is deprovisioned and can't be changed any more."))
  }

  @Test("A-4, record 0015: where the capacity can't change, what was scheduled for it can't be cancelled either")
  func cancellationNotNow() throws {
    var story = story(200, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    story.record(try story.deprovision("chat", at: "2026-02-21").deprovisionings)
    #expect(
      Refusal.of { try story.cancelChange(of: "chat", at: "2026-02-22") }
        == .notNow(
          "“chat” is scheduled for deprovisioning, so its capacity can't change. Cancel the deprovisioning first."))
    story.record(try story.cancelDeprovisioning(of: "chat", at: "2026-02-23"))
    #expect(try story.cancelChange(of: "chat", at: "2026-02-24").cancelledAt == story.at("2026-02-24"))

    // Suspended with its month's end of March; what is scheduled then would have lowered what resuming costs.
    var short = DayStory()
    short.contract(60, "2026-01-01", "2026-03-01")
    short.add("chat", medium, at: "2026-02-12")
    short.record(
      CapacityChange(
        resourceID: ResourceID("chat"), capacity: small, tokens: 30, allowance: .plan(input: 1, output: 1),
        recordedAt: short.at("2026-02-20"), effectiveAt: short.at("2026-04-12")))
    #expect(short.state("chat", "2026-03-20")?.status == .suspended)
    #expect(short.state("chat", "2026-03-20")?.scheduledChange?.capacity == small)
    #expect(
      Refusal.of { try short.cancelChange(of: "chat", at: "2026-03-20") }
        == .notNow(
          "“chat” is suspended, so its capacity can't change. It resumes as soon as Cloud Tokens are available."))
    #expect(
      Refusal.of { try story.cancelChange(of: "chat", at: "2026-03-20") }
        == .notNow(
          "No change of capacity is scheduled for this resource. It may have taken effect or been cancelled already."))
  }

  @Test("A-1: knowledge bases have no capacity change, and what is not there has none either")
  func knowledgeBases() {
    var story = story(200, medium)
    story.add("vectors", .units(5), .embeddings, at: "2026-02-12")
    story.add("manuals", DayStory.standard, .knowledgeBase, at: "2026-02-12", using: "vectors")
    #expect(
      Refusal.of { try story.adjust("manuals", to: .units(10), at: "2026-02-20") }
        == .notNow("Knowledge bases have one size; their capacity can't change."))
    let unknown = ResourceChangeRefusal.notNow("There is no such resource.")
    #expect(Refusal.of { try story.adjust("nothing", to: small, at: "2026-02-20") } == unknown)
    #expect(Refusal.of { try story.adjust("chat", to: small, at: "2026-02-11") } == unknown, "before its activation")
  }

  // MARK: Conversion

  @Test(
    "C-9: a plan becomes units with the next bundle month, for at most what the plan costs",
    arguments: [(Int64(1), true), (29, true), (30, true), (31, false), (1_000, false)])
  func conversion(tokens: Int64, isAllowed: Bool) throws {
    var story = story(5_000, small)
    let wanted = Capacity.units(CloudTokens(tokens))
    guard isAllowed else {
      #expect(
        Refusal.of { try story.adjust("chat", to: wanted, at: "2026-02-20") }
          == .capacity(
            "A conversion to Cloud Tokens may cost at most what the plan costs, 30 Cloud Tokens. Convert first and "
              + "increase afterwards."))
      return
    }
    let decided = try story.adjust("chat", to: wanted, at: "2026-02-20", fits: true)
    #expect(decided.effect == .scheduled)
    #expect(decided.tokensAtOnce == 0)
    story.record(decided)
    let state = try #require(story.state("chat", "2026-02-20"))
    #expect(state.capacity.capacity == small)
    #expect(state.status == (tokens == 30 ? .active : .capacityDecreaseScheduled))
    #expect(state.scheduledChange?.capacity == wanted, "shown beside the status where it costs the same")
    #expect(story.state("chat", "2026-03-12")?.allowance == .units(GenAIUnits(whole: tokens * 100)))
    #expect(story.available("2026-03-12") == CloudTokens(5_000 - tokens))
    #expect(try story.adjust("chat", to: .units(31), at: "2026-03-12").effect == .increase)
    story.record(try story.cancelChange(of: "chat", at: "2026-03-01"))
    #expect(story.state("chat", "2026-03-12")?.capacity.capacity == small)
  }

  @Test("C-9: units never become a plan, whatever it costs", arguments: [DayStory.small, DayStory.medium])
  func neverBack(plan: Capacity) {
    #expect(
      Refusal.of { try story(500, .units(40)).adjust("chat", to: plan, at: "2026-02-20") }
        == .capacity("A resource by Cloud Tokens can't be converted to a fixed size. Enter a number of Cloud Tokens."))
  }

  @Test("C-9: a conversion in a shortfall or without any token to spare is allowed: it asks for none")
  func conversionWithoutTokens() throws {
    #expect(try story(30, small).adjust("chat", to: .units(30), at: "2026-02-20").effect == .scheduled)
    #expect(try story(5, small).adjust("chat", to: .units(30), at: "2026-02-20").effect == .scheduled)
  }

  @Test(
    "C-8, C-9: what is missing or not offered is refused with what is",
    arguments: [
      (nil, "Enter a number of Cloud Tokens."),
      (.units(0), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.units(-1), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.units(10_000_001), "Enter a whole number of Cloud Tokens from 1 to 10,000,000."),
      (.plan(Identifier("xl")), "The size \"xl\" is not offered. Choose one of: S, M, L."),
      (.plan(Identifier("embeddings-s")), "The size \"embeddings-s\" is not offered. Choose one of: S, M, L."),
    ] as [(Capacity?, String)])
  func notOffered(capacity: Capacity?, message: String) {
    #expect(Refusal.of { try story(500, medium).adjust("chat", to: capacity, at: "2026-02-20") } == .capacity(message))
  }

  // MARK: Facts

  @Test("A-4: a scheduled change is pending from its recording until its effect or its cancellation")
  func pending() {
    func change(recorded: Int64, effective: Int64, cancelled: Int64?) -> CapacityChange {
      CapacityChange(
        resourceID: ResourceID("chat"), capacity: .units(1), tokens: 1, allowance: .units(.zero),
        recordedAt: Instant(milliseconds: recorded), effectiveAt: Instant(milliseconds: effective),
        cancelledAt: cancelled.map { Instant(milliseconds: $0) })
    }
    func pending(_ change: CapacityChange) -> [Int64] {
      (0...30).filter { change.isPending(at: Instant(milliseconds: $0)) }
    }
    #expect(pending(change(recorded: 10, effective: 20, cancelled: nil)) == Array(10..<20))
    #expect(pending(change(recorded: 10, effective: 20, cancelled: 15)) == Array(10..<15))
    #expect(pending(change(recorded: 10, effective: 10, cancelled: nil)) == [], "immediate ones never wait")
    #expect(change(recorded: 10, effective: 20, cancelled: nil).counts)
    #expect(!change(recorded: 10, effective: 20, cancelled: 19).counts)
    #expect(change(recorded: 10, effective: 20, cancelled: 20).counts, "at its effect it is too late")
    let cancelled = change(recorded: 10, effective: 20, cancelled: nil).cancelled(at: Instant(milliseconds: 15))
    #expect(cancelled == change(recorded: 10, effective: 20, cancelled: 15))
    let end = Deprovisioning(
      resourceID: ResourceID("chat"), recordedAt: Instant(milliseconds: 10), effectiveAt: Instant(milliseconds: 20))
    #expect((0...30).filter { end.isPending(at: Instant(milliseconds: $0)) } == Array(10..<20))
    let taken = end.cancelled(at: Instant(milliseconds: 12))
    #expect((0...30).filter { taken.isPending(at: Instant(milliseconds: $0)) } == Array(10..<12))
    #expect(end.counts && !taken.counts)
  }
}
