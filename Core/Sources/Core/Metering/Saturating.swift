extension Int64 {
  /// The sum, held at the ends of the range: figures that come from outside must never trap.
  func addingSaturated(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    if !overflow { return sum }
    return other > 0 ? .max : .min
  }

  /// The difference, held at the ends of the range.
  func subtractingSaturated(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    if !overflow { return difference }
    return other > 0 ? .min : .max
  }

  /// The product, held at the ends of the range.
  func multipliedSaturated(by other: Int64) -> Int64 {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    if !overflow { return product }
    return (self > 0) == (other > 0) ? .max : .min
  }
}

extension Consumption {
  func addingSaturated(_ other: Consumption) -> Consumption {
    Consumption(
      units: GenAIUnits(nano: units.nano.addingSaturated(other.units.nano)),
      input: TokenCount(input.count.addingSaturated(other.input.count)),
      output: TokenCount(output.count.addingSaturated(other.output.count)))
  }
}
