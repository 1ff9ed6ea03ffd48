/// Who acts: a signed-in person. There is no current user; whoever needs to know is handed a caller.
public struct Caller: Hashable, Sendable {
  public let user: User

  public init(user: User) { self.user = user }

  public var id: UserID { user.id }

  /// What the caller is to a resource. Rule P-4.
  public func role(on resource: Resource, isOnTeam: Bool) -> ResourceRole? {
    Access.role(of: user, on: resource, isOnTeam: isOnTeam)
  }
}
