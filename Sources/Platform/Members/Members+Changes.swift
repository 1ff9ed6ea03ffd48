public import Core
import Storage

extension Members {
  /// Invites somebody to the company; a second invitation to one address replaces the first. Its link is in
  /// ``list(as:)``. Needs ``Right/manageMembers``. Rules P-7, G-9.
  ///
  /// ``PlatformError/invalid(_:)`` with every problem; ``InvitationField`` names the fields.
  public func invite(
    _ request: InvitationRequest, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> InvitationID {
    let draft = InvitationDraft(context)
    return try await change("invite", idempotencyKey, mode, caller) { work in
      let asked: (person: PersonReference, role: User.CompanyRole)
      do throws(InvalidInput) { asked = try request.checked() } catch { throw PlatformError.invalid(error) }
      return try work.invite(asked.person, as: asked.role, draft).id
    }.outcome
  }

  /// "Resend": a new link and 14 more days; the earlier link stops working. Needs ``Right/manageMembers``. Rule G-9.
  ///
  /// ``PlatformError/conflict(_:)`` where the invitation was accepted, declined, withdrawn or replaced, where whoever has
  /// the address by now cannot join, or where it has expired and too many others are pending.
  public func resend(
    _ id: InvitationID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> InvitationID {
    try await change("resend-invitation:\(id)", idempotencyKey, mode, caller) { work in
      let links = InvitationLinks(work.context)
      let invitation = try work.invitation(id)
      let now = work.now
      let invitee = Invitee(try work.transaction.user(email: invitation.email), company: invitation.companyID)
      let renewed: Invitation
      do throws(MembershipRefusal) {
        renewed = try invitation.renewed(for: invitee, at: now) { links.hash(id, expiresAt: $0) }
      } catch {
        // Nothing was typed that could be mended.
        throw PlatformError.conflict(error.sentence)
      }
      if invitation.state(at: now) == .expired, try work.hasTooManyInvitations {
        throw PlatformError.conflict(CompanyWork.tooManyInvitations)
      }
      try work.transaction.update(renewed)
      work.note(ActivityDeed(.invitation, "Renewed the link of the invitation of \(invitation.inWords)"))
      return id
    }.outcome
  }

  /// Ends a pending invitation: its link stops working. Needs ``Right/manageMembers``. Rule G-9.
  ///
  /// ``PlatformError/conflict(_:)`` where it is over already.
  public func withdraw(
    _ id: InvitationID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> InvitationID {
    try await change("withdraw-invitation:\(id)", idempotencyKey, mode, caller) { work in
      let invitation = try work.invitation(id)
      try work.end(invitation, .withdrawn)
      work.note(ActivityDeed(.invitation, "Withdrew the invitation of \(invitation.inWords)"))
      return id
    }.outcome
  }

  /// Makes somebody admin or member, deactivates or reactivates them. Needs ``Right/manageMembers``. Rules P-4, P-7.
  ///
  /// ``PlatformError/conflict(_:)`` where it would make the last active admin a member, and for a repeat of what was undone
  /// since. Deactivating ends all access at the next request; keys belong to resources and stay.
  public func apply(
    _ change: MemberChange, to user: UserID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> MemberOutcome {
    let done = try await self.change("member-\(change.rawValue):\(user)", idempotencyKey, mode, caller) {
      try Self.apply(change, to: user, &$0)
    }
    if done.wasRepeated, let now = try await context.read({ try $0.user(user) }), !change.isTrue(of: now) {
      throw PlatformError.undone(now.name)
    }
    return done.outcome
  }

  static func apply(
    _ change: MemberChange, to id: UserID, _ work: inout CompanyWork
  ) throws -> MemberOutcome {
    let people = try work.transaction.users(of: work.facts.company.id)
    guard let user = people.first(where: { $0.id == id }) else {
      throw PlatformError.notFound("There is no such member of the company.")
    }
    let now = work.now
    let changed = try PlatformError.member { () throws(MembershipRefusal) in
      try change.applied(to: user, among: people, at: now)
    }
    guard changed != user else { return MemberOutcome(user: id, name: user.name, hasChanged: false) }
    switch change {
    case .makeAdmin, .makeMember: try work.transaction.update(changed)
    case .deactivate, .reactivate: try work.transaction.saveActivation(of: changed)
    }
    work.note(ActivityDeed(.member, change.deed(on: user)))
    return MemberOutcome(user: id, name: user.name, hasChanged: true)
  }

  private func change<Outcome: Codable & Sendable>(
    _ scope: String, _ key: String, _ mode: ChangeMode, _ caller: Caller,
    _ body: @escaping @Sendable (inout CompanyWork) throws -> Outcome
  ) async throws -> Changed<Outcome> {
    guard let company = caller.user.companyID else { throw Transaction.noCompany }
    return try await context.change(
      company, as: .person(caller), scope: scope, idempotencyKey: key, mode: mode
    ) { work in
      try work.authorize(.manageMembers)
      return try body(&work)
    }
  }
}

extension MemberChange {
  /// As activity has it.
  fileprivate func deed(on user: User) -> String {
    let person = "“\(user.name)” (\(user.email))"
    return switch self {
    case .makeAdmin: "Made \(person) an admin"
    case .makeMember: "Made \(person), who was an admin, a member"
    case .deactivate: "Deactivated \(person)"
    case .reactivate: "Reactivated \(person)"
    }
  }
}
