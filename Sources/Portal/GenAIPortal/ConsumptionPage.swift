import Core
import Platform

struct ConsumptionPage: Sendable {
  let resource: ResourceHead
  let meters: [MeterView]
  let forecast: String?
  let plan: String
  let models: [String]
  let tokens: String
  let refillDistance: String?
  let refillUnused: String
  /// `12 Oct - 11 Nov 2026`.
  let range: String
  let isCurrent: Bool
  let earlier: String?
  let later: String?
  let charts: [ChartView]
  let rates: [RateRow]
  let hasOutputRates: Bool
  let estimated: String?

  init(
    _ found: AuthorizedResource, _ summary: ConsumptionSummary, _ period: ConsumptionPeriod, at now: Instant
  ) {
    resource = ResourceHead(found, tab: .consumption)
    meters = summary.measures.map(MeterView.init)
    forecast = Self.forecast(summary, at: now)
    plan = summary.plan
    models = summary.models.map(\.labelledName)
    tokens = "\(found.state.tokens.inWords), \(found.state.allowance.inWords) each bundle month"
    refillDistance = DayText.distance(from: found.zone.day(of: now), to: summary.refillDay)
    switch found.state.allowance {
    case .units: refillUnused = "Unused units do not carry over."
    case .plan: refillUnused = "Unused tokens do not carry over."
    }
    range = Self.range(period)
    isCurrent = period.stepsBack == 0
    let path = ResourceTab.consumption.href(found.resource.id)
    earlier = period.hasEarlier ? "\(path)?back=\(period.stepsBack + 1)" : nil
    later = period.stepsBack > 1 ? "\(path)?back=\(period.stepsBack - 1)" : period.stepsBack == 1 ? path : nil
    charts = period.series.map { ChartView($0, days: period.days) }
    rates = summary.models.map(RateRow.init)
    hasOutputRates = found.resource.type == .text
    estimated = summary.estimated > .zero ? UnitsFormat.full(summary.estimated) : nil
  }

  private static func range(_ period: ConsumptionPeriod) -> String {
    guard let first = period.firstDay, let last = period.lastDay else { return "" }
    let start = first.year == last.year ? DayText.short(first) : DayText.medium(first)
    return "\(start) – \(DayText.medium(last))"
  }

  /// Of the quota that ends first. Rule G-4.
  private static func forecast(_ summary: ConsumptionSummary, at now: Instant) -> String? {
    let month = summary.state.bundleMonth
    let forecasts = summary.measures.map {
      Forecast.of(used: $0.used, allowed: $0.allowed, start: month.start, end: month.end, now: now)
    }
    let ends = forecasts.compactMap { if case .lastsUntil(let instant) = $0 { instant } else { nil } }
    if summary.measures.contains(where: \.isExhausted) {
      return "The allowance is used up; calls are refused until the refill."
    }
    if let end = ends.min() {
      return "At the present rate the allowance lasts until \(DayText.long(summary.zone.day(of: end)))."
    }
    let percents = forecasts.compactMap { if case .endsAt(let percent) = $0 { percent } else { nil } }
    return percents.max().map { "At the present rate the month ends with \($0) % used." }
  }
}

/// One chart with its figures, its read-out and the table behind it. Rule G-5.
struct ChartView: Sendable {
  let title: String
  /// Markup of ours.
  let svg: String

  init(_ series: ConsumptionSeries, days: [ConsumptionDay]) {
    let measure = ChartMeasure(series.kind)
    title = series.kind.title
    let chartDays = days.indices.map { index in
      ChartDay(
        label: DayText.short(days[index].day), title: DayText.full(days[index].day),
        value: days[index].isFuture ? nil : series.values[index], previous: series.previous[index])
    }
    svg = BarChart(
      id: "chart-\(series.kind.rawValue)", title: series.kind.title,
      description: "\(measure.label) a day, with the previous bundle month for comparison.", days: chartDays,
      unit: measure.unit, format: measure.full, short: measure.short,
      runningTotal: series.kind == .units || !series.limits.isEmpty, limit: series.limits.last?.limit
    ).svg()
  }
}

/// How the figures of a series are written.
struct ChartMeasure: Sendable {
  let kind: ConsumptionSeriesKind

  init(_ kind: ConsumptionSeriesKind) { self.kind = kind }

  var label: String {
    switch kind {
    case .units: "GenAI Units"
    case .input: "Input tokens"
    case .output: "Output tokens"
    case .calls: "API calls"
    }
  }

  var unit: String {
    switch kind {
    case .units: "GenAI Units"
    case .input: "input tokens"
    case .output: "output tokens"
    case .calls: "calls"
    }
  }

  func full(_ value: Int64) -> String {
    kind == .units ? UnitsFormat.full(GenAIUnits(nano: value)) : UnitsFormat.grouped(value)
  }

  func short(_ value: Int64) -> String {
    kind == .units ? UnitsFormat.short(GenAIUnits(nano: value)) : UnitsFormat.short(TokenCount(value))
  }
}

/// Exchange rates of one model. Rule G-7.
struct RateRow: Sendable {
  let model: String
  let input: String
  let output: String

  init(_ model: ModelVersion) {
    self.model = model.labelledName
    input = UnitsFormat.rate(model.rates.input)
    output = model.type == .text ? UnitsFormat.rate(model.rates.output) : "–"
  }
}
