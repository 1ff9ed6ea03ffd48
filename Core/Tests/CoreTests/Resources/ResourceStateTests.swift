import Core
import Testing

@Suite("The state of a resource")
struct ResourceStateTests {
  /// `chat`, a Medium of 12 February, covered until `end`.
  private func story(until end: String = "2028-01-01") -> DayStory {
    var story = DayStory()
    story.contract(500, "2026-01-01", end)
    story.add("chat", DayStory.medium, at: "2026-02-12 10:00")
    return story
  }

  // MARK: Status

  @Test("R-1: deprovisioned comes before suspended, suspended before a scheduled end, that before a scheduled change")
  func precedence() throws {
    var story = story(until: "2026-03-01")
    func check(_ time: String, _ status: ResourceStatus, _ date: String?) throws {
      let state = try #require(story.state("chat", time))
      #expect(state.status == status, "\(time)")
      #expect(state.statusChangesAt == date.map { story.at($0) }, "\(time)")
    }
    story.record(try story.adjust("chat", to: DayStory.small, at: "2026-02-20"))
    story.record(try story.deprovision("chat", at: "2026-02-21").deprovisionings)
    story.record(try story.cancelDeprovisioning(of: "chat", at: "2026-02-22"))
    try check("2026-02-12 10:00", .active, nil)
    try check("2026-02-20", .planDowngradeScheduled, "2026-03-12")
    try check("2026-02-21", .deprovisioningScheduled, "2026-03-12")
    try check("2026-02-22", .planDowngradeScheduled, "2026-03-12")
    try check("2026-03-01", .planDowngradeScheduled, "2026-03-12")  // Marked, which is no status.
    try check("2026-03-12", .suspended, "2026-04-11")
    try check("2026-04-11", .deprovisioned, nil)
  }

  @Test("R-1: a suspended resource that is scheduled to end says the earlier of the two dates")
  func suspendedAndScheduled() throws {
    for (activated, suspended, end): (String, String, String) in [
      ("2026-02-12", "2026-03-12", "2026-04-11"),  // Thirty days are less than the month to 12 April.
      ("2025-12-31", "2026-01-31", "2026-02-28"),  // February is less than thirty days.
    ] {
      var story = DayStory()
      story.contract(50, "2025-12-01", activated + " 12:00")
      story.add("chat", .units(50), at: activated)
      story.record(try story.deprovision("chat", at: suspended + " 09:00").deprovisionings)
      #expect(story.state("chat", suspended + " 09:00")?.status == .suspended)
      #expect(story.state("chat", suspended + " 09:00")?.statusChangesAt == story.at(end))
      #expect(story.state("chat", story.before(end))?.status == .suspended)
      #expect(story.state("chat", end)?.status == .deprovisioned)
    }
  }

  @Test("R-1: a scheduled change to fewer Cloud Tokens is a decrease, to a smaller plan a downgrade, else no status")
  func changes() throws {
    var story = story()
    story.add("units", .units(50), at: "2026-02-12")
    for (name, capacity, status): (String, Capacity, ResourceStatus) in [
      ("chat", DayStory.small, .planDowngradeScheduled), ("chat", .units(59), .capacityDecreaseScheduled),
      ("chat", .units(60), .active), ("units", .units(49), .capacityDecreaseScheduled),
    ] {
      var after = story
      after.record(try story.adjust(name, to: capacity, at: "2026-02-20", fits: false))
      let state = try #require(after.state(name, "2026-02-20"))
      #expect(state.status == status, "\(name) \(capacity)")
      #expect(state.statusChangesAt == (status == .active ? nil : after.at("2026-03-12")))
      #expect(state.scheduledChange?.capacity == capacity)
    }
  }

  @Test("R-1: the date of a suspended resource is when it ends; an embeddings resource that is kept has none yet")
  func keptHasNoDate() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(48, "2026-03-08", "2028-01-01")
    story.add("vectors", .units(5), .embeddings, at: "2026-02-05")
    story.add("manuals", DayStory.standard, .knowledgeBase, at: "2026-02-10", using: "vectors")
    for time in ["2026-03-05", "2026-04-04", "2026-12-24"] {
      let state = try #require(story.state("vectors", time))
      #expect(state.status == .suspended, "\(time)")
      #expect(state.statusChangesAt == nil, "\(time)")
    }
    story.record(try story.deprovision("manuals", at: "2026-12-24").deprovisionings)
    #expect(story.state("vectors", "2026-12-24")?.statusChangesAt == nil, "its own end is not scheduled")
    #expect(story.state("vectors", "2027-01-09 23:59")?.status == .suspended)
    #expect(story.state("vectors", "2027-01-10")?.status == .deprovisioned)
  }

  @Test("R-1: where a contract is known to bring tokens back, the date is still that of the thirty days")
  func dateBeforeResumption() throws {
    var story = DayStory()
    story.contract(60, "2026-01-01", "2026-03-01")
    story.contract(60, "2026-03-20", "2028-01-01")
    story.add("chat", DayStory.medium, at: "2026-02-12")
    #expect(story.state("chat", "2026-03-12")?.statusChangesAt == story.at("2026-04-11"))
    #expect(story.state("chat", "2026-03-20")?.status == .active)
  }

  // MARK: Revision

  @Test("A form is out of date after each fact and each effect of its resource")
  func revision() throws {
    var story = story(until: "2026-06-01")
    var expected = ["2026-02-12 10:00"]
    func check() throws {
      for (index, time) in expected.enumerated() {
        #expect(story.state("chat", time)?.revision == story.at(time), "\(time)")
        guard index > 0 else { continue }
        #expect(story.state("chat", story.before(time))?.revision == story.at(expected[index - 1]), "before \(time)")
      }
    }
    func next(_ time: String, _ change: (inout DayStory) throws -> Void) throws {
      try change(&story)
      expected.append(time)
      try check()
    }
    try check()
    try next("2026-02-20") { $0.record(try $0.adjust("chat", to: DayStory.small, at: "2026-02-20")) }
    expected.append("2026-03-12")  // The scheduled change takes effect.
    try check()
    expected.removeLast()
    try next("2026-02-21") { $0.record(try $0.cancelChange(of: "chat", at: "2026-02-21")) }
    try next("2026-02-22") { $0.record(try $0.deprovision("chat", at: "2026-02-22").deprovisionings) }
    try next("2026-02-23") { $0.record(try $0.cancelDeprovisioning(of: "chat", at: "2026-02-23")) }
    try next("2026-02-24") { $0.record(try $0.adjust("chat", to: DayStory.large, at: "2026-02-24")) }
    try next("2026-02-25") {
      let state = try #require($0.state("chat", "2026-02-25"))
      $0.record(try ResourceEdit(name: "Talk").applied(to: state, at: $0.at("2026-02-25")))
    }
    expected.append("2026-06-12")  // Suspended at its month's end, because the contract is over.
    try check()
    expected.append("2026-07-12")  // Deprovisioned after thirty days.
    try check()
  }

  @Test("A form stays good over a refill, a cancelled date, and what happens to others")
  func sameRevision() throws {
    var story = story()
    story.record(try story.adjust("chat", to: DayStory.small, at: "2026-02-20"))
    story.record(try story.cancelChange(of: "chat", at: "2026-02-21"))
    story.add("other", .units(5), at: "2026-03-01")
    story.record(try story.deprovision("other", at: "2026-03-02").deprovisionings)
    for time in ["2026-02-21", "2026-03-01", "2026-03-12", "2026-04-01", "2026-08-12"] {
      #expect(story.state("chat", time)?.revision == story.at("2026-02-21"), "\(time)")
    }
  }
}
