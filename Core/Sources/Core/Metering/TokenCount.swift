/// A count of model tokens. Never negative in a usage report.
public struct TokenCount: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, AdditiveArithmetic {
  public let count: Int64

  public init(_ count: Int64) { self.count = count }
  public init(_ count: Int) { self.count = Int64(count) }
  public init(integerLiteral value: Int64) { count = value }

  public static let zero = TokenCount(0 as Int64)
  public static func + (a: Self, b: Self) -> Self { TokenCount(a.count + b.count) }
  public static func - (a: Self, b: Self) -> Self { TokenCount(a.count - b.count) }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
}
