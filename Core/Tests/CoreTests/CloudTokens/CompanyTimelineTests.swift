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
