import Core
import Testing

@Suite("The company's timeline")
struct CompanyTimelineTests {
  @Test("A-7: a resource has a state from the instant of its provisioning on, and none before")
  func fromProvisioning() throws {
    var story = CompanyStory()
    let id = story.resource(30, at: 5)
    let timeline = CompanyTimeline(story.facts)
    #expect(timeline.state(of: id, at: CompanyStory.at(hour: 5).adding(milliseconds: -1)) == nil)
    #expect(timeline.state(of: ResourceID("unknown"), at: CompanyStory.at(hour: 5)) == nil)
    let state = try #require(timeline.state(of: id, at: CompanyStory.at(hour: 5)))
    #expect(state.status == .active)
    #expect(state.statusChangesAt == nil)
    #expect(state.capacity.capacity == .units(30))
    #expect(state.tokens == 30)
    #expect(state.allowance == .units(GenAIUnits(whole: 3_000)))
    #expect(state.bundleMonth.index == 0)
    // Activated on 1 January at 06:00 in Amsterdam.
    #expect(state.refillsAt.utcText == "2026-01-31T23:00:00.000Z")
  }

  @Test("A-1, A-3: a larger capacity counts from its instant on, in the month that runs, and moves no anchor")
  func increase() throws {
    var story = CompanyStory()
    let id = story.resource(30, at: 5)
    story.change(id, by: 30, to: 60, at: 100)
    let timeline = CompanyTimeline(story.facts)
    let change = CompanyStory.at(hour: 100)
    let before = try #require(timeline.state(of: id, at: change.adding(milliseconds: -1)))
    let after = try #require(timeline.state(of: id, at: change))
    #expect(before.allowance == .units(GenAIUnits(whole: 3_000)))
    #expect(after.allowance == .units(GenAIUnits(whole: 6_000)))
    #expect(after.bundleMonth == before.bundleMonth)
    #expect(timeline.balance(at: change).allocated == 60)
  }

  @Test("A-7: the order in which facts were read changes nothing")
  func anyOrder() {
    var story = CompanyStory()
    let id = story.resource(30, at: 5)
    for hour in 6..<20 { story.change(id, by: 1, to: Int64(24 + hour), at: hour) }
    var reversed = story
    reversed.capacityChanges.reverse()
    let (a, b) = (CompanyTimeline(story.facts), CompanyTimeline(reversed.facts))
    for hour in 0..<30 {
      #expect(a.state(of: id, at: CompanyStory.at(hour: hour)) == b.state(of: id, at: CompanyStory.at(hour: hour)))
    }
  }

  @Test("G-5: the limit line steps where the allowance changed")
  func steps() {
    var story = CompanyStory()
    let id = story.resource(10, at: 5)
    story.change(id, by: 10, to: 20, at: 10)
    story.change(id, by: 10, to: 30, at: 20)
    let timeline = CompanyTimeline(story.facts)
    func steps(_ from: Int, _ to: Int) -> [AllowanceStep] {
      timeline.allowances(of: id, from: CompanyStory.at(hour: from), to: CompanyStory.at(hour: to))
    }
    func step(_ hour: Int, _ tokens: Int64) -> AllowanceStep {
      AllowanceStep(from: CompanyStory.at(hour: hour), allowance: .units(GenAIUnits(whole: tokens * 100)))
    }
    #expect(steps(0, 30) == [step(5, 10), step(10, 20), step(20, 30)])
    #expect(steps(7, 20) == [step(7, 10), step(10, 20)])
    #expect(steps(10, 11) == [step(10, 20)])
    #expect(steps(25, 30) == [step(25, 30)])
    #expect(steps(0, 5).isEmpty)
    #expect(steps(9, 9).isEmpty)
    #expect(timeline.bundleMonths(of: id)?.activatedAt == CompanyStory.at(hour: 5))
    #expect(timeline.bundleMonths(of: ResourceID("unknown")) == nil)
  }

