/// Who may do what: the one table of rights. Rule P-6.
public enum Access {
  /// How a wish ends.
  public enum Decision: Hashable, Sendable {
    case allowed
    /// Known to exist, but not permitted: 403.
    case forbidden
    /// Not to be told from something that does not exist: 404.
    case notFound
  }

  /// What `user` is to `resource`; nil for others and for deactivated people. Rules P-4, P-7.
  public static func role(of user: User, on resource: Resource, isOnTeam: Bool) -> ResourceRole? {
    guard user.deactivatedAt == nil else { return nil }
    let isAtHome = user.companyID == resource.companyID
    if isAtHome, user.companyRole == .admin { return .companyAdmin }
    guard isOnTeam else { return nil }
    return isAtHome ? .internalMember : .externalMember
  }

  /// The table.
  public static func allows(_ right: Right, _ role: ResourceRole) -> Bool {
    switch right {
    case .seeResource, .exportConsumption, .usePlayground, .manageKeys, .manageContent, .changeModel, .seeActivity:
      true
    case .editNameAndEnvironment, .manageTeam, .seeAddressesInActivity:
      role != .externalMember
    case .changeCapacity, .deprovision, .provision, .seeControlCenter, .seeCloudTokens, .manageMembers,
      .manageCompany:
      role == .companyAdmin
    }
  }

  /// Whether `right` can be used by somebody whose role on the resource is `role`.
  public static func decide(_ right: Right, role: ResourceRole?) -> Decision {
    guard let role else { return .notFound }
    return allows(right, role) ? .allowed : .forbidden
  }

  /// Whether `user` has a right on the company itself: its active admins have them all, nobody else has any. Rights on
  /// resources are always false here: they take a resource.
  public static func allowsCompany(_ right: Right, user: User, company: CompanyID) -> Bool {
    right.isOfCompany && user.isActiveAdmin(of: company)
  }

  /// The same with the answer to give: colleagues without the right are told so, strangers see nothing.
  public static func decideCompany(_ right: Right, user: User, company: CompanyID) -> Decision {
    if allowsCompany(right, user: user, company: company) { return .allowed }
    return user.deactivatedAt == nil && user.companyID == company ? .forbidden : .notFound
  }
}

extension User {
  /// True for an admin of `company` who was not deactivated. Rule P-4.
  public func isActiveAdmin(of company: CompanyID) -> Bool {
    deactivatedAt == nil && companyID == company && companyRole == .admin
  }
}
