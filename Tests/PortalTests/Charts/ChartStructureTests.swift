import Testing

@testable import Portal

@Suite("Chart structure")
struct ChartStructureTests {
  @Test("The markup is the one that stylesheet and script know")
  func golden() {
    let days = [
      ChartDay(label: "1 Oct", title: "1 October", value: 2, previous: 1),
      ChartDay(label: "2 Oct", title: "2 October", value: nil, previous: nil),
    ]
    let chart = BarChart(
      id: "c", title: "Calls", description: "Per day.", days: days, unit: "calls", format: { "\($0)" },
      short: { "\($0)" }, runningTotal: true, limit: 4)
    #expect(chart.svg() == Self.expected)
  }

  static let expected = """
    <div class="chart" id="c">
    <p class="readout"><span><strong>2</strong> of 4 calls</span> <span>previous period 1</span></p>
    <div class="plot two-scales">
    <svg role="group" aria-labelledby="c-title" aria-describedby="c-description">
    <title id="c-title">Calls</title>
    <desc id="c-description">Per day. 2 of 4 calls, previous period 1.</desc>
    <svg class="marks" viewBox="0 0 10000 1000" preserveAspectRatio="none">
    <path class="axis" d="M0 1000h10000M0 667h10000M0 334h10000M0 0h10000"/>
    <rect class="day" x="1400" y="333" width="2200" height="667"/>
    <path class="rim" d="M1000 667h3000"/><path class="previous" d="M1000 667h3000"/>
    <path class="limit" d="M0 333h10000"/>
    <polyline class="total" points="2500,667"/>
    <path class="total now" d="M2500 667h0"/>
    <rect class="slot" x="0" width="5000" height="1000" role="img" tabindex="0" aria-label="1 October: 2 calls, \
    previous 1, total 2 of 4"/>
    <rect class="slot" x="5000" width="5000" height="1000" role="img" tabindex="-1" aria-label="2 October: still \
    to come"/>
    </svg>
    <g aria-hidden="true">
    <text class="scale" x="0" y="100%" dx="-8" dy="4" text-anchor="end">0</text>
    <text class="scale" x="0" y="66.7%" dx="-8" dy="4" text-anchor="end">1</text>
    <text class="scale" x="0" y="33.3%" dx="-8" dy="4" text-anchor="end">2</text>
    <text class="scale" x="0" y="0%" dx="-8" dy="4" text-anchor="end">3</text>
    <text class="total-label" x="100%" y="100%" dx="8" dy="4">0</text>
    <text class="total-label" x="100%" y="66.7%" dx="8" dy="4">2</text>
    <text class="total-label" x="100%" y="0%" dx="8" dy="4">6</text>
    <text class="limit-label" x="100%" y="33.3%" dx="8" dy="4">4</text>
    <text class="wide" x="25%" y="100%" dy="16" text-anchor="middle">1 Oct</text>
    <text class="wide" x="75%" y="100%" dy="16" text-anchor="middle">2 Oct</text>
    <text class="narrow" x="25%" y="100%" dy="16" text-anchor="middle">1 Oct</text>
    <text class="narrow" x="75%" y="100%" dy="16" text-anchor="middle">2 Oct</text>
    </g>
    </svg>
    </div>
    <div class="legend"><span>this period</span><span class="previous">previous period</span><span \
    class="total">running total, right scale</span><span class="limit">allowance 4</span></div>
    <details class="table"><summary>Show table</summary><div tabindex="0" role="region" \
    aria-label="Calls"><table><thead><tr><th scope="col">Date</th><th class="num" scope="col">Calls</th><th \
    class="num" scope="col">Previous</th><th class="num" scope="col">Running total</th></tr></thead>
    <tbody>
    <tr><th scope="row">1 October</th><td class="num">2</td><td class="num">1</td><td class="num">2</td></tr>
    <tr><th scope="row">2 October</th><td class="num">–</td><td class="num">–</td><td class="num">–</td></tr>
    </tbody></table></div></details>
    </div>
    """

  @Test("A meter shows what is used and what is held, in percent of the allowance")
  func meter() {
    #expect(
      MeterBar(used: 1_521, held: 19, of: 1_600).svg() == """
        <svg class="meter" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">\
        <rect class="track" width="100" height="8"/><rect class="used" width="95.1" height="8"/>\
        <rect class="held" x="95.1" width="1.2" height="8"/></svg>
        """)
  }

  @Test(
    "Used and held never pass the whole, a sliver stays visible, and nothing is drawn of nothing",
    arguments: [
      (0, 0, 100, 0, 0), (50, 0, 100, 500, 0), (100, 10, 100, 1_000, 0), (250, 5, 100, 1_000, 0),
      (95, 20, 100, 950, 50),
      (1, 0, 1_000_000, 5, 0), (5, 5, 0, 0, 0), (-3, 0, 100, 0, 0),
    ] as [(Int64, Int64, Int64, Int, Int)])
  func meterParts(used: Int64, held: Int64, of: Int64, usedPart: Int, heldPart: Int) {
    let parts = MeterBar(used: used, held: held, of: of).parts
    #expect(parts.used == usedPart && parts.held == heldPart)
  }

  @Test("A meter at its allowance is marked as full")
  func full() {
    #expect(MeterBar(used: 100, held: 0, of: 100).svg().contains("class=\"used full\""))
    #expect(!MeterBar(used: 99, held: 1, of: 100).svg().contains("full"))
  }

  @Test("A sparkline runs from edge to edge, and lies flat without data")
  func sparkline() {
    #expect(Sparkline([0, 5, 10]).svg().contains("points=\"0,100 500,52 1000,4\""))
    #expect(Sparkline([0, 0]).svg().contains("points=\"0,100 1000,100\""))
    #expect(Sparkline([]).svg().contains("points=\"\""))
    #expect(Sparkline(Array(repeating: 1, count: 90)).values.count == Sparkline.mostDays)
  }

  @Test(
    "Percentages have at most two decimals and no zeros at their end",
    arguments: [(0, "0%"), (1, "0.01%"), (1_250, "12.5%"), (5_005, "50.05%"), (10_000, "100%")])
  func percent(part: Int, text: String) {
    #expect(ChartMarkup.percent(part, of: 10_000) == text)
  }
}
