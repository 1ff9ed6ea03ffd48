public import Core
import Storage

/// Resources as people see and order them.
public struct Resources: Sendable {
  let context: PlatformContext
  let allowances: RunningAllowances

  init(_ context: PlatformContext, allowances: RunningAllowances) {
    self.context = context
    self.allowances = allowances
  }

  /// The only way to a resource: looks it up for an action. Rule P-6.
  ///
  /// Throws ``PlatformError/notFound(_:)`` where the caller may not even see it, ``PlatformError/forbidden(_:)`` where
  /// the caller sees it but may not do this.
  public func resource(
    _ id: ResourceID, for right: Right, as caller: Caller
  ) async throws -> AuthorizedResource {
    let context = context
    return try await context.read { try $0.authorizedResource(id, for: right, as: caller, context) }
  }

  /// The resources whose team the caller is on; for company admins all of the company and those. By name. Rule G-1.
  /// Deprovisioned ones are for company admins to find in the Control Center.
  public func overview(as caller: Caller) async throws -> [ResourceOverview] {
    let (context, allowances) = (context, allowances)
    return try await context.read { transaction in
      let shared = try transaction.resourcesOnTeam(of: caller.id)
      var companies = Set(try shared.compactMap { try transaction.resource($0)?.companyID })
      if let home = caller.user.companyID { companies.insert(home) }
      return try companies.flatMap { company -> [ResourceOverview] in
        guard let standing = try context.companies.keptStanding(of: company, transaction) else { return [] }
        let now = standing.now(context.clock)
        return try standing.facts.resources.compactMap { resource in
          guard caller.role(on: resource, isOnTeam: shared.contains(resource.id)) != nil,
            let state = standing.timeline.state(of: resource.id, at: now),
            state.endedAt == nil
          else { return nil }
          let used = try transaction.consumption(of: resource.id, bundleMonthStart: state.bundleMonth.start)
          return ResourceOverview(
            state: state, region: context.catalog.region(resource.region),
            models: context.catalog.groups(of: resource.models),
            consumption: ConsumptionMeasure.measures(
              of: state, used: used, running: allowances.running(resource.id)),
            zone: standing.facts.zone)
        }
      }
    }
    .sorted { ($0.resource.name.lowercased(), $0.resource.id) < ($1.resource.name.lowercased(), $1.resource.id) }
  }
}
