/// What can be done with somebody of a company. Rules P-4, P-7.
public enum MemberChange: String, Codable, Hashable, Sendable, CaseIterable {
  case makeAdmin
  case makeMember
  /// Ends all access at the next request.
  case deactivate
  case reactivate

  /// What `user` is afterwards; `user` as they are where the change is already true.
  ///
  /// Deactivating is never blocked, not even of the company's last active admin: the operator can make another one. What
  /// nobody does is make the last one a member. Rule P-7.
  ///
  /// - Parameter people: everybody whose home company it is, `user` among them.
  public func applied(
    to user: User, among people: [User], at instant: Instant
  ) throws(MembershipRefusal) -> User {
    var changed = user
    switch self {
    case .makeAdmin:
      if user.deactivatedAt != nil { throw .reactivateFirst(user.name) }
      changed.companyRole = .admin
    case .makeMember:
      if user.deactivatedAt != nil { throw .reactivateFirst(user.name) }
      if Self.isLastAdmin(user, among: people) { throw .lastAdmin(user.name) }
      changed.companyRole = .member
    case .deactivate:
      if user.deactivatedAt != nil { return user }
      changed.deactivatedAt = instant
    case .reactivate:
      changed.deactivatedAt = nil
    }
    return changed
  }

  /// True of somebody with whom it was done, and of whom nobody has undone it since.
  public func isTrue(of user: User) -> Bool {
    switch self {
    case .makeAdmin: user.companyRole == .admin
    case .makeMember: user.companyRole == .member
    case .deactivate: user.deactivatedAt != nil
    case .reactivate: user.deactivatedAt == nil
    }
  }

  /// True where `user` is an active admin and nobody else of the company is.
  public static func isLastAdmin(_ user: User, among people: [User]) -> Bool {
    guard let company = user.companyID, user.isActiveAdmin(of: company) else { return false }
    return !people.contains { $0.id != user.id && $0.isActiveAdmin(of: company) }
  }
}
