/// A time zone from 2010 to 2019 as its law was, written down by hand: no time zone data of the machine takes part.
struct ReferenceZone: Sendable {
  let name: String
  /// Minutes ahead of UTC at the beginning of 2010.
  let firstOffset: Int
  /// Minutes since 1970 at which the offset changes, and to what. In order.
  let changes: [(at: Int, offset: Int)]

  func offset(atMinute minute: Int) -> Int {
    changes.last { $0.at <= minute }?.offset ?? firstOffset
  }

  static let years = 2010...2019
  static let names = [
    "UTC", "Europe/Amsterdam", "Asia/Kathmandu", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia",
    "Australia/Lord_Howe", "America/St_Johns",
  ]

  static func named(_ name: String, _ calendar: ReferenceCalendar) -> ReferenceZone {
    switch name {
    case "Europe/Amsterdam": amsterdam(calendar)
    case "Asia/Kathmandu": ReferenceZone(name: name, firstOffset: 345, changes: [])
    case "America/Sao_Paulo": saoPaulo(calendar)
    case "Asia/Beirut": beirut(calendar)
    case "Pacific/Apia": apia(calendar)
    case "Australia/Lord_Howe": lordHowe(calendar)
    case "America/St_Johns": stJohns(calendar)
    default: ReferenceZone(name: name, firstOffset: 0, changes: [])
    }
  }

  /// The minute at which clocks that are `offset` ahead show `minute` of `day`.
  private static func at(
    _ day: ReferenceCalendar.Day, _ minute: Int, offset: Int, _ calendar: ReferenceCalendar
  ) -> Int {
    calendar.number(day) * 1_440 + minute - offset
  }

  /// Last Sunday of March to last Sunday of October, at 01:00 UTC.
  private static func amsterdam(_ calendar: ReferenceCalendar) -> ReferenceZone {
    let changes = years.flatMap { year in
      [
        (at: at(calendar.sunday(-1, year, 3), 60, offset: 0, calendar), offset: 120),
        (at: at(calendar.sunday(-1, year, 10), 60, offset: 0, calendar), offset: 60),
      ]
    }
    return ReferenceZone(name: "Europe/Amsterdam", firstOffset: 60, changes: changes)
  }

  /// Third Sunday of February (the fourth, where that would be carnival) to third Sunday of October (first of November in
  /// 2018), at midnight: the day begins at 01:00, or 23:00 comes twice. None after February 2019.
  private static func saoPaulo(_ calendar: ReferenceCalendar) -> ReferenceZone {
    var changes: [(at: Int, offset: Int)] = []
    for year in years {
      let carnival = [2012, 2015].contains(year)
      changes.append((at(calendar.sunday(carnival ? 4 : 3, year, 2), 0, offset: -120, calendar), -180))
      let start = year == 2018 ? calendar.sunday(1, year, 11) : calendar.sunday(3, year, 10)
      if year < 2019 { changes.append((at(start, 0, offset: -180, calendar), -120)) }
    }
    return ReferenceZone(name: "America/Sao_Paulo", firstOffset: -120, changes: changes)
  }

  /// Last Sunday of March to last Sunday of October, at midnight.
  private static func beirut(_ calendar: ReferenceCalendar) -> ReferenceZone {
    let changes = years.flatMap { year in
      [
        (at: at(calendar.sunday(-1, year, 3), 0, offset: 120, calendar), offset: 180),
        (at: at(calendar.sunday(-1, year, 10), 0, offset: 180, calendar), offset: 120),
      ]
    }
    return ReferenceZone(name: "Asia/Beirut", firstOffset: 120, changes: changes)
  }

  /// Summer time from September 2010, last Sunday of September (03:00) to first Sunday of April (04:00); the day after 29
  /// December 2011 was the 31st.
  private static func apia(_ calendar: ReferenceCalendar) -> ReferenceZone {
    var changes = [
      (at: at(.init(year: 2010, month: 9, day: 26), 0, offset: -660, calendar), offset: -600),
      (at: at(.init(year: 2011, month: 4, day: 2), 240, offset: -600, calendar), offset: -660),
      (at: at(.init(year: 2011, month: 9, day: 24), 180, offset: -660, calendar), offset: -600),
      (at: at(.init(year: 2011, month: 12, day: 30), 0, offset: -600, calendar), offset: 840),
    ]
    for year in 2012...2019 {
      changes.append((at(calendar.sunday(1, year, 4), 240, offset: 840, calendar), 780))
      changes.append((at(calendar.sunday(-1, year, 9), 180, offset: 780, calendar), 840))
    }
    return ReferenceZone(name: "Pacific/Apia", firstOffset: -660, changes: changes)
  }

  /// First Sunday of October to first Sunday of April, at 02:00, by half an hour.
  private static func lordHowe(_ calendar: ReferenceCalendar) -> ReferenceZone {
    let changes = years.flatMap { year in
      [
        (at: at(calendar.sunday(1, year, 4), 120, offset: 660, calendar), offset: 630),
        (at: at(calendar.sunday(1, year, 10), 120, offset: 630, calendar), offset: 660),
      ]
    }
    return ReferenceZone(name: "Australia/Lord_Howe", firstOffset: 660, changes: changes)
  }

  /// Second Sunday of March to first Sunday of November; until the spring of 2011 at one minute past midnight, so that a
  /// new day lasted a minute before the old one came back.
  private static func stJohns(_ calendar: ReferenceCalendar) -> ReferenceZone {
    let changes = years.flatMap { year in
      [
        (at: at(calendar.sunday(2, year, 3), year <= 2011 ? 1 : 120, offset: -210, calendar), offset: -150),
        (at: at(calendar.sunday(1, year, 11), year <= 2010 ? 1 : 120, offset: -150, calendar), offset: -210),
      ]
    }
    return ReferenceZone(name: "America/St_Johns", firstOffset: -210, changes: changes)
  }
}
