/// The zones of the histories from 2023 to 2032 as their laws are, written down by hand: no time zone data of the machine
/// takes part.
enum LifeZones {
  static let years = 2023...2032

  /// Summer time in both hemispheres, by an hour and by half an hour, at night and at midnight, in summer only and but
  /// for Ramadan; and zones without any.
  static let names = [
    "UTC", "Europe/Amsterdam", "America/New_York", "America/Santiago", "America/Havana",
    "Australia/Lord_Howe",
    "Africa/Casablanca", "Asia/Kolkata", "Pacific/Apia",
  ]

  static func named(_ name: String, _ calendar: ReferenceCalendar) -> ReferenceZone {
    switch name {
    case "Europe/Amsterdam":
      // Last Sunday of March to last Sunday of October, at 01:00 UTC.
      yearly(
        name, calendar, winter: 60, summer: 120, begins: (-1, 3, 60, 0), ends: (-1, 10, 60, 0))
    case "America/New_York":
      // Second Sunday of March to first Sunday of November, at 02:00.
      yearly(
        name, calendar, winter: -300, summer: -240, begins: (2, 3, 120, -300),
        ends: (1, 11, 120, -240))
    case "America/Havana":
      // The same Sundays; the first at midnight, which is skipped, the second at 01:00, so that midnight comes twice.
      yearly(
        name, calendar, winter: -300, summer: -240, begins: (2, 3, 0, -300), ends: (1, 11, 60, -240)
      )
    case "Australia/Lord_Howe":
      // First Sunday of October to first Sunday of April, at 02:00, by half an hour.
      yearly(
        name, calendar, winter: 630, summer: 660, begins: (1, 10, 120, 630), ends: (1, 4, 120, 660))
    case "America/Santiago": santiago(calendar)
    case "Africa/Casablanca": casablanca(calendar)
    case "Asia/Kolkata": ReferenceZone(name: name, firstOffset: 330, changes: [])
    case "Pacific/Apia": ReferenceZone(name: name, firstOffset: 780, changes: [])
    default: ReferenceZone(name: name, firstOffset: 0, changes: [])
    }
  }

  /// Which Sunday of which month, and the minute of that day on clocks with an offset.
  private typealias Turn = (sunday: Int, month: Int, minute: Int, offset: Int)

  private static func yearly(
    _ name: String, _ calendar: ReferenceCalendar, winter: Int, summer: Int, begins: Turn,
    ends: Turn
  ) -> ReferenceZone {
    func minute(_ turn: Turn, _ year: Int) -> Int {
      at(calendar.sunday(turn.sunday, year, turn.month), turn.minute, offset: turn.offset, calendar)
    }
    let changes = years.flatMap { year in
      [(at: minute(begins, year), offset: summer), (at: minute(ends, year), offset: winter)]
    }
    let isSouthern = begins.month > ends.month
    return ReferenceZone(
      name: name, firstOffset: isSouthern ? summer : winter,
      changes: changes.sorted { $0.at < $1.at })
  }

  /// The first Sunday from 2 September on, whose midnight is skipped, to the first from 2 April on, when the hour before
  /// midnight comes twice.
  private static func santiago(_ calendar: ReferenceCalendar) -> ReferenceZone {
    func turn(_ month: Int, _ year: Int) -> ReferenceCalendar.Day {
      let first = calendar.sunday(1, year, month)
      return first.day >= 2 ? first : calendar.sunday(2, year, month)
    }
    let changes = years.flatMap { year in
      [
        (at: at(turn(4, year), 0, offset: -180, calendar), offset: -240),
        (at: at(turn(9, year), 0, offset: -240, calendar), offset: -180),
      ]
    }
    return ReferenceZone(name: "America/Santiago", firstOffset: -180, changes: changes)
  }

  /// An hour back for Ramadan, from 03:00 until 02:00, on the Sundays that are decreed.
  private static func casablanca(_ calendar: ReferenceCalendar) -> ReferenceZone {
    let decreed = [
      (2023, 3, 19), (2023, 4, 23), (2024, 3, 10), (2024, 4, 14), (2025, 2, 23), (2025, 4, 6),
      (2026, 2, 15),
      (2026, 3, 22), (2027, 2, 7), (2027, 3, 14), (2028, 1, 23), (2028, 3, 5), (2029, 1, 14),
      (2029, 2, 18),
      (2029, 12, 30), (2030, 2, 10), (2030, 12, 22), (2031, 1, 26), (2031, 12, 14), (2032, 1, 18),
      (2032, 11, 28),
    ]
    let changes = decreed.enumerated().map { index, day in
      (
        at: at(.init(year: day.0, month: day.1, day: day.2), 120, offset: 0, calendar),
        offset: index % 2 == 0 ? 0 : 60
      )
    }
    return ReferenceZone(name: "Africa/Casablanca", firstOffset: 60, changes: changes)
  }

  /// The minute at which clocks that are `offset` ahead show `minute` of `day`.
  private static func at(
    _ day: ReferenceCalendar.Day, _ minute: Int, offset: Int, _ calendar: ReferenceCalendar
  ) -> Int {
    calendar.number(day) * 1_440 + minute - offset
  }
}
