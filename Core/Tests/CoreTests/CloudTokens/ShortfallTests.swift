import Core
import Testing

/// Rule T-5 and decision record 0015 by hand-made stories in Amsterdam, whose clocks go forward on 29 March 2026.
@Suite("A shortfall of Cloud Tokens")
struct ShortfallTests {
  private func marks(_ story: DayStory, _ names: [String], _ time: String) -> [String] {
    names.filter { story.state($0, time)?.isMarked == true }
  }

  private func statuses(_ story: DayStory, _ names: [String], _ time: String) -> [ResourceStatus?] {
    names.map { story.state($0, time)?.status }
  }

  // MARK: Marking

  @Test("T-5: when a contract ends nothing stops; the newest are marked until the unmarked fit")
  func newestFirst() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(40, "2026-01-01", "2028-01-01")
    story.add("oldest", .units(30), at: "2026-01-10")
    story.add("middle", .units(30), at: "2026-01-12")
    story.add("newest", .units(40), at: "2026-01-14")
    let names = ["oldest", "middle", "newest"]
    #expect(marks(story, names, "2026-02-28") == [])
    #expect(marks(story, names, "2026-03-01") == ["middle", "newest"])
    #expect(statuses(story, names, "2026-03-01") == [.active, .active, .active])
    #expect(story.timeline.balance(at: story.at("2026-03-01")).shortfall == 60)
    #expect(story.state("middle", "2026-03-01")?.suspendsAt == story.at("2026-03-12"))
    #expect(story.state("newest", "2026-03-01")?.suspendsAt == story.at("2026-03-14"))
    #expect(
      story.effects(after: "2026-02-28", upTo: "2026-03-10") == [
        "2026-03-01 ended contract-0", "2026-03-01 marked middle", "2026-03-01 marked newest",
      ])
    #expect(
      story.movements(after: "2026-02-28", upTo: "2026-03-10") == ["expired 60 contract-0"],
      "a mark moves no tokens")
  }

  @Test("T-5: no more are marked than needed, and of two activated at one instant the greater id is the newer")
  func asFewAsNeeded() {
    var story = DayStory()
    story.contract(10, "2026-01-01", "2026-03-01")
    story.contract(90, "2026-01-01", "2028-01-01")
    for name in ["a", "b", "c"] { story.add(name, .units(30), at: "2026-01-10") }
    story.add("small", .units(1), at: "2026-01-09")
    #expect(marks(story, ["a", "b", "c", "small"], "2026-03-01") == ["c"])
    var exact = DayStory()
    exact.contract(10, "2026-01-01", "2026-03-01")
    exact.contract(90, "2026-01-01", "2028-01-01")
    for name in ["a", "b", "c"] { exact.add(name, .units(30), at: "2026-01-10") }
    #expect(marks(exact, ["a", "b", "c"], "2026-03-01") == [], "what fits exactly is not marked")
  }

  @Test("T-5: a mark goes when tokens return, when something is given back, and moves to a newer resource")
  func marksGo() throws {
    var story = DayStory()
    story.contract(100, "2026-01-01", "2026-03-20")
    story.contract(50, "2026-01-01", "2028-01-01")
    story.add("old", .units(40), at: "2026-01-15")
    story.add("new", .units(40), at: "2026-02-28")
    #expect(marks(story, ["old", "new"], "2026-03-20") == ["new"])
    var rescued = story
    rescued.contract(30, "2026-03-22", "2028-01-01")
    #expect(marks(rescued, ["old", "new"], "2026-03-21 23:59") == ["new"])
    #expect(marks(rescued, ["old", "new"], "2026-03-22") == [])
    #expect(rescued.state("new", "2026-03-28")?.status == .active)
    var smaller = story
    smaller.record(try smaller.adjust("old", to: .units(10), at: "2026-03-22"))
    #expect(marks(smaller, ["old", "new"], "2026-03-22") == [])
    var newer = story
    newer.add("order", .units(40), at: "2026-03-22")  // By an order of the operator (rule P-1).
    #expect(marks(newer, ["old", "new", "order"], "2026-03-22") == ["new", "order"])
    newer.record(try newer.deprovision("old", at: "2026-03-23").deprovisionings)
    #expect(statuses(newer, ["old", "new", "order"], "2026-04-14") == [.deprovisioningScheduled, .suspended, .active])
    #expect(marks(newer, ["old", "new", "order"], "2026-04-15") == [], "the old one's end lets the newest stay")
  }

  @Test("T-5: what is marked and goes on in the end, because another gives up enough, is not announced as suspended")
  func announced() {
    var story = DayStory()
    story.contract(20, "2026-01-01", "2028-01-01")
    story.contract(20, "2026-01-01", "2026-03-01")
    story.add("old", .units(10), at: "2026-02-10")
    story.add("large", .units(25), at: "2026-02-12")
    story.add("small", .units(5), at: "2026-02-12 00:01")
    #expect(marks(story, ["old", "large", "small"], "2026-03-02") == ["large", "small"])
    let now = story.at("2026-03-02")
    #expect(story.timeline.suspension(of: ResourceID("large"), at: now) == story.at("2026-03-12"))
    #expect(story.timeline.suspension(of: ResourceID("small"), at: now) == nil)
    #expect(statuses(story, ["large", "small"], "2026-03-12") == [.suspended, .active])
    #expect(story.timeline.suspension(of: ResourceID("old"), at: now) == nil)
  }

  // MARK: Suspension

  @Test("T-5: a marked resource is suspended at the first end of its own bundle month after the mark")
  func ownMonth() throws {
    var story = DayStory()
    story.contract(50, "2026-01-01", "2026-03-01")
    story.contract(30, "2026-01-01", "2028-01-01")
    story.add("old", .units(30), at: "2026-01-10")
    story.add("new", .units(10), at: "2026-01-15")
    let last = try #require(story.state("new", story.before("2026-03-15")))
    #expect(last.status == .active && last.tokens == 10)
    let suspended = try #require(story.state("new", "2026-03-15"))
    #expect(suspended.status == .suspended)
    #expect(!suspended.status.admitsCalls)
    #expect(suspended.tokens == 0)
    #expect(suspended.suspendsAt == nil)
    #expect(suspended.capacity.tokens == 10, "what was bought is kept")
    #expect(story.available("2026-03-15") == 0)
    #expect(story.movements(after: "2026-03-01", upTo: "2026-03-15") == ["released 10 new"])
    #expect(story.effects(after: "2026-03-01", upTo: "2026-03-15") == ["2026-03-15 suspended new"])
    #expect(story.state("old", "2027-12-31")?.status == .active)
  }

  @Test("T-5: a mark that begins at a month's end waits for the next end: nothing stops at once")
  func markAtMonthEnd() throws {
    var story = DayStory()
    story.contract(30, "2026-01-01", "2026-03-10")
    story.add("only", .units(20), at: "2026-01-10")
    #expect(story.state("only", "2026-03-10")?.suspendsAt == story.at("2026-04-10"))
    #expect(story.state("only", "2026-03-10")?.status == .active)
    #expect(story.state("only", "2026-04-10")?.status == .suspended)
    // A millisecond earlier the mark is older than the month's end, which is then the first after it.
    var earlier = DayStory()
    earlier.contract(30, "2026-01-01", "2026-03-09 23:59")
    earlier.add("only", .units(20), at: "2026-01-10")
    #expect(earlier.state("only", "2026-03-10")?.status == .suspended)
  }

  @Test("T-5: what begins or is given back at the very instant of the suspension comes before it")
  func savedAtTheLastInstant() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(30, "2026-01-01", "2028-01-01")
    story.add("old", .units(30), at: "2026-02-15")
    story.add("new", .units(30), at: "2026-02-15 01:00")
    #expect(story.state("new", "2026-03-15")?.status == .suspended)
    var byContract = story
    byContract.contract(30, "2026-03-15", "2028-01-01")
    var byDeprovisioning = story
    byDeprovisioning.record(try story.deprovision("old", at: "2026-03-02").deprovisionings)
    var byDecrease = story
    byDecrease.record(try story.adjust("old", to: .units(1), at: "2026-03-02", fits: false))
    byDecrease.record(try byDecrease.adjust("new", to: .units(29), at: "2026-03-02", fits: false))
    for saved in [byContract, byDeprovisioning, byDecrease] {
      #expect(saved.state("new", saved.before("2026-03-15"))?.isMarked == true)
      let state = try #require(saved.state("new", "2026-03-15"))
      #expect(state.status == .active)
      #expect(!state.isMarked)
      #expect(!saved.movements(after: "2026-03-02", upTo: "2026-04-01").contains("released 30 new"))
    }
    var byContractEnd = story
    byContractEnd.contract(30, "2026-02-20", "2026-03-15")
    #expect(byContractEnd.state("new", byContractEnd.before("2026-03-15"))?.isMarked == false)
    #expect(byContractEnd.state("new", "2026-03-15")?.suspendsAt == story.at("2026-04-15"), "marked only now")
  }

  @Test("T-5: a resource whose turn comes and that fits all the same simply goes on, without any movement")
  func goesOn() throws {
    // Both lose their place at one instant. The older is too large for what is left, the newer is not.
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(45, "2026-01-01", "2028-01-01")
    story.add("old", .units(30), at: "2026-01-10")
    story.add("large", .units(30), at: "2026-01-15")
    story.add("small", .units(10), at: "2026-01-15 08:00")
    #expect(marks(story, ["old", "large", "small"], "2026-03-01") == ["large", "small"])
    #expect(statuses(story, ["old", "large", "small"], "2026-03-15") == [.active, .suspended, .active])
    #expect(story.state("small", "2026-03-15")?.isMarked == false)
    #expect(story.movements(after: "2026-03-01", upTo: "2026-03-20") == ["released 30 large"])
    #expect(story.effects(after: "2026-03-01", upTo: "2026-03-20") == ["2026-03-15 suspended large"])
    #expect(story.available("2026-03-15") == 5)
  }

  // MARK: Resumption

  @Test("T-5: when tokens return the oldest resumes first; a smaller and newer one passes one that does not fit")
  func resumption() throws {
    var story = DayStory()
    story.contract(95, "2026-01-01", "2026-02-20")
    story.add("first", .units(50), at: "2026-01-10")
    story.add("second", .units(30), at: "2026-01-11")
    story.add("third", .units(15), at: "2026-01-12")
    let names = ["first", "second", "third"]
    #expect(statuses(story, names, "2026-03-12") == [.suspended, .suspended, .suspended])
    story.contract(45, "2026-03-20", "2028-01-01", recorded: "2026-03-13")
    #expect(statuses(story, names, "2026-03-19 23:59") == [.suspended, .suspended, .suspended])
    #expect(statuses(story, names, "2026-03-20") == [.suspended, .active, .active], "the first is too large")
    #expect(
      story.movements(after: "2026-03-13", upTo: "2026-03-20") == [
        "granted 45 contract-1", "allocated 30 second", "allocated 15 third",
      ])
    #expect(
      story.effects(after: "2026-03-13", upTo: "2026-03-20") == [
        "2026-03-20 began contract-1", "2026-03-20 resumed second", "2026-03-20 resumed third",
      ])
    story.contract(50, "2026-03-25", "2028-01-01", recorded: "2026-03-21")
    #expect(statuses(story, names, "2026-03-25") == [.active, .active, .active])
    var scarce = story
    scarce.contract(20, "2026-03-22", "2028-01-01", recorded: "2026-03-21 12:00")
    #expect(statuses(scarce, names, "2026-03-22") == [.suspended, .active, .active], "20 are too few for 50")
  }

  @Test("T-5: of two that would fit, the older takes the tokens")
  func oldestFirst() {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-02-20")
    story.add("older", .units(30), at: "2026-01-10")
    story.add("newer", .units(30), at: "2026-01-11")
    story.contract(59, "2026-03-20", "2028-01-01")
    #expect(statuses(story, ["older", "newer"], "2026-03-20") == [.active, .suspended])
  }

  @Test("T-5: what was given back by another resource is taken at once by one that is suspended")
  func takenAtOnce() throws {
    var story = DayStory()
    story.contract(30, "2026-01-01", "2026-03-01")
    story.contract(30, "2026-01-01", "2028-01-01")
    story.add("old", .units(30), at: "2026-02-10")
    story.add("new", .units(25), at: "2026-02-12")
    #expect(statuses(story, ["old", "new"], "2026-03-12") == [.active, .suspended])
    story.record(try story.adjust("old", to: .units(5), at: "2026-03-13"))
    #expect(statuses(story, ["old", "new"], "2026-03-13") == [.active, .active])
    #expect(story.movements(after: "2026-03-12", upTo: "2026-03-13") == ["released 25 old", "allocated 25 new"])
    #expect(story.available("2026-03-13") == 0)
  }

  @Test("B-1, T-5: a suspension moves no bundle month, and a capacity of that time counts from the resumption on")
  func afterResumption() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(60, "2026-03-20", "2028-01-01")
    story.add("chat", DayStory.medium, at: "2026-02-12")
    story.record(try story.adjust("chat", to: DayStory.small, at: "2026-02-20"))
    // The downgrade and the suspension are of one instant: the smaller plan is what is suspended.
    let suspended = try #require(story.state("chat", "2026-03-12"))
    #expect(suspended.status == .suspended)
    #expect(suspended.capacity.capacity == DayStory.small)
    #expect(suspended.bundleMonth.start == story.at("2026-03-12"))
    let resumed = try #require(story.state("chat", "2026-03-20"))
    #expect(resumed.status == .active)
    #expect(resumed.tokens == 30)
    #expect(resumed.bundleMonth == suspended.bundleMonth)
    #expect(
      story.movements(after: "2026-03-01", upTo: "2026-04-01") == [
        "released 60 chat", "granted 60 contract-1", "allocated 30 chat",
      ])
  }

  // MARK: Thirty days

  @Test(
    "T-5: a suspended resource ends with the first instant of the thirtieth local day, whatever clocks do meanwhile",
    arguments: [
      ("Europe/Amsterdam", "2026-02-15", "2026-03-15", "2026-04-13T22:00:00.000Z"),
      ("Europe/Amsterdam", "2026-09-15", "2026-10-15", "2026-11-13T23:00:00.000Z"),
      ("America/New_York", "2026-01-20", "2026-02-20", "2026-03-22T04:00:00.000Z"),
      // On that day clocks in Beirut jump over midnight: it begins at one.
      ("Asia/Beirut", "2026-01-27", "2026-02-27", "2026-03-28T22:00:00.000Z"),
      ("UTC", "2026-01-31", "2026-02-28", "2026-03-30T00:00:00.000Z"),
    ])
  func thirtyDays(zone: String, activated: String, suspended: String, end: String) throws {
    var story = DayStory(zone: zone)
    story.contract(20, "2026-01-01", activated + " 02:00")
    story.add("chat", .units(20), at: activated + " 01:00")
    #expect(story.state("chat", story.before(suspended))?.status == .active)
    let state = try #require(story.state("chat", suspended))
    #expect(state.status == .suspended)
    #expect(state.statusChangesAt?.utcText == end)
    let ends = try #require(state.statusChangesAt)
    #expect(story.state("chat", ends.adding(milliseconds: -1))?.status == .suspended)
    let ended = try #require(story.state("chat", ends))
    #expect(ended.status == .deprovisioned)
    #expect(ended.endedAt == ends)
    let last = story.timeline.movements(after: .distantPast, upTo: .distantFuture).last
    #expect(last?.kind == .released, "its tokens returned when it was suspended")
    #expect(last?.effectiveAt == story.at(suspended))
  }

  @Test("T-5: tokens that return on the last day are too late, a millisecond before are not")
  func tooLate() {
    for (start, status): (String, ResourceStatus) in [("2026-04-14", .deprovisioned), ("2026-04-13 22:59", .active)] {
      var story = DayStory()
      story.contract(20, "2026-01-01", "2026-03-01")
      story.add("chat", .units(20), at: "2026-02-15")
      story.contract(20, start, "2028-01-01")
      #expect(story.state("chat", "2026-04-14")?.status == status)
      #expect(story.available("2026-04-14") == (status == .active ? 0 : 20))
    }
  }

  // MARK: Knowledge bases

  /// From 1 March on there are tokens for `old` alone; from 8 March on for `manuals` as well, where somebody buys them.
  private func base(bought: Bool) -> DayStory {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(12, "2026-01-01", "2028-01-01")
    story.add("old", .units(10), at: "2026-02-01")
    story.add("vectors", .units(5), .embeddings, at: "2026-02-05")
    story.add("manuals", DayStory.standard, .knowledgeBase, at: "2026-02-10", using: "vectors")
    if bought { story.contract(48, "2026-03-08", "2028-01-01") }
    return story
  }

  @Test("T-5: a suspended embeddings resource is kept beyond its thirty days for its knowledge base, and ends with it")
  func kept() throws {
    var story = base(bought: true)
    #expect(marks(story, ["old", "vectors", "manuals"], "2026-03-01") == ["vectors", "manuals"])
    #expect(statuses(story, ["vectors", "manuals"], "2026-03-05") == [.suspended, .active])
    #expect(statuses(story, ["vectors", "manuals"], "2026-04-04") == [.suspended, .active], "thirty days are over")
    #expect(story.state("vectors", "2026-09-01")?.tokens == 0)
    var rescued = story
    rescued.contract(3, "2026-09-02", "2028-01-01")
    #expect(rescued.state("vectors", "2026-09-02")?.status == .active, "the vectors are of use again")
    story.record(try story.deprovision("manuals", at: "2026-08-15").deprovisionings)
    #expect(story.state("vectors", story.before("2026-09-10"))?.status == .suspended)
    #expect(statuses(story, ["vectors", "manuals"], "2026-09-10") == [.deprovisioned, .deprovisioned])
    #expect(
      story.effects(after: "2026-08-15", upTo: "2027-01-01") == [
        "2026-09-10 deprovisioned manuals", "2026-09-10 deprovisioned vectors",
      ])
    #expect(story.movements(after: "2026-08-15", upTo: "2027-01-01") == ["released 48 manuals"])
  }

  @Test("T-5: with both suspended, the embeddings resource ends with the knowledge base, not before")
  func bothSuspended() throws {
    let story = base(bought: false)
    #expect(statuses(story, ["vectors", "manuals"], "2026-03-10") == [.suspended, .suspended])
    #expect(story.state("vectors", "2026-03-10")?.statusChangesAt == nil, "it waits for the knowledge base")
    #expect(story.state("manuals", "2026-03-10")?.statusChangesAt == story.at("2026-04-09"))
    #expect(story.state("vectors", "2026-04-04")?.status == .suspended, "its own thirty days are over")
    #expect(story.state("manuals", "2026-04-08 23:59")?.status == .suspended)
    #expect(statuses(story, ["vectors", "manuals"], "2026-04-09") == [.deprovisioned, .deprovisioned])
  }

  @Test("T-5: a knowledge base that ends sooner leaves its embeddings resource the rest of its thirty days")
  func restOfThirtyDays() throws {
    var story = base(bought: false)
    story.record(try story.deprovision("manuals", at: "2026-03-06").deprovisionings)
    #expect(statuses(story, ["vectors", "manuals"], "2026-03-10") == [.suspended, .deprovisioned])
    #expect(story.state("vectors", story.before("2026-04-04"))?.status == .suspended)
    #expect(story.state("vectors", "2026-04-04")?.status == .deprovisioned)
  }
}
