import Core

/// Makes up three years of a company. It keeps the company in the naive model while it goes, asks the model what is
/// allowed, and records only that. Each change is recorded at an instant of its own at which nothing took effect before
/// it (record 0015).
struct LifeGenerator {
  static let mostResources = 8
  static let mostContracts = 6

  let seed: UInt64
  let zoneName: String
  let calendar: LifeCalendar
  let start: Int64
  let end: Int64
  var random: SplitMix
  var facts: CompanyFacts
  /// As it is before what is being recorded.
  var company: NaiveCompany
  var counts = LifeCounts()
  private var recorded: [Int64] = []

  static let day: Int64 = 86_400_000

  static func history(seed: UInt64) -> LifeHistory? {
    guard var generator = LifeGenerator(seed: seed) else { return nil }
    generator.liveOn()
    return generator.history()
  }

  private init?(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let name = LifeZones.names[Int(random.next() % UInt64(LifeZones.names.count))]
    guard let calendar = LifeCalendar.all[name] else { return nil }
    // Within three years of each start there is a leap day.
    let (year, month) =
      random.next() % 2 == 0
      ? (2023, Int.random(in: 3...12, using: &random))
      : (2026, Int.random(in: 1...12, using: &random))
    let start = calendar.beginning(year, month, Int.random(in: 1...28, using: &random))
    self.seed = seed
    self.zoneName = name
    self.calendar = calendar
    self.start = start + Int64.random(in: 0..<Self.day, using: &random)
    self.end = calendar.beginning(year + 3, month, 28)
    self.random = random
    let company = Company(
      id: CompanyID("company"), name: "Company", timeZone: name,
      createdAt: Instant(milliseconds: start - Self.day))
    facts = CompanyFacts(company: company, zone: calendar.zone)
    self.company = NaiveCompany(calendar, at: start - Self.day)
  }

  private mutating func liveOn() {
    var instant = start
    while instant < end, recorded.count < 60 {
      company.goOn(through: instant - 1)
      var desk = company
      desk.goOn(through: instant)
      // What took effect at this instant comes before what is recorded.
      while desk.effects.last == instant {
        instant += 1
        company = desk
        desk.goOn(through: instant)
      }
      if record(at: instant, desk) { recorded.append(instant) }
      company.goOn(through: instant)
      instant = nextRecording(after: instant)
    }
  }

  private func history() -> LifeHistory {
    var rest = company
    rest.goOnToTheEnd()
    var counts = counts
    counts += rest.counts
    for card in rest.cards {
      for leapDay in [calendar.beginning(2024, 2, 29), calendar.beginning(2028, 2, 29)]
      where card.isMonthEnd(leapDay) && leapDay < card.endedAt ?? end {
        counts.count(.leapDayRefill)
      }
    }
    return LifeHistory(
      seed: seed, zoneName: zoneName, facts: facts, recorded: recorded, effects: rest.effects,
      start: start, end: end,
      counts: counts)
  }

  /// Any time within the next weeks, with a liking for the hours at which something else may happen.
  private mutating func nextRecording(after now: Int64) -> Int64 {
    let isWaiting = company.cards.contains {
      $0.waitingChange(at: now) != nil || $0.waitingEnd(at: now) != nil
    }
    let mostDays: Int64 = chance(15) ? 1 : isWaiting && chance(40) ? 12 : 45
    let later = now + Int64.random(in: 1...(mostDays * Self.day), using: &random)
    let instant: Int64
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<25: instant = calendar.beginnings[calendar.day(of: later)]
    case 25..<45: instant = monthEnd(after: later) ?? later
    case 45..<55: instant = (monthEnd(after: later) ?? later) - 1
    case 55..<70: instant = lateInMonth(later)
    default: instant = later
    }
    return max(instant, now + 1)
  }

  /// At some time on the 29th, 30th or 31st of the month, or on the last day of a shorter one.
  private mutating func lateInMonth(_ instant: Int64) -> Int64 {
    let date = calendar.date(of: instant)
    let day = min(
      Int.random(in: 29...31, using: &random), ReferenceCalendar.length(date.year, date.month))
    return calendar.beginning(date.year, date.month, day)
      + Int64.random(in: 0..<(20 * 3_600_000), using: &random)
  }

  /// The next month's end of some resource.
  mutating func monthEnd(after instant: Int64) -> Int64? {
    let living = company.cards.filter { $0.endedAt == nil && $0.provisionedAt <= instant }
    guard let card = living.randomElement(using: &random) else { return nil }
    return card.monthStarts[card.month(of: instant) + 1]
  }

  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

  /// Decides on something that may be decided now, and records it. False where there was nothing.
  private mutating func record(at now: Int64, _ desk: NaiveCompany) -> Bool {
    if facts.contracts.isEmpty {
      recordContract(at: now, desk)
      return true
    }
    if facts.resources.count < 3, chance(70) { return provision(at: now, desk) }
    if chance(20), cancelDeprovisioning(at: now, desk) { return true }
    if chance(10), cancelChange(at: now, desk) { return true }
    let isShort =
      desk.available < 0 || desk.cards.contains { $0.suspendedSince != nil && $0.endedAt == nil }
    let isKept = desk.cards.contains { $0.endedAt == nil && $0.keptUntil ?? now < now }
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<(isKept ? 60 : isShort ? 30 : 10):
      guard facts.contracts.count < Self.mostContracts else { return changeCapacity(at: now, desk) }
      recordContract(at: now, desk)
      return true
    case 0..<50: return provision(at: now, desk) || changeCapacity(at: now, desk)
    case 50..<80: return changeCapacity(at: now, desk)
    default: return deprovision(at: now, desk)
    }
  }
}
