public import Core
import Storage

/// What a resource has used. From the same figures that admission enforces. Rule U-7.
public struct ConsumptionReports: Sendable {
  let context: PlatformContext
  let running: @Sendable (ResourceID) -> Consumption

  init(_ context: PlatformContext, running: @escaping @Sendable (ResourceID) -> Consumption) {
    self.context = context
    self.running = running
  }

  /// "Current Consumption". Needs ``Right/seeResource``. Rules G-4, G-7.
  public func summary(of resource: ResourceID, as caller: Caller) async throws -> ConsumptionSummary {
    let context = context
    let (found, used, days) = try await context.read { transaction in
      let found = try transaction.authorizedResource(resource, for: .seeResource, as: caller, context)
      let start = found.state.bundleMonth.start
      let used = try transaction.consumption(of: resource, bundleMonthStart: start)
      let days = try transaction.usageDays(of: resource, days: found.days, bundleMonthStart: start)
      return (found, used, days)
    }
    return ConsumptionSummary(
      state: found.state, zone: found.zone,
      measures: ConsumptionMeasure.measures(of: found.state, used: used, running: running(resource)),
      plan: context.catalog.planSentence(found.state), refillDay: found.zone.day(of: found.state.refillsAt),
      models: context.catalog.models.filter { found.resource.models.contains($0.id) },
      estimated: days.reduce(.zero) { $0 + $1.estimatedUnits }, calls: days.reduce(0) { $0 + $1.calls })
  }

  /// The charts of a period, `stepsBack` periods before the current one. Needs ``Right/seeResource``. Rule G-5.
  ///
  /// ``PlatformError/invalid(_:)`` for a range that is not answered yet; steps beyond the first period give the first.
  public func period(
    _ range: ConsumptionRange, stepsBack: Int = 0, of resource: ResourceID, as caller: Caller
  ) async throws -> ConsumptionPeriod {
    guard range == .bundleMonth else {
      throw PlatformError.invalid("range", "This version shows bundle months (BM) only.")
    }
    let context = context
    return try await context.read { transaction in
      let found = try transaction.authorizedResource(resource, for: .seeResource, as: caller, context)
      let builder = BundleMonthPeriod(found, stepsBack: stepsBack, at: found.now)
      let current = try transaction.usageDays(
        of: resource, days: builder.days, bundleMonthStart: builder.month.start)
      let previous = try builder.previous.map { previous in
        try transaction.usageDays(
          of: resource, days: builder.days(of: previous), bundleMonthStart: previous.start)
      }
      return builder.period(current: current, previous: previous)
    }
  }
}

extension AuthorizedResource {
  /// The bundle months of the resource; the same that decide its state.
  var months: BundleMonths { BundleMonths(activatedAt: resource.provisionedAt, zone: zone) }

  /// The days of the current bundle month.
  var days: ClosedRange<LocalDay> { months.days(of: state.bundleMonth) }
}
