import Core
import Storage

/// Makes the charts of one bundle month from its roll-ups. Rule G-5.
struct BundleMonthPeriod {
  let month: BundleMonth
  /// The month before; nil for the first.
  let previous: BundleMonth?
  let days: ClosedRange<LocalDay>
  private let stepsBack: Int
  private let found: AuthorizedResource
  private let months: BundleMonths
  private let today: LocalDay

  init(_ found: AuthorizedResource, stepsBack: Int, at now: Instant) {
    self.found = found
    let current = found.state.bundleMonth.index
    let index = max(0, current - max(0, stepsBack))
    self.stepsBack = current - index
    months = found.months
    month = months.month(index)
    previous = index > 0 ? months.month(index - 1) : nil
    days = months.days(of: month)
    today = found.zone.day(of: now)
  }

  func days(of month: BundleMonth) -> ClosedRange<LocalDay> { months.days(of: month) }

  func period(current: [UsageDay], previous earlier: [UsageDay]?) -> ConsumptionPeriod {
    let days = Self.days(self.days, current, today: today)
    let before = previous.map { Self.days(months.days(of: $0), earlier ?? [], today: today) }
    return ConsumptionPeriod(
      range: .bundleMonth, zone: found.zone, stepsBack: stepsBack, hasEarlier: previous != nil, days: days,
      series: ConsumptionSeriesKind.allCases.map { series($0, days, before) })
  }

  private func series(
    _ kind: ConsumptionSeriesKind, _ days: [ConsumptionDay], _ before: [ConsumptionDay]?
  ) -> ConsumptionSeries {
    var total: Int64 = 0
    let runningTotal = days.map { day -> Int64? in
      guard !day.isFuture else { return nil }
      total += day.value(kind)
      return total
    }
    return ConsumptionSeries(
      kind: kind, values: days.map { $0.value(kind) },
      previous: days.indices.map { index in
        guard let before, index < before.count else { return nil }
        return before[index].value(kind)
      },
      runningTotal: runningTotal, limits: limits(kind))
  }

  /// Rule G-5: the line steps where the allowance changed. Of several changes on a day the last one counts.
  private func limits(_ kind: ConsumptionSeriesKind) -> [LimitStep] {
    let steps = found.timeline.allowances(of: found.resource.id, from: month.start, to: month.end)
    return steps.reduce(into: []) { result, step in
      guard let limit = kind.limit(step.allowance) else { return }
      let day = max(days.lowerBound, found.zone.day(of: step.from))
      if result.last?.from == day { result.removeLast() }
      if result.last?.limit != limit { result.append(LimitStep(from: day, limit: limit)) }
    }
  }

  /// Every day of the range, with what its roll-ups add up to.
  private static func days(
    _ range: ClosedRange<LocalDay>, _ rows: [UsageDay], today: LocalDay
  ) -> [ConsumptionDay] {
    let byDay = Dictionary(grouping: rows, by: \.day)
    return (range.lowerBound.number...range.upperBound.number).map { number in
      let day = LocalDay(number: number)
      let rows = byDay[day] ?? []
      return ConsumptionDay(
        day: day, usage: rows.reduce(.zero) { $0 + $1.usage }, units: rows.reduce(.zero) { $0 + $1.units },
        estimated: rows.reduce(.zero) { $0 + $1.estimatedUnits }, calls: rows.reduce(0) { $0 + $1.calls },
        isFuture: day > today)
    }
  }
}

extension ConsumptionSeriesKind {
  /// What an allowance permits in this measure; nil where it says nothing of it.
  func limit(_ allowance: Allowance) -> Int64? {
    switch (self, allowance) {
    case (.units, .units(let units)): units.nano
    case (.input, .plan(let input, _)): input.count
    case (.output, .plan(_, let output)): output?.count
    default: nil
    }
  }
}
