/// Bars per day on the left scale, the previous period as a tick per day, and, where asked for, the running total and
/// a dashed limit on a right scale of their own. Rule G-5.
///
/// Lengths are SVG attributes: the portal's content security policy allows no inline style. Marks are drawn in a
/// nested `<svg>` that stretches, text beside it at percent positions, so that letters keep their size on a phone.
struct BarChart: Sendable {
  /// Slots beyond this many are not drawn; the latest stay.
  static let mostDays = 400

  let id: String
  let title: String
  let description: String
  let days: [ChartDay]
  let unit: String
  let format: @Sendable (Int64) -> String
  let short: @Sendable (Int64) -> String
  let runningTotal: Bool
  let limit: Int64?

  /// - Parameters:
  ///   - id: Unique in the page; the ids of title and description start with it.
  ///   - unit: What is counted, as a plural: "calls".
  ///   - format: A value in full, such as "1,521".
  ///   - short: A value for an axis, such as "1.6k".
  ///   - limit: What the running total is measured against; drawn with the running total only.
  init(
    id: String, title: String, description: String, days: [ChartDay], unit: String,
    format: @escaping @Sendable (Int64) -> String, short: @escaping @Sendable (Int64) -> String,
    runningTotal: Bool, limit: Int64?
  ) {
    self.id = id
    self.title = title
    self.description = description
    self.days = Array(days.suffix(Self.mostDays))
    self.unit = unit
    self.format = format
    self.short = short
    self.runningTotal = runningTotal
    self.limit = runningTotal ? limit.flatMap { $0 > 0 ? $0 : nil } : nil
  }

  /// The whole chart as HTML: read-out, drawing, legend and data table.
  func svg() -> String {
    """
    <div class="chart" id="\(ChartMarkup.escape(id))">
    <p class="readout">\(restingMarkup)</p>
    \(drawing)
    \(legend)
    \(table)
    </div>
    """
  }
}

extension BarChart {
  /// Sums up to and with each day; `nil` from the first day still to come.
  var runningTotals: [Int64?] {
    var sum: Int64 = 0
    return days.map { day in
      guard let value = day.value else { return nil }
      sum = Self.sum(sum, value)
      return sum
    }
  }

  var total: Int64 { days.reduce(0) { Self.sum($0, $1.value ?? 0) } }
  var previousTotal: Int64 { days.reduce(0) { Self.sum($0, $1.previous ?? 0) } }
  var hasPrevious: Bool { days.contains { $0.previous != nil } }
  var hasFuture: Bool { days.contains { $0.value == nil } }

  /// Stays within the ceiling of a scale, and ignores what is below zero.
  private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
    min(left + max(0, min(right, ChartScale.ceiling)), ChartScale.ceiling)
  }
}
