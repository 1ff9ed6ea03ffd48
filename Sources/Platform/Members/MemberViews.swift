public import Core

/// Who can get into a company, and who is invited. Rules P-4, P-7.
public struct MembersList: Sendable {
  public let company: CompanyView
  /// The instant that everything here is told of.
  public let now: Instant
  /// Everybody whose home company it is, by name, then external members.
  public let people: [MemberView]
  /// Pending ones and those that were over within 30 days, newest first.
  public let invitations: [InvitationView]
  /// Fresh for each form: makes a double submit harmless.
  public let idempotencyKey: String
}

/// Somebody in the list of members.
public struct MemberView: Sendable {
  public let user: User
  /// Nil at home; for external members on how many teams they are.
  public let externalTeams: Int?
  /// When their last request came, to within five minutes; nil where there was none.
  public let lastSeen: Instant?
  /// True for whoever asks.
  public let isSelf: Bool
  /// True for the company's only active admin, who cannot be made a member.
  public let isLastAdmin: Bool
  /// What can be done with them, in the order of the menu.
  public let menu: [MemberChange]

  init(_ user: User, externalTeams: Int?, lastSeen: Instant?, isSelf: Bool, people: [User]) {
    self.user = user
    self.externalTeams = externalTeams
    self.lastSeen = lastSeen
    self.isSelf = isSelf
    isLastAdmin = MemberChange.isLastAdmin(user, among: people)
    switch (externalTeams, user.deactivatedAt, user.companyRole) {
    case (.some, _, _): menu = []
    case (nil, .some, _): menu = [.reactivate]
    case (nil, nil, _) where isLastAdmin: menu = [.deactivate]
    case (nil, nil, .admin): menu = [.makeMember, .deactivate]
    case (nil, nil, .member): menu = [.makeAdmin, .deactivate]
    }
  }
}

/// An invitation in the list. Rule G-9.
public struct InvitationView: Sendable {
  public let invitation: Invitation
  public let state: Invitation.State
  /// Since when it has been over; nil while it is pending.
  public let overAt: Instant?
  /// The inviter's name; nil for the operator.
  public let invitedBy: String?
  /// Only of a pending one. Whoever has it can accept in the invited person's place.
  public let link: Sensitive<String>?
  /// Names of the resources whose team comes with it.
  public let teams: [String]
}

/// What a change of a member did, or would do.
public struct MemberOutcome: Codable, Hashable, Sendable {
  public let user: UserID
  public let name: String
  /// False where it was true already.
  public let hasChanged: Bool
}

extension User.CompanyRole {
  /// In the middle of a sentence.
  public var inWords: String {
    switch self {
    case .admin: "admin"
    case .member: "member"
    }
  }
}
