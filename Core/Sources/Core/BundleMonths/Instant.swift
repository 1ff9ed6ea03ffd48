/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Comparable, Sendable, Codable {
  public let milliseconds: Int64

  /// Before and after everything.
  public static let distantPast = Instant(milliseconds: .min)
  public static let distantFuture = Instant(milliseconds: .max)

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }

  public static func < (a: Self, b: Self) -> Bool { a.milliseconds < b.milliseconds }

  public func adding(milliseconds more: Int64) -> Instant { Instant(milliseconds: milliseconds + more) }
  public func adding(seconds more: Int64) -> Instant { Instant(milliseconds: milliseconds + more * 1_000) }

  /// Milliseconds from `earlier` to here; negative where `earlier` is later.
  public func millisecondsSince(_ earlier: Instant) -> Int64 { milliseconds - earlier.milliseconds }
}
