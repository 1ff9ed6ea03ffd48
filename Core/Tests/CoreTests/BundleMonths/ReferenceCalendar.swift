/// A calendar written from the rules of the calendar alone: it counts days one by one.
struct ReferenceCalendar {
  struct Day: Hashable, Comparable {
    var year: Int
    var month: Int
    var day: Int

    static func < (a: Self, b: Self) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

    var text: String {
      func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
      return "\(year)-\(two(month))-\(two(day))"
    }
  }

  /// Every day from 1 January 1970 on.
  private(set) var days: [Day] = [Day(year: 1970, month: 1, day: 1)]
  private(set) var positions: [Day: Int] = [:]

  init(through last: Day) {
    while let today = days.last, today < last {
      var tomorrow = today
      tomorrow.day += 1
      if tomorrow.day > Self.length(today.year, today.month) {
        tomorrow.day = 1
        tomorrow.month += 1
      }
      if tomorrow.month > 12 {
        tomorrow.month = 1
        tomorrow.year += 1
      }
      days.append(tomorrow)
    }
    for (position, day) in days.enumerated() { positions[day] = position }
  }

  /// Days since 1 January 1970.
  func number(_ day: Day) -> Int { positions[day] ?? -1 }

  /// The Sunday of a month: the first, second, ... or, counted from its end, the last (-1).
  func sunday(_ which: Int, _ year: Int, _ month: Int) -> Day {
    // 1 January 1970 was a Thursday, so the fourth day after is a Monday and numbers 3, 10, 17, ... are Sundays.
    let sundays = (1...Self.length(year, month)).map { Day(year: year, month: month, day: $0) }
      .filter { number($0) % 7 == 3 }
    return which > 0 ? sundays[which - 1] : sundays[sundays.count + which]
  }

  static func length(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
