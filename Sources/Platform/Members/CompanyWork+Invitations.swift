import Core
import Storage

extension CompanyWork {
  /// Invitations of a company that may be pending at a time.
  static let mostPending = 1_000

  static let tooManyInvitations =
    "\(UnitsFormat.grouped(Int64(mostPending))) invitations are pending, and more are not possible. Withdraw those that "
    + "nobody will accept."

  /// True where no more invitation may become pending.
  var hasTooManyInvitations: Bool {
    get throws { try transaction.pendingInvitationCount(of: facts.company.id, at: now) >= Self.mostPending }
  }

  /// Invites `person` to the company, in place of an earlier invitation to the same address, whose teams the new one takes
  /// over. Rules P-7, G-9.
  ///
  /// ``PlatformError/invalid(_:)`` where the address can't be invited, ``PlatformError/refused(_:)`` where too many are
  /// pending.
  mutating func invite(
    _ person: PersonReference, as role: User.CompanyRole, teams: [ResourceID] = [], _ draft: InvitationDraft
  ) throws -> Invitation {
    let company = facts.company.id
    let holder = try transaction.user(email: person.email)
    try PlatformError.member { () throws(MembershipRefusal) in
      try Invitee(holder, company: company).requireInvitable()
    }
    let earlier = try transaction.openInvitation(to: person.email, of: company)
    if let earlier {
      try end(earlier, .replaced)
    } else if try hasTooManyInvitations {
      throw PlatformError.refused([Self.tooManyInvitations])
    }
    let expiresAt = now.adding(milliseconds: Invitation.life)
    let invitation = Invitation(
      id: draft.id, companyID: company, person: person, role: role,
      tokenHash: InvitationLinks(context).hash(draft.id, expiresAt: expiresAt), invitedBy: actorID, createdAt: now,
      expiresAt: expiresAt, teams: (earlier?.teams ?? []) + teams)
    try transaction.insert(invitation)
    let instead = earlier == nil ? "" : ", in place of an earlier invitation"
    note(ActivityDeed(.invitation, "Invited \(invitation.inWords) as \(role.inWords)\(instead)"))
    return invitation
  }

  /// Rules: the person whom a new resource is for joins its team, or is invited to the company and joins it with
  /// the acceptance. A link that was sent before stays good.
  mutating func addNamedUser(
    _ person: PersonReference, to resource: Resource, _ draft: InvitationDraft
  ) throws -> ProvisioningInvitation {
    let company = facts.company.id
    switch Invitee(try transaction.user(email: person.email), company: company) {
    case .atHome(let user):
      try addToTeam(user, of: resource)
      return .onTeam
    case .deactivated, .elsewhere: return .notInvited
    case .unknown, .withoutCompany:
      if let open = try transaction.openInvitation(to: person.email, of: company), open.state(at: now) == .pending {
        try transaction.update(open.joining([resource.id]))
      } else {
        if try hasTooManyInvitations { return .tooMany }
        _ = try invite(person, as: .member, teams: [resource.id], draft)
      }
      note(ActivityDeed(.invitation, resource: resource.id, "Invited \(person.name) to the team of “\(resource.name)”"))
      return .invited
    }
  }

  /// An invitation of this company; who may manage members may know of each.
  func invitation(_ id: InvitationID) throws -> Invitation {
    guard let invitation = try transaction.invitation(id), invitation.companyID == facts.company.id,
      invitation.isVisible(at: now)
    else { throw PlatformError.notFound("There is no such invitation. It may have been over for a month.") }
    return invitation
  }

  /// Ends an invitation for good.
  func end(_ invitation: Invitation, _ ending: Invitation.End.Ending, by user: UserID? = nil) throws {
    let by = user ?? actorID
    try transaction.update(
      try PlatformError.member { () throws(MembershipRefusal) in try invitation.ended(ending, by: by, at: now) })
  }

  /// What an acceptance brings: the end of the invitation and the teams of resources that are still there. Rule R-4.
  mutating func welcome(_ user: User, with invitation: Invitation) throws {
    try end(invitation, .accepted, by: user.id)
    note(ActivityDeed(.member, "Accepted the invitation and joined the company as \(user.companyRole.inWords)"))
    for id in invitation.teams {
      guard let state = timeline.state(of: id, at: now), state.endedAt == nil else { continue }
      try transaction.addToTeam(user.id, id, at: now)
      note(ActivityDeed(.team, resource: id, "Joined the team of “\(state.resource.name)” with the invitation"))
    }
  }

  /// Nil for the operator and the schedule.
  var actorID: UserID? { if case .person(let caller) = actor { caller.id } else { nil } }
}

extension Invitation {
  /// As activity names it: `“Bob” (bob@example.com)`.
  var inWords: String { "“\(name)” (\(email))" }
}

extension PlatformError {
  /// Runs a decision of Core and tells its refusal as the platform does.
  static func member<Value>(_ body: () throws(MembershipRefusal) -> Value) throws(PlatformError) -> Value {
    do throws(MembershipRefusal) { return try body() } catch { throw PlatformError(error) }
  }

  init(_ refusal: MembershipRefusal) {
    self =
      switch refusal {
      case .isHere, .isDeactivatedHere, .cannotJoin: .invalid(InvitationField.email.rawValue, refusal.sentence)
      case .otherAddress: .forbidden(refusal.sentence)
      case .lastAdmin, .reactivateFirst, .belongsElsewhere, .isDeactivated, .hasAccount, .over:
        .conflict(refusal.sentence)
      }
  }
}
