/// Who acts: a signed-in person. There is no current user; whoever needs to know is handed a caller.
public struct Caller: Hashable, Sendable {
  public let user: User
  /// The network address that the request came from, for the activity; empty where there is none. Rule G-20.
  public let address: String

  public init(user: User, address: String = "") {
    self.user = user
    self.address = address
  }

  public var id: UserID { user.id }

  /// What the caller is to a resource. Rule P-4.
  public func role(on resource: Resource, isOnTeam: Bool) -> ResourceRole? {
    Access.role(of: user, on: resource, isOnTeam: isOnTeam)
  }
}
