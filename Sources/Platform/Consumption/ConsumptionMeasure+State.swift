import Core

extension ConsumptionMeasure {
  /// One measure for units; input, and output where it is metered, for a plan; none for knowledge bases, which consume
  /// nothing themselves (rule U-3).
  static func measures(of state: ResourceState, used: Consumption, running: Consumption) -> [ConsumptionMeasure] {
    guard state.resource.type != .knowledgeBase else { return [] }
    switch state.allowance {
    case .units(let units):
      return [
        ConsumptionMeasure(kind: .units, used: used.units.nano, allowed: units.nano, running: running.units.nano)
      ]
    case .plan(let input, let output):
      let first = ConsumptionMeasure(
        kind: .input, used: used.input.count, allowed: input.count, running: running.input.count)
      guard let output else { return [first] }
      return [
        first,
        ConsumptionMeasure(
          kind: .output, used: used.output.count, allowed: output.count, running: running.output.count),
      ]
    }
  }
}
