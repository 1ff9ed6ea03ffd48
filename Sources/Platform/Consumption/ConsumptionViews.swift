public import Core

/// "Current Consumption" and what stands around it. Rules G-4, G-7, B-3.
public struct ConsumptionSummary: Sendable {
  public let state: ResourceState
  public let zone: CompanyZone
  /// One measure for units, one or two for a plan.
  public let measures: [ConsumptionMeasure]
  /// Model families and allowance, such as `Claude Sonnet, 1.6k GenAI Units`.
  public let plan: String
  /// The local day of the refill. Rule B-3.
  public let refillDay: LocalDay
  /// Exchange rates of the enabled models. Rule G-7.
  public let models: [ModelVersion]
  /// Units of the month that were estimated (rule M-3); part of what is used.
  public let estimated: GenAIUnits
  /// API calls of the month.
  public let calls: Int64

  public var refillsAt: Instant { state.refillsAt }
}

/// The periods that charts can show. Rule G-5. Only ``bundleMonth`` is answered so far.
public enum ConsumptionRange: String, Hashable, Sendable, CaseIterable {
  case week = "W"
  case bundleMonth = "BM"
  case monthToDate = "MTD"
  case sixMonths = "6M"
}

/// The four charts. Rule G-5.
public enum ConsumptionSeriesKind: String, Hashable, Sendable, CaseIterable {
  case units, input, output, calls

  public var title: String {
    switch self {
    case .units: "Monthly Bundle GenAI Units Consumption"
    case .input: "Monthly Bundle Input Consumption"
    case .output: "Monthly Bundle Output Consumption"
    case .calls: "Monthly Bundle API Calls"
    }
  }
}

/// One day of a period. Rule G-6.
public struct ConsumptionDay: Hashable, Sendable {
  public let day: LocalDay
  public let usage: TokenUsage
  public let units: GenAIUnits
  /// Part of `units` that was estimated. Rule M-3.
  public let estimated: GenAIUnits
  public let calls: Int64
  /// True for days that are still to come.
  public let isFuture: Bool

  /// Nano-units, tokens or calls.
  public func value(_ kind: ConsumptionSeriesKind) -> Int64 {
    switch kind {
    case .units: units.nano
    case .input: usage.shownInput.count
    case .output: usage.output.count
    case .calls: calls
    }
  }
}

/// From a day on, how much a month permits in a series' measure. Rule G-5: the line steps where the allowance changed.
public struct LimitStep: Hashable, Sendable {
  public let from: LocalDay
  /// Nano-units or tokens.
  public let limit: Int64
}

/// One chart: a value a day, what is compared with it, its limit and the running total. Rule G-5.
public struct ConsumptionSeries: Hashable, Sendable {
  public let kind: ConsumptionSeriesKind
  /// Nano-units, tokens or calls; zero for days to come.
  public let values: [Int64]
  /// The previous period aligned by day number; nil where that had no such day.
  public let previous: [Int64?]
  /// The running total at the end of each day; nil for days to come.
  public let runningTotal: [Int64?]
  /// Empty where the measure has no limit, or a filter hides it.
  public let limits: [LimitStep]
}

/// The charts and tables of one period. Rules G-5, G-6.
public struct ConsumptionPeriod: Sendable {
  public let range: ConsumptionRange
  public let zone: CompanyZone
  /// How many steps back from the current period; 0 is the current one.
  public let stepsBack: Int
  public let hasEarlier: Bool
  /// Every day of the period, days to come included.
  public let days: [ConsumptionDay]
  /// In the order of ``ConsumptionSeriesKind``.
  public let series: [ConsumptionSeries]

  public func series(_ kind: ConsumptionSeriesKind) -> ConsumptionSeries? { series.first { $0.kind == kind } }
  public var firstDay: LocalDay? { days.first?.day }
  public var lastDay: LocalDay? { days.last?.day }
}
