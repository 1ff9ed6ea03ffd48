public import Core
import Storage

/// The activity as the people of a company read it. Rules G-20, P-6.
public struct ActivityLog: Sendable {
  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// Everything in the caller's home company. ``PlatformError/forbidden(_:)`` for all but company admins.
  public func activity(_ query: ActivityQuery = ActivityQuery(), as caller: Caller) async throws -> ActivityPage {
    let context = context
    try await context.settleIfDue {
      try $0.authorizedStanding(for: .manageCompany, as: caller, context).facts.company.id
    }
    return try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .manageCompany, as: caller, context)
      return try Self.page(
        query, of: CompanyView(standing.facts), resource: nil, as: caller, seesAddresses: true, transaction)
    }
  }

  /// What concerns one resource. ``PlatformError/notFound(_:)`` for somebody who may not know of it. Other people's
  /// addresses are left out for somebody who lacks ``Right/seeAddressesInActivity``.
  public func activity(
    of resource: ResourceID, _ query: ActivityQuery = ActivityQuery(), as caller: Caller
  ) async throws -> ActivityPage {
    let context = context
    try await context.settleIfDue {
      try $0.authorizedResource(resource, for: .seeActivity, as: caller, context).company.id
    }
    return try await context.read { transaction in
      let found = try transaction.authorizedResource(resource, for: .seeActivity, as: caller, context)
      return try Self.page(
        query, of: CompanyView(company: found.company, zone: found.zone), resource: found.state, as: caller,
        seesAddresses: found.may(.seeAddressesInActivity), transaction)
    }
  }

  private static func page(
    _ query: ActivityQuery, of company: CompanyView, resource: ResourceState?, as caller: Caller, seesAddresses: Bool,
    _ transaction: Transaction
  ) throws -> ActivityPage {
    let id = company.company.id
    let filter = ActivityFilter(resource: resource?.resource.id, kind: query.kind, doer: query.doer)
    let entries = try transaction.activity(
      of: id, filter, offset: query.page * ActivityQuery.pageSize, limit: ActivityQuery.pageSize)
    let people = try transaction.activityPeople(of: id, resource: filter.resourceID)
    return ActivityPage(
      company: company, resource: resource,
      lines: Page(
        elements: entries.map { ActivityLine($0, seenBy: caller, seesAddresses: seesAddresses) }, number: query.page,
        size: ActivityQuery.pageSize, totalElements: try transaction.activityCount(of: id, filter)),
      people: people.map { ActivityPerson(id: $0.id, name: $0.name) })
  }
}

extension ActivityLine {
  fileprivate init(_ entry: ActivityEntry, seenBy caller: Caller, seesAddresses: Bool) {
    var actor = entry.actor
    if case .person(let id, let name, _) = actor, !seesAddresses, id != caller.id {
      actor = .person(id, name: name, address: "")
    }
    self.init(
      position: entry.position, at: entry.at, actor: actor, kind: entry.deed.kind, resourceID: entry.deed.resourceID,
      sentence: entry.deed.sentence)
  }
}
