public import Core
import Storage

extension Resources {
  /// Who is on the team, by name. Needs ``Right/seeResource``. Rule G-8.
  public func team(of resource: ResourceID, as caller: Caller) async throws -> [TeamMemberView] {
    let context = context
    return try await context.read { transaction in
      let found = try transaction.authorizedResource(resource, for: .seeResource, as: caller, context)
      return try transaction.team(of: resource).map { user in
        TeamMemberView(user: user, isExternal: user.companyID != found.company.id)
      }
    }
  }
}

/// Somebody on a resource's team. Rule P-4.
public struct TeamMemberView: Hashable, Sendable {
  public let user: User
  /// True where the home company differs or is absent.
  public let isExternal: Bool
}
