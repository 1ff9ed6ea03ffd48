extension BarChart {
  /// "58 calls"; "1 call".
  func counted(_ value: Int64) -> String {
    let number = format(value)
    return "\(number) \(number == "1" && unit.hasSuffix("s") ? String(unit.dropLast()) : unit)"
  }

  /// What is said where nothing was measured.
  var nothing: String { hasFuture || days.isEmpty ? "No \(unit) yet" : "No \(unit) in this period" }

  /// The text at rest: total with the limit, and the previous total.
  var resting: String { previousWords.map { "\(totalWords), \($0)" } ?? totalWords }

  private var totalWords: String {
    guard total > 0 else { return nothing }
    return limit.map { "\(format(total)) of \(format($0)) \(unit)" } ?? counted(total)
  }

  private var previousWords: String? { hasPrevious ? "previous period \(format(previousTotal))" : nil }

  /// The text at rest on two lines, its figure emphasised.
  var restingMarkup: String {
    let figure = total > 0 ? format(total) : nothing
    let rest = String(totalWords.dropFirst(figure.count))
    let first = "<span><strong>\(ChartMarkup.escape(figure))</strong>\(ChartMarkup.escape(rest))</span>"
    return first + (previousWords.map { " <span>\(ChartMarkup.escape($0))</span>" } ?? "")
  }

  /// What is read out for one day.
  func reading(_ index: Int) -> String {
    let day = days[index]
    var parts = [day.value.map { counted($0) } ?? "still to come"]
    if let previous = day.previous { parts.append("previous \(format(previous))") }
    if runningTotal, let sum = runningTotals[index] {
      parts.append("total \(format(sum))" + (limit.map { " of \(format($0))" } ?? ""))
    }
    return "\(day.title): \(parts.joined(separator: ", "))"
  }

  var legend: String {
    var entries = ["<span>this period</span>"]
    if hasPrevious { entries.append("<span class=\"previous\">previous period</span>") }
    if runningTotal { entries.append("<span class=\"total\">running total, right scale</span>") }
    if let limit {
      entries.append("<span class=\"limit\">allowance \(ChartMarkup.escape(format(limit)))</span>")
    }
    return "<div class=\"legend\">\(entries.joined())</div>"
  }

  /// The same figures as a table behind the chart.
  var table: String {
    let totals = runningTotals
    let rows = days.indices.map { index in
      let cells = [days[index].value] + (hasPrevious ? [days[index].previous] : []) + [totals[index]]
      let figures = cells.map { "<td class=\"num\">\($0.map { ChartMarkup.escape(format($0)) } ?? "–")</td>" }
      return "<tr><th scope=\"row\">\(ChartMarkup.escape(days[index].title))</th>\(figures.joined())</tr>"
    }
    let heads = [unit] + (hasPrevious ? ["Previous"] : []) + ["Running total"]
    let columns = heads.map { "<th class=\"num\" scope=\"col\">\(ChartMarkup.escape(capitalised($0)))</th>" }
    let name = ChartMarkup.escape(title)
    return """
      <details class="table"><summary>Show table</summary>\
      <div tabindex="0" role="region" aria-label="\(name)"><table>\
      <thead><tr><th scope="col">Date</th>\(columns.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div></details>
      """
  }

  private func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
