import Core
import Storage

extension Transaction {
  /// Looks a resource up for an action: the one place that hands out resources to people. Rule P-6.
  func authorizedResource(
    _ id: ResourceID, for right: Right, as caller: Caller, at now: Instant
  ) throws -> AuthorizedResource {
    guard let resource = try resource(id) else { throw Self.noResource }
    let role = caller.role(on: resource, isOnTeam: try isOnTeam(caller.id, id))
    switch Access.decide(right, role: role) {
    case .allowed: break
    case .forbidden:
      throw PlatformError.forbidden("Your role on \"\(resource.name)\" does not allow this. Ask a company admin.")
    case .notFound: throw Self.noResource
    }
    guard let role, let company = try company(resource.companyID) else { throw Self.noResource }
    let zone = try zone(of: company)
    // Only this resource's facts: its state depends on no other's.
    let facts = CompanyFacts(
      company: company, zone: zone, resources: [resource], capacityChanges: try capacityChanges(of: id))
    let timeline = CompanyTimeline(facts)
    // A clock that was set back since must not hide a resource.
    guard let state = timeline.state(of: id, at: max(now, resource.provisionedAt)) else { throw Self.noResource }
    return AuthorizedResource(
      company: company, zone: zone, state: state, timeline: timeline, caller: caller, role: role,
      rights: Set(Right.allCases.filter { Access.allows($0, role) }))
  }

  private static var noResource: PlatformError {
    .notFound("There is no such resource, or it is not shared with you.")
  }
}
