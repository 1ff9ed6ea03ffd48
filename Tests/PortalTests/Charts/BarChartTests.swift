import Testing

@testable import Portal

@Suite("Bar charts")
struct BarChartTests {
  static func day(_ number: Int, _ value: Int64?, _ previous: Int64? = nil) -> ChartDay {
    ChartDay(label: "\(number) Oct", title: "\(number) October 2026", value: value, previous: previous)
  }

  static func chart(
    _ days: [ChartDay], title: String = "API Calls", unit: String = "calls", runningTotal: Bool = false,
    limit: Int64? = nil
  ) -> BarChart {
    BarChart(
      id: "calls", title: title, description: "Calls per day.", days: days, unit: unit, format: { "\($0)" },
      short: { "\($0)" }, runningTotal: runningTotal, limit: limit)
  }

  @Test("The text at rest names the total, the limit and the previous total")
  func resting() {
    let days = [Self.day(1, 30, 5), Self.day(2, 12, 6), Self.day(3, nil, 7)]
    #expect(Self.chart(days).resting == "42 calls, previous period 18")
    #expect(Self.chart(days, runningTotal: true, limit: 160).resting == "42 of 160 calls, previous period 18")
    #expect(Self.chart([Self.day(1, 1)]).resting == "1 call")
  }

  @Test("A chart without calls says so, and tells a period that runs from one that is over")
  func nothing() {
    #expect(Self.chart([Self.day(1, 0), Self.day(2, nil)]).resting == "No calls yet")
    #expect(Self.chart([Self.day(1, 0), Self.day(2, 0)]).resting == "No calls in this period")
    #expect(Self.chart([Self.day(1, 0, 4), Self.day(2, nil, 0)]).resting == "No calls yet, previous period 4")
    #expect(Self.chart([]).svg().contains(">No calls yet</text>"))
  }

  @Test("A day is read out with its value, the previous period and the running total against the limit")
  func reading() {
    let days = [Self.day(1, 30, 5), Self.day(2, 12), Self.day(3, nil, 7)]
    let chart = Self.chart(days, runningTotal: true, limit: 160)
    #expect(chart.reading(0) == "1 October 2026: 30 calls, previous 5, total 30 of 160")
    #expect(chart.reading(1) == "2 October 2026: 12 calls, total 42 of 160")
    #expect(chart.reading(2) == "3 October 2026: still to come, previous 7")
    #expect(Self.chart(days).reading(1) == "2 October 2026: 12 calls")
  }

  @Test("Days still to come have no bar and no running total, yet can be pointed at")
  func future() {
    let chart = Self.chart([Self.day(1, 30), Self.day(2, 0), Self.day(3, nil)], runningTotal: true)
    #expect(chart.runningTotals == [30, 30, nil])
    let text = chart.svg()
    #expect(count("class=\"day\"", in: text) == 1)
    #expect(count("class=\"slot\"", in: text) == 3)
    #expect(points(of: text).count == 2)
  }

  @Test("Exactly one day is reached by Tab: the latest that has happened")
  func tabStop() {
    let text = Self.chart([Self.day(1, 30), Self.day(2, 12), Self.day(3, nil)]).svg()
    #expect(count("tabindex=\"-1\"", in: text) == 2)
    #expect(text.contains("role=\"img\" tabindex=\"0\" aria-label=\"2 October 2026: 12 calls\""))
  }

  @Test("Running total and limit share a scale that shares its lines with the bars' scale")
  func rightScale() throws {
    let chart = Self.chart([Self.day(1, 50), Self.day(2, 100), Self.day(3, nil)], runningTotal: true, limit: 160)
    let right = try #require(chart.rightScale)
    #expect(right.intervals == chart.leftScale.intervals)
    #expect(right.top == 160)
    #expect(chart.svg().contains("<path class=\"limit\" d=\"M0 0h10000\"/>"))
    #expect(points(of: chart.svg()).map(\.y) == [right.position(50), right.position(150)])
    #expect(Self.chart([Self.day(1, 50)]).rightScale == nil)
  }

