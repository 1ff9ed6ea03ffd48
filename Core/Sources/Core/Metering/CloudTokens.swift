/// A whole number of Cloud Tokens, the company's currency. Rule T-1.
public struct CloudTokens: Hashable, Comparable, Sendable, ExpressibleByIntegerLiteral, AdditiveArithmetic {
  public let count: Int64

  public init(_ count: Int64) { self.count = count }
  public init(integerLiteral value: Int64) { count = value }

  public static let zero = CloudTokens(0)
  public static func + (a: Self, b: Self) -> Self { CloudTokens(a.count + b.count) }
  public static func - (a: Self, b: Self) -> Self { CloudTokens(a.count - b.count) }
  public static func < (a: Self, b: Self) -> Bool { a.count < b.count }
}
