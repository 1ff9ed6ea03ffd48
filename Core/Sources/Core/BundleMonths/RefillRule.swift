/// When the allowance of a resource is refilled, in words. Rules B-3, R-3.
public struct RefillRule: Hashable, Sendable {
  /// The day of the month of the anchor, 1 to 31.
  public let dayOfMonth: Int
  public let zone: CompanyZone

  public init(dayOfMonth: Int, zone: CompanyZone) {
    self.dayOfMonth = dayOfMonth
    self.zone = zone
  }

  public init(_ months: BundleMonths) {
    self.init(dayOfMonth: months.anchor.day, zone: months.zone)
  }

  /// Such as `on the 12th, 00:00 Europe/Amsterdam`.
  public var sentence: String {
    let day =
      switch dayOfMonth {
      case ...28: "on the \(Self.ordinal(dayOfMonth))"
      case 29, 30: "on the \(Self.ordinal(dayOfMonth)), or on the last day of a shorter month"
      default: "on the last day of the month"
      }
    return "\(day), 00:00 \(zone.identifier)"
  }

  private static func ordinal(_ number: Int) -> String {
    switch number {
    case 1, 21, 31: "\(number)st"
    case 2, 22: "\(number)nd"
    case 3, 23: "\(number)rd"
    default: "\(number)th"
    }
  }
}
