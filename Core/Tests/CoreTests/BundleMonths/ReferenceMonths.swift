import Core

/// Bundle months as rule B-1 words them, found by walking through time.
struct ReferenceMonths {
  let zone: ReferenceZone
  let calendar: ReferenceCalendar
  /// Milliseconds of the first instant of each day, by its number; a day that the zone skipped has none.
  private var beginnings: [Int: Int64] = [:]

  init(zoneNamed name: String) {
    calendar = ReferenceCalendar(through: .init(year: 2020, month: 1, day: 31))
    zone = ReferenceZone.named(name, calendar)
    walk()
  }

  /// Every offset is a multiple of a quarter of an hour, so no day begins between two steps.
  private mutating func walk() {
    var minute = calendar.number(.init(year: 2010, month: 1, day: 1)) * 1_440 - 2 * 1_440
    let end = calendar.number(.init(year: 2019, month: 12, day: 1)) * 1_440
    var next = 0
    var offset = zone.firstOffset
    while minute < end {
      while next < zone.changes.count, zone.changes[next].at <= minute {
        offset = zone.changes[next].offset
        next += 1
      }
      let day = (minute + offset) / 1_440
      if beginnings[day] == nil { beginnings[day] = Int64(minute) * 60_000 }
      minute += 15
    }
  }

  /// The day's first instant; that of the next day that exists where the zone skipped it.
  func beginning(of number: Int) -> Instant? {
    (number...(number + 2)).lazy.compactMap { beginnings[$0] }.first.map { Instant(milliseconds: $0) }
  }

  /// The starts of months 0 to `count` for an activation on `anchor`.
  func starts(activatedAt: Instant, anchor: ReferenceCalendar.Day, count: Int) -> [Instant] {
    var starts = [activatedAt]
    var year = anchor.year
    var month = anchor.month
    for _ in 0..<count {
      month += 1
      if month == 13 { (year, month) = (year + 1, 1) }
      var day = anchor.day
      while day > ReferenceCalendar.length(year, month) { day -= 1 }
      guard let start = beginning(of: calendar.number(.init(year: year, month: month, day: day))) else { break }
      starts.append(start)
    }
    return starts
  }
}

/// A rule that claims to know bundle months.
protocol MonthRule {
  init(activatedAt: Instant, zone: CompanyZone)
  func month(_ index: Int) -> BundleMonth
  func month(containing instant: Instant) -> BundleMonth
}

extension BundleMonths: MonthRule {}

extension ReferenceMonths {
  /// Holds `Rule` against every anchor day from 2010 to 2017, each with an activation at a random time of the day, over
  /// the 13 months that follow. Gives the differences, at most ten.
  func differences<Rule: MonthRule>(from _: Rule.Type, seed: UInt64) throws -> [String] {
    guard let zone = CompanyZone(zone.name) else { return ["There is no zone \(zone.name)."] }
    var random = SplitMix(seed: seed)
    var found: [String] = []
    var anchors = 0
    for anchor in calendar.days where 2010...2017 ~= anchor.year && found.count < 10 {
      let number = calendar.number(anchor)
      guard let first = beginnings[number], let next = beginning(of: number + 1) else { continue }
      let activatedAt = Instant(milliseconds: Int64.random(in: first..<next.milliseconds, using: &random))
      // In the hour that comes twice the date may be that of the day before.
      guard shows(anchor, at: activatedAt) else { continue }
      anchors += 1
      let rule = Rule(activatedAt: activatedAt, zone: zone)
      let starts = starts(activatedAt: activatedAt, anchor: anchor, count: 14)
      found += compare(rule, starts, &random).map { "\(zone), activated \(activatedAt.utcText): \($0)" }
    }
    if found.isEmpty, anchors < 2_900 { found.append("Only \(anchors) anchor days were tried.") }
    return found
  }

  private func shows(_ day: ReferenceCalendar.Day, at instant: Instant) -> Bool {
    let minute = Int(instant.milliseconds / 60_000)
    return (minute + zone.offset(atMinute: minute)) / 1_440 == calendar.number(day)
  }

  private func compare(_ rule: some MonthRule, _ starts: [Instant], _ random: inout SplitMix) -> [String] {
    var found: [String] = []
    for index in 0..<(starts.count - 1) {
      let (start, end) = (starts[index], starts[index + 1])
      let inside = Int64.random(in: start.milliseconds..<end.milliseconds, using: &random)
      // Half an hour in is where a zone may show the date of the day before once more.
      let probes = [start, start.adding(seconds: 1_800), Instant(milliseconds: inside), end.adding(milliseconds: -1)]
      let expected = BundleMonth(index: index, start: start, end: end)
      if rule.month(index) != expected { found.append("month \(index) is \(rule.month(index)), not \(expected)") }
      for probe in probes where rule.month(containing: probe) != expected {
        found.append("\(probe.utcText) is in \(rule.month(containing: probe)), not in \(expected)")
      }
    }
    return found
  }
}
