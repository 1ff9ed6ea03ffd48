import Core
import Foundation

/// Days and instants as people read them, in a company's zone. Rule P-2.
enum DayText {
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]
  private static let weekdays = ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"]

  /// `12 November 2026`.
  static func long(_ day: LocalDay) -> String { "\(day.day) \(months[day.month - 1]) \(day.year)" }
  /// `12 Nov`.
  static func short(_ day: LocalDay) -> String { "\(day.day) \(months[day.month - 1].prefix(3))" }
  /// `12 Nov 2026`.
  static func medium(_ day: LocalDay) -> String { "\(short(day)) \(day.year)" }
  /// `Thursday 12 November 2026`.
  static func full(_ day: LocalDay) -> String { "\(weekday(day)) \(long(day))" }

  /// `12 Nov 2026, 14:05`.
  static func moment(_ instant: Instant, _ zone: CompanyZone) -> String {
    "\(medium(zone.day(of: instant))), \(time(instant, zone))"
  }

  /// `today`, `tomorrow`, `in 5 days`; nil for days that are over.
  static func distance(from today: LocalDay, to day: LocalDay) -> String? {
    switch day.number - today.number {
    case 0: "today"
    case 1: "tomorrow"
    case 2...: "in \(day.number - today.number) days"
    default: nil
    }
  }

  private static func weekday(_ day: LocalDay) -> String {
    // 1970-01-01, day 0, was a Thursday.
    let index = day.number % 7
    return weekdays[index < 0 ? index + 7 : index]
  }

  private static func time(_ instant: Instant, _ zone: CompanyZone) -> String {
    let date = Date(timeIntervalSince1970: Double(instant.milliseconds) / 1_000)
    let offset = TimeZone(identifier: zone.identifier)?.secondsFromGMT(for: date) ?? 0
    let local = (instant.milliseconds + Int64(offset) * 1_000) % 86_400_000
    let minutes = (local < 0 ? local + 86_400_000 : local) / 60_000
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(padded(minutes / 60)):\(padded(minutes % 60))"
  }
}
