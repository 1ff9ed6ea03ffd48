import Core

/// The local days of a zone and the bundle months in it, found by walking through ten years a quarter of an hour at a
/// time. Rules B-1 and P-2 as they are worded, without anything of the rule under test.
struct LifeCalendar: Sendable {
  let zone: CompanyZone
  let calendar: ReferenceCalendar
  /// The number of the first day that is known.
  private let firstNumber: Int
  /// Milliseconds of the first instant of each day from `firstNumber` on.
  private(set) var beginnings: [Int64] = []
  /// The number of the first day of each month from January of the first year on.
  private var firstOfMonth: [Int] = []

  /// All of ``LifeZones``, by name; walked through once.
  static let all: [String: LifeCalendar] = {
    let calendar = ReferenceCalendar(
      through: .init(year: LifeZones.years.upperBound + 1, month: 1, day: 31))
    var all: [String: LifeCalendar] = [:]
    for name in LifeZones.names {
      all[name] = LifeCalendar(LifeZones.named(name, calendar), calendar)
    }
    return all
  }()

  private init?(_ law: ReferenceZone, _ calendar: ReferenceCalendar) {
    guard let zone = CompanyZone(law.name) else { return nil }
    self.zone = zone
    self.calendar = calendar
    firstNumber = calendar.number(.init(year: LifeZones.years.lowerBound, month: 1, day: 1))
    for year in LifeZones.years {
      for month in 1...12 {
        firstOfMonth.append(calendar.number(.init(year: year, month: month, day: 1)))
      }
    }
    walk(
      law,
      until: calendar.number(.init(year: LifeZones.years.upperBound, month: 12, day: 28)) * 1_440)
  }

  /// Every offset is a multiple of a quarter of an hour, so no day begins between two steps; no zone here skips a day.
  private mutating func walk(_ law: ReferenceZone, until end: Int) {
    var minute = (firstNumber - 3) * 1_440
    var next = 0
    var offset = law.firstOffset
    var latest = firstNumber - 1
    while minute < end {
      while next < law.changes.count, law.changes[next].at <= minute {
        offset = law.changes[next].offset
        next += 1
      }
      if (minute + offset) / 1_440 > latest {
        latest += 1
        beginnings.append(Int64(minute) * 60_000)
      }
      minute += 15
    }
  }

  /// The position of the day whose date clocks show at `instant`.
  func day(of instant: Int64) -> Int {
    var day = Int((instant - beginnings[0]) / 86_400_000)
    while beginnings[day] > instant { day -= 1 }
    while beginnings[day + 1] <= instant { day += 1 }
    return day
  }

  func date(of instant: Int64) -> ReferenceCalendar.Day {
    calendar.days[firstNumber + day(of: instant)]
  }

  /// The first instant of the date, which is one of the known years.
  func beginning(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    beginnings[
      firstOfMonth[(year - LifeZones.years.lowerBound) * 12 + month - 1] + day - 1 - firstNumber]
  }

  /// The activation, then the first instant of each bundle month after it, for as long as days are known.
  ///
  /// - Parameter slides: counts from the month before instead of from the anchor, which is wrong.
  func monthStarts(activatedAt: Int64, slides: Bool = false) -> [Int64] {
    let anchor = date(of: activatedAt)
    var starts = [activatedAt]
    var (year, month, day) = (anchor.year, anchor.month, anchor.day)
    while true {
      month += 1
      if month == 13 { (year, month) = (year + 1, 1) }
      if year == LifeZones.years.upperBound, month == 12 { return starts }
      if !slides { day = anchor.day }
      while day > ReferenceCalendar.length(year, month) { day -= 1 }
      starts.append(beginning(year, month, day))
    }
  }
}
