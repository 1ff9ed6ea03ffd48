/// The bundle months of one resource. Rules B-1 to B-4.
///
/// The only place that decides which month an instant belongs to.
public struct BundleMonths: Hashable, Sendable {
  /// The last month that can be asked for: 6,000 years on, so that no number from outside leaves the calendar.
  public static let lastIndex = 72_000

  /// When provisioning was committed.
  public let activatedAt: Instant
  public let zone: CompanyZone
  /// The local date of the activation. Nothing moves it.
  public let anchor: LocalDay

  public init(activatedAt: Instant, zone: CompanyZone) {
    self.activatedAt = activatedAt
    self.zone = zone
    anchor = zone.day(of: activatedAt)
  }

  /// The month that `instant` belongs to; instants before the activation count as month 0. Rule B-2.
  public func month(containing instant: Instant) -> BundleMonth {
    guard instant > activatedAt else { return month(0) }
    let guess = month(calendarMonths(to: zone.day(of: instant)))
    // The dates decide, except in the minutes before midnight that come back after a new day has begun: their date is the
    // old one, but the new month has started.
    if instant >= guess.end { return month(guess.index + 1) }
    return guess
  }

  /// Month `index`, counted from 0; others count as the nearest of 0 to ``lastIndex``.
  public func month(_ index: Int) -> BundleMonth {
    let index = min(max(0, index), Self.lastIndex)
    return BundleMonth(index: index, start: start(index), end: start(index + 1))
  }

  /// The local day on which month `index` starts: the anchor's day of the month, clamped to the month's length.
  public func firstDay(_ index: Int) -> LocalDay {
    let (year, month) = calendarMonth(index)
    return LocalDay(year: year, month: month, day: min(anchor.day, Self.length(year: year, month: month)))
  }

  /// The local days of `month`, first and last included.
  public func days(of month: BundleMonth) -> ClosedRange<LocalDay> {
    let first = zone.day(of: month.start)
    return first...max(first, zone.day(of: month.end.adding(milliseconds: -1)))
  }

  private func start(_ index: Int) -> Instant {
    index == 0 ? activatedAt : zone.firstInstant(of: firstDay(index))
  }

  /// Whole months from the anchor to `day`, by the calendar alone.
  private func calendarMonths(to day: LocalDay) -> Int {
    let apart = (day.year - anchor.year) * 12 + day.month - anchor.month
    return max(0, day < firstDay(max(0, apart)) ? apart - 1 : apart)
  }

  private func calendarMonth(_ index: Int) -> (year: Int, month: Int) {
    let months = anchor.year * 12 + anchor.month - 1 + index
    let year = months >= 0 ? months / 12 : (months - 11) / 12
    return (year, months - year * 12 + 1)
  }

  private static func length(year: Int, month: Int) -> Int {
    let next = month == 12 ? LocalDay(year: year + 1, month: 1, day: 1) : LocalDay(year: year, month: month + 1, day: 1)
    return next.number - LocalDay(year: year, month: month, day: 1).number
  }
}
