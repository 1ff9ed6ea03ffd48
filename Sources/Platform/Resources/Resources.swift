public import Core
import Storage

/// Resources as people see and order them.
public struct Resources: Sendable {
  let context: PlatformContext
  let running: @Sendable (ResourceID) -> Consumption

  init(_ context: PlatformContext, running: @escaping @Sendable (ResourceID) -> Consumption) {
    self.context = context
    self.running = running
  }

  /// The only way to a resource: looks it up for an action. Rule P-6.
  ///
  /// Throws ``PlatformError/notFound(_:)`` where the caller may not even see it, ``PlatformError/forbidden(_:)`` where
  /// the caller sees it but may not do this.
  public func resource(
    _ id: ResourceID, for right: Right, as caller: Caller
  ) async throws -> AuthorizedResource {
    let now = context.clock.now()
    return try await context.read { try $0.authorizedResource(id, for: right, as: caller, at: now) }
  }

  /// The resources whose team the caller is on; for company admins all of the company and those. By name. Rule G-1.
  public func overview(as caller: Caller) async throws -> [ResourceOverview] {
    let now = context.clock.now()
    let catalog = context.catalog
    let running = running
    return try await context.read { transaction in
      let shared = try transaction.resourcesOnTeam(of: caller.id)
      var companies = Set(try shared.compactMap { try transaction.resource($0)?.companyID })
      if let home = caller.user.companyID { companies.insert(home) }
      return try companies.flatMap { company -> [ResourceOverview] in
        guard let facts = try transaction.companyFacts(company) else { return [] }
        let timeline = CompanyTimeline(facts)
        return try facts.resources.compactMap { resource in
          guard caller.role(on: resource, isOnTeam: shared.contains(resource.id)) != nil,
            let state = timeline.state(of: resource.id, at: max(now, resource.provisionedAt))
          else { return nil }
          let used = try transaction.consumption(of: resource.id, bundleMonthStart: state.bundleMonth.start)
          return ResourceOverview(
            state: state, region: catalog.region(resource.region), models: catalog.groups(of: resource.models),
            consumption: ConsumptionMeasure.measures(of: state, used: used, running: running(resource.id)),
            zone: facts.zone)
        }
      }
    }
    .sorted { ($0.resource.name.lowercased(), $0.resource.id) < ($1.resource.name.lowercased(), $1.resource.id) }
  }

  /// The Control Center's list. ``PlatformError/forbidden(_:)`` for all but company admins. Rule R-1.
  public func controlCenter(as caller: Caller) async throws -> ControlCenterList {
    let now = context.clock.now()
    let facts = try await context.read { try $0.homeFacts(for: .seeControlCenter, as: caller) }
    let timeline = CompanyTimeline(facts)
    let rows = facts.resources.reversed().compactMap { resource -> ControlCenterRow? in
      guard let state = timeline.state(of: resource.id, at: max(now, resource.provisionedAt)) else { return nil }
      return ControlCenterRow(
        state: state, region: context.catalog.region(resource.region),
        models: context.catalog.groups(of: resource.models), plan: context.catalog.planLabel(state),
        statusDay: state.statusChangesAt.map(facts.zone.day))
    }
    return ControlCenterList(
      company: CompanyView(facts), rows: rows, balance: timeline.balance(at: now),
      reasons: reasons(facts, at: now), orderPath: context.branding.orderPath)
  }

  /// Why nothing at all can be provisioned. Rule E-5.
  func reasons(_ facts: CompanyFacts, at now: Instant) -> [IneligibilityReason] {
    Eligibility.reasons(facts: facts, asking: Eligibility.smallestAmount, at: now, branding: context.branding)
  }
}
