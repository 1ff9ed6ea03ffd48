public import Core
import Storage

extension Resources {
  /// The Control Center's list. ``PlatformError/forbidden(_:)`` for all but company admins. Rule R-1.
  public func controlCenter(as caller: Caller) async throws -> ControlCenterList {
    let context = context
    let standing = try await context.read {
      try $0.authorizedStanding(for: .seeControlCenter, as: caller, context)
    }
    let now = standing.now(context.clock)
    return ControlCenterList(
      company: CompanyView(standing.facts),
      rows: context.controlCenter.rows(of: standing, at: now, catalog: context.catalog),
      balance: standing.timeline.balance(at: now), reasons: reasons(standing, at: now),
      orderPath: context.branding.orderPath)
  }

  /// Why nothing at all can be provisioned. Rule E-5.
  func reasons(_ standing: CompanyStanding, at now: Instant) -> [IneligibilityReason] {
    Eligibility.reasons(
      facts: standing.facts, timeline: standing.timeline, asking: Eligibility.smallestAmount, at: now,
      branding: context.branding)
  }

  /// What the pages and dialogs that change one resource need. Company admins only. Rules.
  public func changePage(of id: ResourceID, as caller: Caller) async throws -> ResourceChangePage {
    let context = context
    return try await context.read { transaction in
      let found = try transaction.authorizedResource(id, for: .changeCapacity, as: caller, context)
      guard let standing = try context.companies.keptStanding(of: found.company.id, transaction) else {
        throw Transaction.noResource
      }
      let now = found.now
      return ResourceChangePage(
        row: ControlCenterRow(found.state, standing, at: found.now, context.catalog),
        company: CompanyView(standing.facts),
        balance: standing.timeline.balance(at: now), reasons: reasons(standing, at: now),
        orderPath: context.branding.orderPath,
        knowledgeBases: DeprovisioningPlan.knowledgeBases(
          of: id, facts: standing.facts, timeline: standing.timeline, at: now),
        embeddings: found.resource.embeddingsResource.flatMap { standing.timeline.state(of: $0, at: now) },
        idempotencyKey: context.random.text(length: 20))
    }
  }
}
