/// A vertical scale from zero to a round number, with ticks at round numbers.
struct ChartScale: Sendable, Equatable {
  /// Positions run from 0 (top) to this (base line).
  static let height = 1_000
  /// Larger values are drawn as this one: sums of them stay far from overflow.
  static let ceiling: Int64 = 1_000_000_000_000_000_000

  /// The distance between two ticks.
  let step: Int64
  /// How many steps the scale has; 0 for a scale without data.
  let intervals: Int

  /// The value at the upper edge.
  var top: Int64 { step * Int64(intervals) }

  /// Tick values from zero up.
  var ticks: [Int64] { (0...intervals).map { step * Int64($0) } }

  /// The finest scale of at most `most` steps that reaches `peak`; steps are 1, 2, 2.5 or 5 times a power of ten.
  static func covering(_ peak: Int64, most: Int = 5) -> ChartScale {
    let peak = min(peak, ceiling)
    guard peak > 0, most > 0 else { return ChartScale(step: 1, intervals: 0) }
    for step in steps([10, 20, 25, 50]) where (peak - 1) / step < Int64(most) {
      return ChartScale(step: step, intervals: Int((peak - 1) / step) + 1)
    }
    return ChartScale(step: peak, intervals: 1)
  }

  /// The tightest scale of exactly `intervals` steps that reaches `peak`, so that two scales share their lines.
  static func covering(_ peak: Int64, intervals: Int) -> ChartScale {
    let peak = min(peak, ceiling)
    guard peak > 0, intervals > 0 else { return ChartScale(step: 1, intervals: 0) }
    for step in steps([10, 15, 20, 25, 30, 40, 50, 60, 80]) where (peak - 1) / step < Int64(intervals) {
      return ChartScale(step: step, intervals: intervals)
    }
    return ChartScale(step: peak, intervals: intervals)
  }

  /// Whole numbers among `tenths` times each power of ten, rising.
  private static func steps(_ tenths: [Int64]) -> [Int64] {
    var found: [Int64] = []
    var power: Int64 = 1
    while power <= ceiling / 10 {
      for tenth in tenths where tenth * power % 10 == 0 { found.append(tenth * power / 10) }
      power *= 10
    }
    return found
  }

  /// Distance of `value` from the top, 0 to `height`.
  func position(_ value: Int64) -> Int {
    guard top > 0 else { return Self.height }
    let share = Double(max(0, min(value, top))) / Double(top)
    return Self.height - Int((share * Double(Self.height)).rounded())
  }
}
