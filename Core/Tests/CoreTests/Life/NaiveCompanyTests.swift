import Core
import Testing

/// Stories of the specification, told to the model by hand: it has to be right before anything is held against it.
@Suite("The naive model of a company")
struct NaiveCompanyTests {
  @Test(
    "A-2: a Medium of 12 February that is downgraded on the 20th becomes Small on 12 March, and then returns tokens"
  )
  func downgrade() throws {
    var story = try Story("Europe/Amsterdam", "2026-02-01T09:00", 100)
    try story.provision("m", .text, LifeShelf.textPlans[1], "2026-02-12T10:00")
    try story.change("m", LifeShelf.textPlans[0], "2026-02-20T10:00", "2026-03-12")
    try story.expect("m", "2026-02-20T09:59", "ACTIVE 60")
    try story.expect("m", "2026-02-20T10:00", "PLAN DOWNGRADE SCHEDULED 60 on 2026-03-12")
    try story.expect("m", "2026-03-11T23:59", "PLAN DOWNGRADE SCHEDULED 60 on 2026-03-12")
    try story.expect("m", "2026-03-12", "ACTIVE 30")
    #expect(
      story.ledger == [
        "2026-02-01 granted 100", "2026-02-12 allocated 60", "2026-03-12 released 30",
      ])
  }

  @Test("A-2: a downgrade that is cancelled leaves the Medium a Medium")
  func cancelledDowngrade() throws {
    var story = try Story("Europe/Amsterdam", "2026-02-01T09:00", 100)
    try story.provision("m", .text, LifeShelf.textPlans[1], "2026-02-12T10:00")
    try story.change(
      "m", LifeShelf.textPlans[0], "2026-02-20T10:00", "2026-03-12", cancelled: "2026-03-01T08:00")
    try story.expect("m", "2026-03-01T07:59", "PLAN DOWNGRADE SCHEDULED 60 on 2026-03-12")
    try story.expect("m", "2026-03-01T08:00", "ACTIVE 60")
    try story.expect("m", "2026-04-01", "ACTIVE 60")
    #expect(story.ledger == ["2026-02-01 granted 100", "2026-02-12 allocated 60"])
  }

  @Test(
    "T-5: the newest are marked, suspended at the ends of their own months, and resume oldest first"
  )
  func shortfall() throws {
    var story = try Story("UTC", "2026-01-01", 100, until: "2026-03-05")
    try story.provision("old", .text, LifeShelf.units(40), "2026-01-10T12:00")
    try story.provision("mid", .text, LifeShelf.units(30), "2026-01-20T12:00")
    try story.provision("new", .text, LifeShelf.units(20), "2026-01-31T12:00")
    try story.contract("b", 45, "2026-03-05", "2026-12-01", recorded: "2026-02-01T12:00")
    try story.expect("new", "2026-03-04", "ACTIVE 20")
    try story.expect("new", "2026-03-05", "ACTIVE 20, marked until 2026-03-31")
    try story.expect("mid", "2026-03-05", "ACTIVE 30, marked until 2026-03-20")
    try story.expect("old", "2026-03-05", "ACTIVE 40")
    try story.expect("mid", "2026-03-20", "SUSPENDED 0 on 2026-04-19")
    try story.expect("new", "2026-03-31", "SUSPENDED 0 on 2026-04-30")
    // 20 more: enough for the newer one, not for the older one.
    try story.contract("c", 20, "2026-04-10T09:00", "2026-12-01", recorded: "2026-04-10T09:00")
    try story.expect("mid", "2026-04-10T09:00", "SUSPENDED 0 on 2026-04-19")
    try story.expect("new", "2026-04-10T09:00", "ACTIVE 20")
    try story.expect("mid", "2026-04-19", "DEPROVISIONED 0")
  }

  @Test("T-5: a mark that begins at the month's end waits for the next one")
  func markAtMonthEnd() throws {
    var story = try Story("UTC", "2026-01-01", 100, until: "2026-03-10")
    try story.provision("a", .text, LifeShelf.units(40), "2026-01-10")
    try story.expect("a", "2026-03-10", "ACTIVE 40, marked until 2026-04-10")
    try story.expect("a", "2026-04-10", "SUSPENDED 0 on 2026-05-10")
  }

  @Test("T-5: thirty days are local days, also where one of them has 23 hours")
  func thirtyDays() throws {
    var story = try Story("Europe/Amsterdam", "2026-01-01T09:00", 100, until: "2026-02-20T09:00")
    try story.provision("a", .text, LifeShelf.units(40), "2026-01-12T10:00")
    try story.expect("a", "2026-03-11T22:59", "ACTIVE 40, marked until 2026-03-12")
    try story.expect("a", "2026-03-12", "SUSPENDED 0 on 2026-04-11")
    // Summer time began on 29 March: the last midnight is an hour earlier by UTC.
    #expect(story.ledger.count == 4)
    #expect(story.lastEffect?.utcText == "2026-04-10T22:00:00.000Z")
  }

  @Test("B-1: an anchor on the 31st ends its months on the last day, 29 February in a leap year")
  func leapDay() throws {
    var story = try Story("America/Santiago", "2028-01-01T09:00", 100)
    try story.provision("a", .text, LifeShelf.textPlans[2], "2028-01-31T10:00", ordered: true)
    try story.change("a", LifeShelf.textPlans[1], "2028-02-10T10:00", "2028-02-29")
    try story.change("a", LifeShelf.textPlans[0], "2028-03-10T10:00", "2028-03-31")
    try story.expect(
      "a", "2028-02-28T23:59", "PLAN DOWNGRADE SCHEDULED 120 on 2028-02-29, marked until 2028-02-29"
    )
    try story.expect("a", "2028-02-29", "ACTIVE 60")
    try story.expect("a", "2028-03-31", "ACTIVE 30")
  }

  @Test("A-5: a suspended embeddings resource stays for its knowledge base and ends with it")
  func embeddingsKept() throws {
    var story = try Story("UTC", "2026-01-01", 100, until: "2026-03-05")
    try story.contract("b", 48, "2026-03-05", "2026-12-01", recorded: "2026-01-02T12:00")
    try story.provision("e", .embeddings, LifeShelf.units(10), "2026-01-10T12:00")
    try story.provision("k", .knowledgeBase, LifeShelf.knowledgeBase, "2026-01-09T12:00", uses: "e")
    try story.expect("e", "2026-03-10", "SUSPENDED 0")
    try story.expect("e", "2026-05-20", "SUSPENDED 0")
    try story.end("k", "2026-05-21T10:00", "2026-06-09")
    try story.expect("e", "2026-05-21T10:00", "SUSPENDED 0")
    try story.expect("k", "2026-06-09", "DEPROVISIONED 0")
    try story.expect("e", "2026-06-09", "DEPROVISIONED 0")
  }
}

