/// What somebody may do. Rule P-6.
public enum Right: String, Hashable, Sendable, CaseIterable {
  // On a resource.
  /// See it, its consumption, its keys' descriptions, its documentation.
  case seeResource
  case exportConsumption
  case usePlayground
  /// Create, test, revoke.
  case manageKeys
  /// Content and collections.
  case manageContent
  /// Change the models and the default model.
  case changeModel
  case editNameAndEnvironment
  /// Add, invite, withdraw, remove.
  case manageTeam
  case seeActivity
  /// See the network addresses of other people in the activity.
  case seeAddressesInActivity
  case changeCapacity
  case deprovision
  // On a company.
  case provision
  /// The Control Center with its resources.
  case seeControlCenter
  /// Balance, contracts and transactions.
  case seeCloudTokens
  /// Invite, change roles, deactivate.
  case manageMembers
  /// Name, external invitations, platform accounts.
  case manageCompany

  /// True for rights on the company rather than on one resource.
  public var isOfCompany: Bool {
    switch self {
    case .provision, .seeControlCenter, .seeCloudTokens, .manageMembers, .manageCompany: true
    case .seeResource, .exportConsumption, .usePlayground, .manageKeys, .manageContent, .changeModel,
      .editNameAndEnvironment, .manageTeam, .seeActivity, .seeAddressesInActivity, .changeCapacity, .deprovision:
      false
    }
  }
}

/// What somebody is to a resource. Rule P-4. Who is none of these doesn't learn that it exists.
public enum ResourceRole: String, Hashable, Sendable, CaseIterable {
  /// Admin of the company that the resource belongs to, on its team or not.
  case companyAdmin
  /// On its team, with the company as home.
  case internalMember
  /// On its team, with another home company or none.
  case externalMember
}