  @Test("A total over the limit stays inside the drawing, with the limit below it")
  func overTheLimit() throws {
    let chart = Self.chart([Self.day(1, 150), Self.day(2, 200)], runningTotal: true, limit: 160)
    let right = try #require(chart.rightScale)
    #expect(right.top >= 350)
    #expect(right.position(160) > right.position(350))
  }

  @Test("The limit is labelled, and ticks that would touch its label are left out")
  func limitLabel() {
    let text = Self.chart([Self.day(1, 100)], runningTotal: true, limit: 1_550).svg()
    #expect(count("class=\"limit-label\"", in: text) == 1)
    #expect(text.contains(">1550</text>"))
    #expect(text.contains(">allowance 1550</span>"))
    let near = Self.chart([Self.day(1, 100)], runningTotal: true, limit: 1_600)
    #expect(count(">1600</text>", in: near.svg()) == 1)
  }

  @Test("Without a running total a limit is not drawn, and neither is one of zero")
  func noLimit() {
    #expect(!Self.chart([Self.day(1, 3)], limit: 160).svg().contains("limit"))
    #expect(!Self.chart([Self.day(1, 3)], runningTotal: true, limit: 0).svg().contains("limit"))
  }

  @Test("A tick's label is not repeated where the short form cannot tell two ticks apart")
  func coarseForm() {
    let chart = BarChart(
      id: "c", title: "Units", description: "", days: [Self.day(1, 3)], unit: "units", format: { "\($0)" },
      short: { "\($0 / 1_000)k" }, runningTotal: false, limit: nil)
    #expect(count(">0k</text>", in: chart.svg()) == 1)
  }

  @Test("Every text is escaped")
  func escaping() {
    let days = [ChartDay(label: "<i>", title: "\"1\" & '2'", value: 3, previous: nil)]
    let text = Self.chart(days, title: "A <script> & b", unit: "<b>").svg()
    #expect(!text.contains("<script>") && !text.contains("<i>") && !text.contains("<b>"))
    #expect(text.contains("A &lt;script&gt; &amp; b"))
    #expect(text.contains("&quot;1&quot; &amp; &#39;2&#39;: 3 &lt;b&gt;"))
  }

  @Test("No chart has an inline style, which the content security policy would block")
  func noStyle() {
    let text = Self.chart([Self.day(1, 30, 4)], runningTotal: true, limit: 10).svg()
    #expect(!text.contains("style=") && !text.contains("<style"))
  }

  @Test("The data table has every day with its running total")
  func table() {
    let text = Self.chart([Self.day(1, 30, 5), Self.day(2, 12, 6), Self.day(3, nil, 7)]).table
    #expect(text.contains("<summary>Show table</summary>"))
    #expect(
      text.contains(
        "<tr><th scope=\"row\">2 October 2026</th><td class=\"num\">12</td><td class=\"num\">6</td><td class=\"num\">42</td></tr>"
      ))
    #expect(text.contains("<td class=\"num\">–</td><td class=\"num\">7</td><td class=\"num\">–</td>"))
  }

  @Test("Sums beyond the largest integer, and values below zero, draw rather than trap")
  func extremes() {
    let chart = Self.chart([Self.day(1, .max, .min), Self.day(2, .max, .max), Self.day(3, .min)], runningTotal: true)
    #expect(chart.total == ChartScale.ceiling)
    #expect(chart.svg().contains("class=\"day\""))
    #expect(Self.chart(Array(repeating: Self.day(1, 1), count: 900)).days.count == BarChart.mostDays)
  }

  private func count(_ part: String, in text: String) -> Int { text.components(separatedBy: part) - 1 }

  private func points(of text: String) -> [(x: Int, y: Int)] {
    guard let line = text.split(separator: "\n").first(where: { $0.contains("<polyline class=\"total\"") }) else {
      return []
    }
    return line.split(separator: "\"")[3].split(separator: " ").map { point in
      let parts = point.split(separator: ",").compactMap { Int($0) }
      return (parts[0], parts[1])
    }
  }
}

extension String {
  /// How many parts `separator` cuts this text into.
  fileprivate func components(separatedBy separator: String) -> Int {
    split(separator: separator, omittingEmptySubsequences: false).count
  }
}
