/// What a bundle month permits. Rule U-4.
public enum Allowance: Hashable, Sendable {
  /// Units kind: Cloud Tokens x 100.
  case units(GenAIUnits)
  /// Plan kind: both quotas hold; nil means that output is not metered (embeddings).
  case plan(input: TokenCount, output: TokenCount?)

  /// True where `total` is within it, in every measure that it knows. A total at the end of its type was held there, so
  /// it never is.
  public func covers(_ total: Consumption) -> Bool {
    guard total.units.nano < .max, total.input.count < .max, total.output.count < .max else { return false }
    switch self {
    case .units(let units): return total.units <= units
    case .plan(let input, let output): return total.input <= input && output.map { total.output <= $0 } ?? true
    }
  }
}

/// What was consumed, in every measure that an allowance may be kept in. Settled calls and reservations add up alike.
public struct Consumption: Hashable, Sendable {
  public var units: GenAIUnits
  /// Shown input: every class but output. Rule U-2.
  public var input: TokenCount
  public var output: TokenCount

  public init(units: GenAIUnits = .zero, input: TokenCount = 0, output: TokenCount = 0) {
    self.units = units
    self.input = input
    self.output = output
  }

  public static let zero = Consumption()

  public static func + (a: Self, b: Self) -> Self {
    Consumption(units: a.units + b.units, input: a.input + b.input, output: a.output + b.output)
  }

  public static func - (a: Self, b: Self) -> Self {
    Consumption(units: a.units - b.units, input: a.input - b.input, output: a.output - b.output)
  }
}

extension UsageEntry {
  /// What the entry takes from its month's allowance.
  public var consumption: Consumption {
    Consumption(units: units, input: usage.shownInput, output: usage.output)
  }
}