/// A company whose facts are recorded one after the other, at local times such as `2026-02-20T10:00`.
private struct Story {
  private let calendar: LifeCalendar
  private var company: NaiveCompany

  init(_ zone: String, _ start: String, _ tokens: Int64, until end: String = "2029-01-01") throws {
    calendar = try #require(LifeCalendar.all[zone])
    company = NaiveCompany(calendar, at: calendar.beginning(2026, 1, 1) - 1)
    try contract("a", tokens, start, end, recorded: start)
  }

  mutating func contract(
    _ id: String, _ tokens: Int64, _ start: String, _ end: String, recorded: String
  ) throws {
    company.note(
      Contract(
        id: Identifier(id), companyID: CompanyID("company"), tokens: CloudTokens(tokens),
        startsAt: try at(start),
        endsAt: try at(end), recordedAt: try at(recorded)))
  }

  mutating func provision(
    _ id: String, _ type: ResourceType, _ size: LifeShelf.Size, _ when: String, uses: String? = nil,
    ordered: Bool = false
  ) throws {
    company.note(
      Resource(
        id: ResourceID(id), companyID: CompanyID("company"), name: id, type: type,
        environment: .test,
        region: RegionID("local"), isCrossRegion: false, models: [], defaultModel: nil,
        createdFor: PersonReference(name: "Ann", email: "ann@example.org"),
        provisionedAt: try at(when),
        orderReference: ordered ? "order" : nil, embeddingsResource: uses.map { ResourceID($0) }))
    try change(id, size, when, when)
  }

  mutating func change(
    _ id: String, _ size: LifeShelf.Size, _ when: String, _ effect: String, cancelled: String? = nil
  ) throws {
    company.note(
      CapacityChange(
        resourceID: ResourceID(id), capacity: size.capacity, tokens: CloudTokens(size.tokens),
        allowance: size.allowance, recordedAt: try at(when), effectiveAt: try at(effect),
        cancelledAt: try cancelled.map { try at($0) }))
  }

  mutating func end(_ id: String, _ when: String, _ effect: String) throws {
    company.note(
      Deprovisioning(
        resourceID: ResourceID(id), recordedAt: try at(when), effectiveAt: try at(effect)))
  }

  /// Goes on until `when`, where the resource has to be as `words` say. Dates in them are midnights.
  mutating func expect(
    _ id: String, _ when: String, _ words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    company.goOn(through: try at(when).milliseconds)
    let position = try #require(
      company.position(of: ResourceID(id)), sourceLocation: sourceLocation)
    let view = try #require(company.view(of: position), sourceLocation: sourceLocation)
    var said = "\(view.status.rawValue) \(view.tokens)"
    if let date = view.statusChangesAt { said += " on \(midnight(date))" }
    if let turn = view.turn { said += ", marked until \(midnight(turn))" }
    #expect(said == words, sourceLocation: sourceLocation)
  }

  /// Everything that was going to move, if nothing more is recorded: `2026-03-12 released 30`.
  var ledger: [String] {
    var company = company
    company.goOn(through: calendar.beginning(2028, 12, 1))
    return company.ledger.map {
      "\(calendar.date(of: $0.effectiveAt.milliseconds).text) \($0.kind.rawValue) \($0.tokens.count)"
    }
  }

  var lastEffect: Instant? {
    var company = company
    company.goOnToTheEnd()
    return company.effects.last.map { Instant(milliseconds: $0) }
  }

  private func midnight(_ instant: Int64) -> String {
    let date = calendar.date(of: instant)
    let isMidnight = calendar.beginning(date.year, date.month, date.day) == instant
    return isMidnight ? date.text : "\(date.text), not at midnight"
  }

  private func at(_ text: String) throws -> Instant {
    let parts = text.split { "-T:".contains($0) }.compactMap { Int($0) }
    try #require(parts.count == 3 || parts.count == 5, "\(text)")
    let beginning = calendar.beginning(parts[0], parts[1], parts[2])
    let minutes = parts.count == 5 ? parts[3] * 60 + parts[4] : 0
    return Instant(milliseconds: beginning + Int64(minutes) * 60_000)
  }
}
