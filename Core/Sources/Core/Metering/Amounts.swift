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

/// An amount of GenAI Units as whole nano-units (1 unit = 10^9). Rule U-1: no floating point in any balance.
public struct GenAIUnits: Hashable, Comparable, Sendable, AdditiveArithmetic {
  public let nano: Int64

  public init(nano: Int64) { self.nano = nano }
  public init(whole units: Int64) { nano = units * Self.nanoPerUnit }

  public static let nanoPerUnit: Int64 = 1_000_000_000
  public static let zero = GenAIUnits(nano: 0)
  public static func + (a: Self, b: Self) -> Self { GenAIUnits(nano: a.nano + b.nano) }
  public static func - (a: Self, b: Self) -> Self { GenAIUnits(nano: a.nano - b.nano) }
  public static func < (a: Self, b: Self) -> Bool { a.nano < b.nano }
}

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
