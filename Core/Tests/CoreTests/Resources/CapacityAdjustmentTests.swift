import Core
import Testing

/// The examples of seed 003 and the rules around them, in Amsterdam.
@Suite("Adjusting a capacity")
struct CapacityAdjustmentTests {
  private typealias Refusal = ResourceChangeRefusal
  private let small = DayStory.small
  private let medium = DayStory.medium
  private let large = DayStory.large

  /// A company with `tokens` for two years, and a resource `chat` of 12 February.
  private func story(_ tokens: Int64, _ capacity: Capacity, at time: String = "2026-02-12 10:00") -> DayStory {
    var story = DayStory()
    story.contract(tokens, "2026-01-01", "2028-01-01")
    story.add("chat", capacity, at: time)
    return story
  }

  // MARK: Upgrades and increases

  @Test("A-1: Small 30 to Medium 60 needs exactly 30 more: 29 are refused, naming the one that lacks")
  func upgradeLacking() {
    let story = story(59, small)
    #expect(
      Refusal.of { try story.adjust("chat", to: medium, at: "2026-02-20") }
        == .insufficientTokens(
          "This needs 30 Cloud Tokens, but your company has 29 Cloud Tokens available: 1 Cloud Token too few."))
    #expect(story.state("chat", "2026-02-20")?.capacity.capacity == small)
    #expect(story.available("2026-02-20") == 29)
  }

  @Test("A-1: with 30 available Small becomes Medium at once, and the larger quota counts in the month that runs")
  func upgrade() throws {
    var story = story(60, small)
    let before = try #require(story.state("chat", "2026-02-20"))
    let decided = try story.adjust("chat", to: medium, at: "2026-02-20 09:00")
    #expect(decided.effect == .increase)
    #expect(decided.tokensAtOnce == 30)
    #expect(decided.superseded == nil)
    #expect(decided.change.recordedAt == decided.change.effectiveAt)
    story.record(decided)
    let after = try #require(story.state("chat", "2026-02-20 09:00"))
    #expect(after.status == .active)
    #expect(after.capacity.capacity == medium)
    #expect(after.allowance == .plan(input: 5_000_000, output: 2_500_000))
    #expect(after.bundleMonth == before.bundleMonth)
    #expect(story.state("chat", story.before("2026-02-20 09:00"))?.allowance == before.allowance)
    #expect(story.available("2026-02-20 09:00") == 0)
    #expect(story.movements(after: "2026-02-13", upTo: "2027-01-01") == ["allocated 30 chat"])
  }

  @Test("A-3: an increase of units needs the difference and counts in the month that runs", arguments: [25, 26])
  func increase(available: Int64) throws {
    let story = story(40 + available, .units(40))
    guard available == 26 else {
      #expect(
        Refusal.of { try story.adjust("chat", to: .units(66), at: "2026-02-20") }
          == .insufficientTokens(
            "This needs 26 Cloud Tokens, but your company has 25 Cloud Tokens available: 1 Cloud Token too few."))
      return
    }
    let decided = try story.adjust("chat", to: .units(66), at: "2026-02-20")
    #expect(decided.effect == .increase)
    #expect(decided.tokensAtOnce == 26)
    #expect(decided.change.allowance == .units(GenAIUnits(whole: 6_600)))
  }

  @Test("P-1: an order of the operator increases without the rules of self-service")
  func operatorOrder() throws {
    let story = story(60, .units(40))
    let order = ProvisionRequest.Origin.operatorOrder(reference: "SKU-17")
    #expect(Refusal.of { try story.adjust("chat", to: .units(500), at: "2026-02-20") } != nil)
    #expect(try story.adjust("chat", to: .units(500), at: "2026-02-20", origin: order).tokensAtOnce == 460)
    #expect(
      Refusal.of { try story.adjust("chat", to: .units(0), at: "2026-02-20", origin: order) } != nil,
      "what is wrong stays wrong")
  }

  @Test("E-1, T-5: in a shortfall nothing can be increased, and everything can be decreased")
  func shortfall() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(20, "2026-01-01", "2028-01-01")
    story.add("chat", .units(50), at: "2026-02-12")
    #expect(
      Refusal.of { try story.adjust("chat", to: .units(51), at: "2026-03-02") }
        == .insufficientTokens(
          "This needs 1 Cloud Token, but none are available: your resources hold 30 Cloud Tokens more than your "
            + "contracts grant."))
    story.record(try story.adjust("chat", to: .units(20), at: "2026-03-02"))
    #expect(story.available("2026-03-02") == 0)
    #expect(story.state("chat", "2026-03-02")?.isMarked == false)
  }

  // MARK: Downgrades

  @Test("A-2: a Medium of 12 February, downgraded on the 20th, is Small on 12 March and returns 30 tokens only then")
  func downgrade() throws {
    var story = story(100, medium)
    let decided = try story.adjust("chat", to: small, at: "2026-02-20 09:00")
    #expect(decided.effect == .scheduled)
    #expect(decided.tokensAtOnce == 0)
    #expect(decided.change.effectiveAt.utcText == "2026-03-11T23:00:00.000Z", "midnight in Amsterdam")
    story.record(decided)
    for instant in [story.at("2026-02-20 09:00"), story.before("2026-03-12")] {
      let state = try #require(story.state("chat", instant))
      #expect(state.status == .planDowngradeScheduled)
      #expect(state.statusChangesAt == story.at("2026-03-12"))
      #expect(state.scheduledChange == decided.change)
      #expect(state.capacity.capacity == medium)
      #expect(state.allowance == .plan(input: 5_000_000, output: 2_500_000))
      #expect(story.available(instant) == 40)
    }
    let after = try #require(story.state("chat", "2026-03-12"))
    #expect(after.status == .active)
    #expect(after.statusChangesAt == nil)
    #expect(after.scheduledChange == nil)
    #expect(after.capacity.capacity == small)
    #expect(after.allowance == .plan(input: 2_500_000, output: 1_250_000))
    #expect(after.bundleMonth.start == story.at("2026-03-12"))
    #expect(story.available("2026-03-12") == 70)
    #expect(story.movements(after: "2026-02-13", upTo: "2027-01-01") == ["released 30 chat"])
    #expect(story.effects(after: "2026-02-13", upTo: "2027-01-01") == ["2026-03-12 changed chat"])
  }

  @Test(
    "A-2: the end of the bundle month is that of the company's zone",
    arguments: [("Asia/Tokyo", "2026-03-11T15:00:00.000Z"), ("America/New_York", "2026-03-12T04:00:00.000Z")])
  func zones(zone: String, end: String) throws {
    var story = DayStory(zone: zone)
    story.contract(100, "2026-01-01", "2028-01-01")
    story.add("chat", medium, at: "2026-02-12")
    #expect(try story.adjust("chat", to: small, at: "2026-02-20").change.effectiveAt.utcText == end)
  }

  @Test("A-2: a downgrade of the last day of January waits for the last day of February")
  func clamped() throws {
    let story = story(100, medium, at: "2026-01-31 12:00")
    #expect(try story.adjust("chat", to: small, at: "2026-02-01").change.effectiveAt == story.at("2026-02-28"))
    #expect(try story.adjust("chat", to: small, at: "2026-02-28").change.effectiveAt == story.at("2026-03-31"))
  }

  @Test("A-2: a cancelled downgrade keeps Medium with its quota and tokens, from the cancellation on and for good")
  func cancelled() throws {
    var story = story(100, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    let cancelled = try story.cancelChange(of: "chat", at: "2026-03-01")
    #expect(cancelled.cancelledAt == story.at("2026-03-01"))
    story.record(cancelled)
    #expect(story.state("chat", story.before("2026-03-01"))?.status == .planDowngradeScheduled)
    for time in ["2026-03-01", "2026-03-12", "2026-04-12"] {
      let state = try #require(story.state("chat", time))
      #expect(state.status == .active)
      #expect(state.capacity.capacity == medium)
      #expect(state.scheduledChange == nil)
      #expect(story.available(time) == 40)
    }
    #expect(story.effects(after: "2026-02-13", upTo: "2027-01-01") == [])
    let nothing = ResourceChangeRefusal.notNow(
      "No change of capacity is scheduled for this resource. It may have taken effect or been cancelled already.")
    #expect(Refusal.of { try story.cancelChange(of: "chat", at: "2026-03-02") } == nothing)
    #expect(Refusal.of { try story.cancelChange(of: "nothing", at: "2026-03-02") } == nothing)
  }

  @Test("A-2: at the very end of the month it is too late to cancel")
  func tooLate() throws {
    var story = story(100, medium)
    story.record(try story.adjust("chat", to: small, at: "2026-02-20"))
    #expect(Refusal.of { try story.cancelChange(of: "chat", at: "2026-03-12") } != nil)
    #expect(
      try CapacityAdjustment.cancel(
        of: ResourceID("chat"), timeline: story.timeline, at: story.before("2026-03-12")
      ).counts == false)
  }

  // MARK: Decreases of units

  @Test(
    "A-3: a decrease gives tokens back at once where the month's consumption fits, and is scheduled where it does not")
  func decrease() throws {
    var fitting = story(100, .units(50))
    let now = try fitting.adjust("chat", to: .units(20), at: "2026-02-20", fits: true)
    #expect(now.effect == .decrease)
    #expect(now.tokensAtOnce == CloudTokens(-30))
    fitting.record(now)
    #expect(fitting.available("2026-02-20") == 80)
    #expect(fitting.state("chat", "2026-02-20")?.status == .active)

    var full = story(100, .units(50))
    let later = try full.adjust("chat", to: .units(20), at: "2026-02-20", fits: false)
    #expect(later.effect == .scheduled)
    #expect(later.tokensAtOnce == 0)
    full.record(later)
    #expect(full.state("chat", "2026-02-20")?.status == .capacityDecreaseScheduled)
    #expect(full.state("chat", "2026-02-20")?.statusChangesAt == full.at("2026-03-12"))
    #expect(full.available(full.before("2026-03-12")) == 50)
    #expect(full.available("2026-03-12") == 80)
    full.record(try full.cancelChange(of: "chat", at: "2026-03-01"))
    #expect(full.available("2026-03-12") == 50)
  }

  @Test("A-3: the month's consumption is asked for once with the new allowance, and only by decreases of units")
  func asked() throws {
    var story = story(500, medium)
    story.add("units", .units(50), at: "2026-02-12")
    func asked(_ name: String, _ capacity: Capacity) -> [Allowance] {
      var asked: [Allowance] = []
      _ = try? CapacityAdjustment.decide(
        capacity, for: ResourceID(name), facts: story.facts, timeline: story.timeline, catalog: ShelfCatalog.catalog,
        at: story.at("2026-02-20"), branding: Branding(),
        fitsThisMonth: {
          asked.append($0)
          return false
        })
      return asked
    }
    #expect(asked("units", .units(20)) == [.units(GenAIUnits(whole: 2_000))])
    for capacity in [Capacity.units(60), .units(50), .units(0), .units(9_000), small] {
      #expect(asked("units", capacity) == [], "\(capacity)")
    }
    for capacity in [small, medium, large, .units(60), .units(20), .units(61)] {
      #expect(asked("chat", capacity) == [], "\(capacity)")
    }
  }

  @Test(
    "A-3: used and reserved fit an allowance up to its last unit and token, in every measure that it knows",
    arguments: [
      (
        Allowance.units(GenAIUnits(whole: 20)), Consumption(units: GenAIUnits(whole: 20), input: 999, output: 999), true
      ),
      (.units(GenAIUnits(whole: 20)), Consumption(units: GenAIUnits(nano: 20_000_000_001)), false),
      (.plan(input: 10, output: 5), Consumption(units: GenAIUnits(whole: 99), input: 10, output: 5), true),
      (.plan(input: 10, output: 5), Consumption(input: 11, output: 5), false),
      (.plan(input: 10, output: 5), Consumption(input: 10, output: 6), false),
      (.plan(input: 10, output: nil), Consumption(input: 10, output: 1_000_000), true),
      (.units(GenAIUnits(nano: .max)), Consumption(units: GenAIUnits(nano: .max)), false),
      (.plan(input: 10, output: nil), Consumption(output: TokenCount(Int64.max)), false),
    ])
  func covers(allowance: Allowance, total: Consumption, fits: Bool) {
    #expect(allowance.covers(total) == fits)
  }
}
