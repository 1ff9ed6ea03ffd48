/// The id of an invitation. It is no secret: the token in the link is.
public typealias InvitationID = Identifier<Invitation>

/// Somebody is asked to join a company, by a link that works once and for one address. Rules P-7, G-9.
public struct Invitation: Hashable, Sendable {
  /// Milliseconds for which a link works: 14 days.
  public static let life: Int64 = 14 * 86_400_000
  /// Milliseconds for which an invitation stays visible after its end: 30 days.
  public static let afterlife: Int64 = 30 * 86_400_000

  /// How an invitation ended, by whom and when.
  public struct End: Hashable, Sendable {
    public enum Ending: String, Hashable, Sendable, CaseIterable { case accepted, declined, withdrawn, replaced }

    public let ending: Ending
    /// Nil for the operator, and for somebody who held the link without being signed in.
    public let by: UserID?
    public let at: Instant

    public init(_ ending: Ending, by: UserID?, at: Instant) {
      self.ending = ending
      self.by = by
      self.at = at
    }
  }

  /// What an invitation is at an instant.
  public enum State: String, Hashable, Sendable, CaseIterable {
    case pending, accepted, declined, withdrawn, replaced, expired
  }

  public let id: InvitationID
  public let companyID: CompanyID
  /// Whom it is for, as the inviter wrote it; who accepts may correct it.
  public let name: String
  /// Canonical. Only this address can accept.
  public let email: String
  public let role: User.CompanyRole
  /// SHA-256 of the token in the link.
  public private(set) var tokenHash: [UInt8]
  /// Nil for the operator.
  public let invitedBy: UserID?
  public let createdAt: Instant
  public private(set) var expiresAt: Instant
  /// Nil while nobody has ended it; it may have expired all the same.
  public private(set) var end: End?
  /// Resources whose team is joined with the acceptance, in the order of their ids. Rule R-4.
  public private(set) var teams: [ResourceID]

  public init(
    id: InvitationID, companyID: CompanyID, person: PersonReference, role: User.CompanyRole, tokenHash: [UInt8],
    invitedBy: UserID?, createdAt: Instant, expiresAt: Instant, end: End? = nil, teams: [ResourceID] = []
  ) {
    self.id = id
    self.companyID = companyID
    name = person.name
    email = person.email
    self.role = role
    self.tokenHash = tokenHash
    self.invitedBy = invitedBy
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.end = end
    self.teams = Set(teams).sorted()
  }

  /// Pending until it is ended or its 14 days are over; at that very instant it has expired.
  public func state(at instant: Instant) -> State {
    switch end?.ending {
    case .accepted: .accepted
    case .declined: .declined
    case .withdrawn: .withdrawn
    case .replaced: .replaced
    case nil: instant < expiresAt ? .pending : .expired
    }
  }

  /// Since when it has been over; nil while it is pending.
  public func over(at instant: Instant) -> Instant? {
    if let end { return end.at }
    return instant < expiresAt ? nil : expiresAt
  }

  /// True while it is pending, and for 30 days afterwards.
  public func isVisible(at instant: Instant) -> Bool {
    guard let over = over(at: instant) else { return true }
    return instant.millisecondsSince(over) < Self.afterlife
  }
}

extension Invitation {
  /// "Resend": a new link with 14 days of its own; the one before stops working. Also of an expired invitation, but not
  /// of one that was accepted, declined, withdrawn or replaced, and not where accepting it would be in vain.
  ///
  /// `invitee` is whoever has the address by now; who is at home already can still join the teams that come with it.
  /// `tokenHash` is that of the new link, given when it will expire.
  public func renewed(
    for invitee: Invitee, at instant: Instant, tokenHash: (Instant) -> [UInt8]
  ) throws(MembershipRefusal) -> Invitation {
    if end != nil { throw .over(state(at: instant)) }
    switch invitee {
    case .atHome where !teams.isEmpty: break
    case .unknown, .withoutCompany, .atHome, .deactivated, .elsewhere: try invitee.requireInvitable()
    }
    var renewed = self
    renewed.expiresAt = instant.adding(milliseconds: Self.life)
    renewed.tokenHash = tokenHash(renewed.expiresAt)
    return renewed
  }

  /// The same, ended. Only a pending invitation can be accepted, declined or withdrawn; an expired one can be replaced.
  public func ended(_ ending: End.Ending, by user: UserID?, at instant: Instant) throws(MembershipRefusal) -> Invitation
  {
    let state = state(at: instant)
    guard state == .pending || (state == .expired && ending == .replaced) else { throw .over(state) }
    var ended = self
    ended.end = End(ending, by: user, at: instant)
    return ended
  }

  /// The same, with the teams of other resources as well.
  public func joining(_ resources: [ResourceID]) -> Invitation {
    var invitation = self
    invitation.teams = Set(teams + resources).sorted()
    return invitation
  }
}
