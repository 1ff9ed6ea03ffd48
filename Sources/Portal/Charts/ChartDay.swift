/// One slot of a chart: a day, or for six months a bundle month.
struct ChartDay: Sendable, Equatable {
  /// Short label below the axis, such as "12 Oct".
  let label: String
  /// Full name for read-outs and tables, such as "Monday 12 October 2026".
  let title: String
  /// What was measured; `nil` where the day is still to come.
  let value: Int64?
  /// The day with the same number in the previous period; `nil` where that period was shorter.
  let previous: Int64?

  init(label: String, title: String, value: Int64?, previous: Int64?) {
    self.label = label
    self.title = title
    self.value = value
    self.previous = previous
  }
}