  @Test("A-7: only what time made true is an effect; what somebody recorded at that instant is none")
  func effects() throws {
    var story = DayStory()
    story.contract(100, "2026-01-01", "2026-06-01")  // Recorded in 2025.
    story.contract(10, "2026-01-05", "2026-06-02", recorded: "2026-01-05")
    story.contract(10, "2026-01-04", "2026-06-02", recorded: "2026-01-06")
    story.add("chat", .units(50), at: "2026-02-12")
    story.record(try story.adjust("chat", to: .units(20), at: "2026-02-13", fits: true))
    story.record(try story.adjust("chat", to: .units(30), at: "2026-02-14"))
    story.record(try story.adjust("chat", to: .units(10), at: "2026-02-15", fits: false))
    #expect(
      story.effects(after: "2025-01-01", upTo: "2026-12-31") == [
        "2026-01-01 began contract-0", "2026-03-12 changed chat", "2026-06-01 ended contract-0",
        "2026-06-02 ended contract-1", "2026-06-02 ended contract-2", "2026-06-02 marked chat",
        "2026-06-12 suspended chat", "2026-07-12 deprovisioned chat",
      ])
    let timeline = story.timeline
    #expect(story.effects(after: "2026-03-12", upTo: "2026-06-01") == ["2026-06-01 ended contract-0"])
    #expect(timeline.effects(after: story.before("2026-03-12"), upTo: story.at("2026-03-12")).count == 1)
    #expect(timeline.effects(after: story.at("2026-06-01"), upTo: story.at("2026-03-12")).isEmpty)
  }

  @Test("A-7: the next and the last instant at which something happens; refills are none")
  func nextAndLast() throws {
    var story = DayStory()
    story.contract(100, "2026-01-01", "2026-06-01")
    story.add("chat", DayStory.medium, at: "2026-02-12")
    story.record(try story.adjust("chat", to: DayStory.small, at: "2026-02-20"))
    story.record(try story.cancelChange(of: "chat", at: "2026-02-21"))
    story.record(try story.deprovision("chat", at: "2026-04-13").deprovisionings)
    let timeline = story.timeline
    let happening = ["2026-01-01", "2026-02-12", "2026-05-12", "2026-06-01"].map { story.at($0) }
    #expect(timeline.lastEffect(upTo: happening[0].adding(milliseconds: -1)) == nil)
    #expect(timeline.nextEffect(after: Instant(milliseconds: .min)) == happening[0])
    for (before, after) in zip(happening, happening.dropFirst()) {
      #expect(timeline.nextEffect(after: before) == after)
      #expect(timeline.nextEffect(after: after.adding(milliseconds: -1)) == after)
      #expect(timeline.lastEffect(upTo: after.adding(milliseconds: -1)) == before)
      #expect(timeline.lastEffect(upTo: after) == after)
    }
    #expect(timeline.nextEffect(after: happening[3]) == nil)
    #expect(CompanyTimeline(DayStory().facts).nextEffect(after: Instant(milliseconds: .min)) == nil)
  }

  @Test("A-4: at one instant what ends comes first, then capacities, contracts, and what lacks or gets tokens")
  func oneInstant() throws {
    var story = DayStory()
    story.contract(100, "2025-12-01", "2026-03-01")
    story.contract(65, "2025-12-01", "2026-03-15")
    story.contract(40, "2026-03-15", "2028-01-01")
    story.add("ending", .units(10), at: "2025-12-15")
    story.add("shrinking", .units(50), at: "2025-12-15 01:00")
    story.add("waiting", .units(20), at: "2026-01-10")
    story.add("going", .units(60), at: "2026-01-15")
    story.record(try story.deprovision("ending", at: "2026-02-20").deprovisionings)
    story.record(try story.adjust("shrinking", to: .units(15), at: "2026-02-21", fits: false))
    #expect(story.state("waiting", "2026-03-14")?.status == .suspended)
    #expect(
      story.effects(after: "2026-03-14", upTo: "2026-03-15") == [
        "2026-03-15 deprovisioned ending", "2026-03-15 changed shrinking", "2026-03-15 ended contract-1",
        "2026-03-15 began contract-2", "2026-03-15 suspended going", "2026-03-15 resumed waiting",
      ])
    #expect(
      story.movements(after: "2026-03-14", upTo: "2026-03-15") == [
        "released 10 ending", "released 35 shrinking", "released 60 going", "expired 65 contract-1",
        "granted 40 contract-2", "allocated 20 waiting",
      ])
  }

  @Test("T-5: what an ending contract newly marks is told before what is suspended at that instant")
  func markedAndSuspended() {
    var story = DayStory()
    story.contract(30, "2025-12-01", "2026-03-01")
    story.contract(40, "2025-12-01", "2026-03-15")
    story.contract(20, "2025-12-01", "2028-01-01")
    for (name, time) in [("old", "2026-01-01"), ("middle", "2026-01-05"), ("new", "2026-01-15")] {
      story.add(name, .units(30), at: time)
    }
    #expect(
      story.effects(after: "2026-02-28", upTo: "2026-03-15") == [
        "2026-03-01 ended contract-0", "2026-03-01 marked new", "2026-03-15 ended contract-1", "2026-03-15 marked old",
        "2026-03-15 marked middle", "2026-03-15 suspended new",
      ])
  }

  @Test("R-1: the six statuses read as specified, and those before an end still admit calls")
  func statuses() {
    #expect(
      ResourceStatus.allCases.map(\.rawValue) == [
        "ACTIVE", "PLAN DOWNGRADE SCHEDULED", "CAPACITY DECREASE SCHEDULED", "DEPROVISIONING SCHEDULED", "SUSPENDED",
        "DEPROVISIONED",
      ])
    #expect(ResourceStatus.allCases.filter { !$0.admitsCalls } == [.suspended, .deprovisioned])
  }
}
