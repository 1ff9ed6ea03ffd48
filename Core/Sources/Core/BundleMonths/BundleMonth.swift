/// One bundle month of a resource: `[start, end)`. Rule B-1.
public struct BundleMonth: Hashable, Sendable {
  /// 0 for the month that began with the activation.
  public let index: Int
  /// Belongs to the month.
  public let start: Instant
  /// The start of the next month, when the allowance is refilled. Does not belong to the month.
  public let end: Instant

  public init(index: Int, start: Instant, end: Instant) {
    self.index = index
    self.start = start
    self.end = end
  }

  public func contains(_ instant: Instant) -> Bool { start <= instant && instant < end }
}
