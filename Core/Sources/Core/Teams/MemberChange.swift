/// What can be done with somebody of a company. Rules P-4, P-7.
public enum MemberChange: String, Codable, Hashable, Sendable, CaseIterable {
  case makeAdmin
  case makeMember
  /// Ends all access at the next request.
  case deactivate
  case reactivate

  /// What `user` is afterwards; `user` as they are where the change is already true.
  ///
  /// A company keeps an active admin as far as its people can decide it: nobody makes the last one a member, and nobody of
  /// the company deactivates them. The operator may, who can make another one. Rule P-7.
  ///
  /// - Parameters:
  ///   - people: everybody whose home company it is, `user` among them.
  ///   - isByOperator: whether the operator does it.
  public func applied(
    to user: User, among people: [User], isByOperator: Bool, at instant: Instant
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
      if !isByOperator, Self.isLastAdmin(user, among: people) { throw .lastAdmin(user.name) }
      changed.deactivatedAt = instant
    case .reactivate:
      changed.deactivatedAt = nil
    }
    return changed
  }

  /// True where `user` is an active admin and nobody else of the company is.
  public static func isLastAdmin(_ user: User, among people: [User]) -> Bool {
    guard let company = user.companyID, user.isActiveAdmin(of: company) else { return false }
    return !people.contains { $0.id != user.id && $0.isActiveAdmin(of: company) }
  }
}
