import Foundation

/// A time zone by its IANA name: where a company's days begin. Rule P-2.
///
/// Equal names are equal zones. The rules of the zone come from Foundation.
public struct CompanyZone: Hashable, Sendable, CustomStringConvertible {
  /// The longest name that is looked up.
  public static let longestIdentifier = 64

  /// As it was given, such as `Europe/Amsterdam`.
  public let identifier: String
  private let rules: TimeZone

  /// Nil unless `identifier` is `UTC` or a name with an area, such as `Europe/Amsterdam`. Abbreviations and bare offsets
  /// such as `CET` or `GMT+0530` are refused: they hide which rules hold.
  public init?(_ identifier: String) {
    guard identifier == Self.utcIdentifier || Self.isShapedLikeAName(identifier),
      let rules = TimeZone(identifier: identifier)
    else { return nil }
    self.identifier = identifier
    self.rules = rules
  }

  /// Coordinated universal time, the default. Rule P-2.
  public static let utc = CompanyZone(utcWith: .gmt)

  private init(utcWith rules: TimeZone) {
    identifier = Self.utcIdentifier
    self.rules = rules
  }

  /// The names to choose from, sorted, `UTC` first.
  public static var identifiers: [String] {
    [utcIdentifier] + TimeZone.knownTimeZoneIdentifiers.filter(isShapedLikeAName).sorted()
  }

  public var description: String { identifier }

  /// The date that a calendar on the wall shows at `instant`. Instants outside the years 1 to 9999 count as the nearest
  /// one inside.
  public func day(of instant: Instant) -> LocalDay {
    let milliseconds = min(max(instant.milliseconds, Self.earliest), Self.latest)
    let local = milliseconds + offset(at: milliseconds)
    return LocalDay(number: Int(local.flooredQuotient(by: Self.millisecondsPerDay)))
  }

  /// The first instant at which the date is `day` or later.
  ///
  /// That is midnight, or the first instant after a midnight that clocks skip, or the first of two midnights where clocks
  /// go back over one. A day that the zone skipped altogether begins with the next day that it has.
  public func firstInstant(of day: LocalDay) -> Instant {
    let (first, last) = (Self.earliest / Self.millisecondsPerDay, Self.latest / Self.millisecondsPerDay)
    let midnight = min(max(Int64(day.number), first), last) * Self.millisecondsPerDay
    // No offset reaches this far, so at `from` the date is certainly earlier and at `to` certainly `day` or later.
    var from = midnight - Self.beyondEveryOffset
    let to = midnight + Self.beyondEveryOffset
    var offset = offset(at: from)
    if offset == self.offset(at: to) { return Instant(milliseconds: midnight - offset) }
    while let change = nextChange(after: from), change < to {
      if midnight - offset < change { break }
      from = change
      offset = self.offset(at: change)
    }
    return Instant(milliseconds: max(from, midnight - offset))
  }

  public static func == (a: Self, b: Self) -> Bool { a.identifier == b.identifier }
  public func hash(into hasher: inout Hasher) { hasher.combine(identifier) }

  private static let utcIdentifier = "UTC"
  private static let millisecondsPerDay: Int64 = 86_400_000
  /// Midnights of 0001-01-01 and 9999-12-31 in UTC.
  private static let earliest: Int64 = -62_135_596_800_000
  private static let latest: Int64 = 253_402_214_400_000
  private static let beyondEveryOffset: Int64 = 26 * 3_600_000

  private static func isShapedLikeAName(_ text: String) -> Bool {
    text.utf8.count <= longestIdentifier && text.utf8.contains(UInt8(ascii: "/"))
      && text.unicodeScalars.allSatisfy { scalar in
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "/", "_", "+", "-": true
        default: false
        }
      }
  }

  /// Milliseconds that clocks here are ahead of UTC.
  private func offset(at milliseconds: Int64) -> Int64 {
    Int64(rules.secondsFromGMT(for: Self.date(milliseconds))) * 1_000
  }

  private func nextChange(after milliseconds: Int64) -> Int64? {
    guard let date = rules.nextDaylightSavingTimeTransition(after: Self.date(milliseconds)) else { return nil }
    let change = Int64((date.timeIntervalSince1970 * 1_000).rounded())
    return change > milliseconds ? change : nil
  }

  private static func date(_ milliseconds: Int64) -> Date {
    Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
  }
}

extension Int64 {
  /// The quotient rounded towards negative infinity, so that days before 1970 are whole days too.
  fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
