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
