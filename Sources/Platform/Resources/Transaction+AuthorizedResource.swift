import Core
import Storage

extension Transaction {
  /// Looks a resource up for an action: the one place that hands out resources to people. Rule P-6.
  func authorizedResource(
    _ id: ResourceID, for right: Right, as caller: Caller, _ context: PlatformContext
  ) throws -> AuthorizedResource {
    guard let resource = try resource(id) else { throw Self.noResource }
    let role = try authorize(right, on: resource, as: caller)
    guard let standing = try context.companies.keptStanding(of: resource.companyID, self) else { throw Self.noResource }
    let now = standing.now(context.clock)
    guard let state = standing.timeline.state(of: id, at: now) else { throw Self.noResource }
    return AuthorizedResource(
      company: standing.facts.company, zone: standing.facts.zone, now: now, state: state, timeline: standing.timeline,
      caller: caller, role: role, rights: Set(Right.allCases.filter { Access.allows($0, role) }))
  }

  /// What the caller is to the resource, where that permits `right`. Who may not know of it is told that there is none.
  @discardableResult
  func authorize(_ right: Right, on resource: Resource, as caller: Caller) throws -> ResourceRole {
    let role = caller.role(on: resource, isOnTeam: try isOnTeam(caller.id, resource.id))
    switch Access.decide(right, role: role) {
    case .allowed: break
    case .forbidden:
      throw PlatformError.forbidden("Your role on \"\(resource.name)\" does not allow this. Ask a company admin.")
    case .notFound: throw Self.noResource
    }
    guard let role else { throw Self.noResource }
    return role
  }

  static var noResource: PlatformError {
    .notFound("There is no such resource, or it is not shared with you.")
  }
}
