import Core
import Testing

@Suite("Bundle months")
struct BundleMonthsTests {
  @Test(
    "B-1, B-2: every anchor day of eight years agrees with walking through time, in every kind of zone",
    arguments: ReferenceZone.names)
  func everyAnchorDay(zone: String) throws {
    let reference = ReferenceMonths(zoneNamed: zone)
    let seed = UInt64.random(in: 0...UInt64(UInt32.max))
    let differences = try reference.differences(from: BundleMonths.self, seed: seed)
    #expect(differences == [], "seed \(seed)")
  }

  @Test("The same check catches a month that includes its end")
  func inclusiveEndIsCaught() throws {
    let reference = ReferenceMonths(zoneNamed: "Europe/Amsterdam")
    #expect(try !reference.differences(from: InclusiveEnd.self, seed: 1).isEmpty)
  }

  @Test("The same check catches a day that is clamped from the month before instead of from the anchor")
  func slidingClampIsCaught() throws {
    let reference = ReferenceMonths(zoneNamed: "UTC")
    #expect(try !reference.differences(from: SlidingClamp.self, seed: 1).isEmpty)
  }

  @Test(
    "The same check catches a midnight that is taken for granted",
    arguments: ["America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "America/St_Johns"])
  func assumedMidnightIsCaught(zone: String) throws {
    #expect(try !ReferenceMonths(zoneNamed: zone).differences(from: AssumedMidnight.self, seed: 1).isEmpty)
  }

  @Test("B-1: an anchor on the 31st starts on the last day of every shorter month, and on the 31st again after it")
  func thirtyFirst() throws {
    let months = try Self.months("2027-01-31", "Europe/Amsterdam")
    #expect(
      (0...5).map { months.firstDay($0).description } == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31", "2027-06-30",
      ])
    #expect(months.firstDay(13).description == "2028-02-29")
  }

  @Test("B-1: month 0 begins with the activation, not with its day")
  func monthZero() throws {
    let months = try Self.months("2026-02-12", "UTC", hour: 15)
    #expect(months.month(0).start == months.activatedAt)
    #expect(months.month(0).end.utcText == "2026-03-12T00:00:00.000Z")
    #expect(months.month(-3) == months.month(0))
  }

  @Test("B-2: instants before the activation count as month 0")
  func beforeActivation() throws {
    let months = try Self.months("2026-02-12", "Asia/Kathmandu")
    #expect(months.month(containing: Instant(milliseconds: 0)) == months.month(0))
    #expect(months.month(containing: Instant(milliseconds: -1_000_000_000_000)) == months.month(0))
    #expect(months.month(containing: months.activatedAt) == months.month(0))
  }

  @Test("B-1: months follow each other without gap for a hundred years")
  func noGaps() throws {
    let months = try Self.months("2026-01-30", "America/St_Johns")
    for index in 0..<1_200 {
      #expect(months.month(index).end == months.month(index + 1).start)
      #expect(months.month(containing: months.month(index).end).index == index + 1)
    }
  }

  @Test("B-1: a month that would start on the day that Apia skipped starts with the next day")
  func skippedDay() throws {
    let months = try Self.months("2011-11-30", "Pacific/Apia")
    #expect(months.month(1).start.utcText == "2011-12-30T10:00:00.000Z")
    #expect(months.days(of: months.month(0)).upperBound.description == "2011-12-29")
    #expect(months.days(of: months.month(1)).lowerBound.description == "2011-12-31")
  }

  @Test("G-5: the days of a month run from its first to the day before the next refill")
  func days() throws {
    let months = try Self.months("2026-02-12", "America/Sao_Paulo", hour: 22)
    let days = months.days(of: months.month(0))
    #expect(days.lowerBound.description == "2026-02-12")
    #expect(days.upperBound.description == "2026-03-11")
  }

  /// Activation at `hour` local time, on days without a change of clocks.
  static func months(_ day: String, _ zone: String, hour: Int64 = 10) throws -> BundleMonths {
    let zone = try #require(CompanyZone(zone))
    let start = zone.firstInstant(of: try #require(LocalDay(iso: day)))
    return BundleMonths(activatedAt: start.adding(seconds: hour * 3_600), zone: zone)
  }
}

/// A copy of the rule in which the end of a month still belongs to it.
private struct InclusiveEnd: MonthRule {
  private let rule: BundleMonths

  init(activatedAt: Instant, zone: CompanyZone) { rule = BundleMonths(activatedAt: activatedAt, zone: zone) }

  func month(_ index: Int) -> BundleMonth { rule.month(index) }

  func month(containing instant: Instant) -> BundleMonth {
    let month = rule.month(containing: instant)
    return instant == month.start && month.index > 0 ? rule.month(month.index - 1) : month
  }
}

/// A copy of the rule in which a short month moves the anchor: 31 January, 28 February, 28 March.
private struct SlidingClamp: MonthRule {
  private let rule: BundleMonths

  init(activatedAt: Instant, zone: CompanyZone) { rule = BundleMonths(activatedAt: activatedAt, zone: zone) }

  func month(_ index: Int) -> BundleMonth {
    let shortest = (0...index).map { rule.firstDay($0).day }.min() ?? 0
    let next = (0...(index + 1)).map { rule.firstDay($0).day }.min() ?? 0
    return BundleMonth(
      index: index, start: index == 0 ? rule.activatedAt : start(index, shortest), end: start(index + 1, next))
  }

  func month(containing instant: Instant) -> BundleMonth { rule.month(containing: instant) }

  private func start(_ index: Int, _ day: Int) -> Instant {
    let first = rule.firstDay(index)
    return rule.zone.firstInstant(of: LocalDay(year: first.year, month: first.month, day: day))
  }
}

/// A copy of the rule that takes every day to have 24 hours and a midnight.
private struct AssumedMidnight: MonthRule {
  private let rule: BundleMonths

  init(activatedAt: Instant, zone: CompanyZone) { rule = BundleMonths(activatedAt: activatedAt, zone: zone) }

  func month(_ index: Int) -> BundleMonth {
    BundleMonth(index: index, start: index == 0 ? rule.activatedAt : start(index), end: start(index + 1))
  }

  func month(containing instant: Instant) -> BundleMonth { rule.month(containing: instant) }

  private func start(_ index: Int) -> Instant {
    let nextDay = rule.zone.firstInstant(of: rule.firstDay(index).adding(days: 1))
    return nextDay.adding(seconds: -86_400)
  }
}
