extension BarChart {
  /// The nested drawing's width; high enough that whole numbers place a bar to a hundredth of a pixel.
  static let width = 10_000
  /// With a running total, bars keep to about the lower half: the line needs the room above them.
  static let headroom = 1.8
  /// Two labels of one scale are at least this far apart, in thousandths of the height.
  static let labelDistance = 90

  var leftScale: ChartScale {
    let peak = days.reduce(0) { max($0, $1.value ?? 0, $1.previous ?? 0) }
    guard runningTotal, peak > 0 else { return .covering(peak) }
    return .covering(Int64(Double(min(peak, ChartScale.ceiling)) * Self.headroom))
  }

  /// Shares its lines with the left scale, and has room for the limit and for whatever went over it.
  var rightScale: ChartScale? {
    guard runningTotal else { return nil }
    let lines = leftScale.intervals
    return .covering(max(total, limit ?? 0), intervals: lines > 0 ? lines : 4)
  }

  var drawing: String {
    let name = ChartMarkup.escape(id)
    return """
      <div class="plot\(runningTotal ? " two-scales" : "")">
      <svg role="group" aria-labelledby="\(name)-title" aria-describedby="\(name)-description">
      <title id="\(name)-title">\(ChartMarkup.escape(title))</title>
      <desc id="\(name)-description">\(ChartMarkup.escape("\(description) \(resting)."))</desc>
      <svg class="marks" viewBox="0 0 \(Self.width) \(ChartScale.height)" preserveAspectRatio="none">
      \(marks)
      </svg>
      <g aria-hidden="true">
      \(labels)
      </g>
      </svg>
      </div>
      """
  }

  // MARK: Marks

  private func edge(_ index: Int) -> Int { index * Self.width / max(days.count, 1) }
  private func middle(_ index: Int) -> Int { (edge(index) + edge(index + 1)) / 2 }

  private var marks: String {
    let scale = leftScale
    var parts = [gridLines(scale), bars(scale), previousTicks(scale)]
    if let right = rightScale { parts.append(lines(right)) }
    parts.append(slots)
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func gridLines(_ scale: ChartScale) -> String {
    let count = scale.intervals > 0 ? scale.intervals : 4
    let path = (0...count).map { "M0 \(ChartScale.height - $0 * ChartScale.height / count)h\(Self.width)" }
    return "<path class=\"axis\" d=\"\(path.joined())\"/>"
  }

  private func bars(_ scale: ChartScale) -> String {
    days.indices.compactMap { index -> String? in
      guard let value = days[index].value, value > 0 else { return nil }
      let slot = edge(index + 1) - edge(index)
      let margin = slot * (days.count > 12 ? 18 : 28) / 100
      let y = min(scale.position(value), ChartScale.height - 4)
      return """
        <rect class="day" x="\(edge(index) + margin)" y="\(y)" width="\(slot - 2 * margin)" height="\(ChartScale.height - y)"/>
        """
    }.joined(separator: "\n")
  }

  private func previousTicks(_ scale: ChartScale) -> String {
    guard scale.intervals > 0 else { return "" }
    let path = days.indices.compactMap { index -> String? in
      guard let previous = days[index].previous, previous > 0 else { return nil }
      let slot = edge(index + 1) - edge(index)
      let margin = slot / (days.count > 12 ? 12 : 5)
      return "M\(edge(index) + margin) \(scale.position(previous))h\(slot - 2 * margin)"
    }.joined()
    // The same path twice: a rim in the panel's colour keeps the tick legible on top of a bar.
    return path.isEmpty ? "" : "<path class=\"rim\" d=\"\(path)\"/><path class=\"previous\" d=\"\(path)\"/>"
  }

  private func lines(_ scale: ChartScale) -> String {
    let points = zip(days.indices, runningTotals).compactMap { index, sum in
      sum.map { (x: middle(index), y: scale.position($0)) }
    }
    var parts: [String] = []
    if let limit {
      let y = scale.position(limit)
      parts.append("<path class=\"limit\" d=\"M0 \(y)h\(Self.width)\"/>")
    }
    if total > 0, let now = points.last {
      let list = points.map { "\($0.x),\($0.y)" }.joined(separator: " ")
      parts.append("<polyline class=\"total\" points=\"\(list)\"/>")
      // A point of its own: on the first day there is no line yet.
      parts.append("<path class=\"total now\" d=\"M\(now.x) \(now.y)h0\"/>")
    }
    return parts.joined(separator: "\n")
  }

  /// Invisible columns that are pointed at and focused. One is reachable by Tab, the others by arrow keys.
  private var slots: String {
    let first = days.lastIndex { $0.value != nil } ?? 0
    return days.indices.map { index in
      """
      <rect class="slot" x="\(edge(index))" width="\(edge(index + 1) - edge(index))" height="\(ChartScale.height)" \
      role="img" tabindex="\(index == first ? 0 : -1)" aria-label="\(ChartMarkup.escape(reading(index)))"/>
      """
    }.joined(separator: "\n")
  }

  // MARK: Labels

  private var labels: String {
    var parts = scaleLabels(leftScale, x: "0", dx: -8, anchor: " text-anchor=\"end\"", name: "scale", keepClearOf: nil)
    if let right = rightScale {
      let clear = limit.map { right.position($0) }
      parts += scaleLabels(right, x: "100%", dx: 8, anchor: "", name: "total-label", keepClearOf: clear)
      if let limit, let clear {
        parts.append(label(short(limit), x: "100%", y: clear, dx: 8, anchor: "", name: "limit-label"))
      }
    }
    let names = days.map(\.label)
    parts += dayLabels(DayLabels.shown(names, width: DayLabels.wide), name: "wide")
    parts += dayLabels(DayLabels.shown(names, width: DayLabels.narrow), name: "narrow")
    if total == 0 { parts.append("<text class=\"nothing\" x=\"50%\" y=\"50%\">\(ChartMarkup.escape(nothing))</text>") }
    return parts.joined(separator: "\n")
  }

  private func scaleLabels(
    _ scale: ChartScale, x: String, dx: Int, anchor: String, name: String, keepClearOf: Int?
  ) -> [String] {
    guard scale.intervals > 0 else { return [] }
    var last = ""
    return scale.ticks.compactMap { tick in
      let y = scale.position(tick)
      let text = short(tick)
      // Steps below what the short form can tell apart would repeat one number.
      guard text != last else { return nil }
      last = text
      if let keepClearOf, abs(keepClearOf - y) < Self.labelDistance { return nil }
      return label(text, x: x, y: y, dx: dx, anchor: anchor, name: name)
    }
  }

  private func label(_ text: String, x: String, y: Int, dx: Int, anchor: String, name: String) -> String {
    let y = ChartMarkup.percent(y, of: ChartScale.height)
    return """
      <text class="\(name)" x="\(x)" y="\(y)" dx="\(dx)" dy="4"\(anchor)>\(ChartMarkup.escape(text))</text>
      """
  }

  private func dayLabels(_ shown: [Int], name: String) -> [String] {
    shown.map { index in
      let x = ChartMarkup.percent(middle(index), of: Self.width)
      let text = ChartMarkup.escape(days[index].label)
      return "<text class=\"\(name)\" x=\"\(x)\" y=\"100%\" dy=\"16\" text-anchor=\"middle\">\(text)</text>"
    }
  }
}
