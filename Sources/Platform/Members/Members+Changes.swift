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
    try await invite(
      request, to: try home(of: caller), idempotencyKey: idempotencyKey, mode: mode, as: .person(caller))
  }

  /// The same for the operator. Rule P-1.
  func invite(
    _ request: InvitationRequest, to company: CompanyID, idempotencyKey: String, mode: ChangeMode, as actor: Actor
  ) async throws -> InvitationID {
    let draft = InvitationDraft(context)
    return try await context.change(company, as: actor, scope: "invite", idempotencyKey: idempotencyKey, mode: mode) {
      work in
      try work.authorize(.manageMembers)
      let asked: (person: PersonReference, role: User.CompanyRole)
      do throws(InvalidInput) { asked = try request.checked() } catch { throw PlatformError.invalid(error) }
      return try work.invite(asked.person, as: asked.role, draft).id
    }.outcome
  }

  /// "Resend": a new link and 14 more days; the earlier link stops working. Needs ``Right/manageMembers``. Rule G-9.
  ///
  /// ``PlatformError/conflict(_:)`` where the invitation was accepted, declined, withdrawn or replaced.
  public func resend(
    _ id: InvitationID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> InvitationID {
    try await change("resend-invitation:\(id)", idempotencyKey, mode, caller) { work in
      let links = InvitationLinks(work.context)
      let invitation = try work.invitation(id)
      let now = work.now
      let renewed = try PlatformError.member { () throws(MembershipRefusal) in
        try invitation.renewed(at: now) { links.hash(id, expiresAt: $0) }
      }
      try work.transaction.update(renewed)
      work.note(ActivityDeed(.invitation, "Renewed the link of the invitation of \(invitation.inWords)"))
      return id
    }
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
    }
  }

  /// Makes somebody admin or member, deactivates or reactivates them. Needs ``Right/manageMembers``. Rules P-4, P-7.
  ///
  /// ``PlatformError/conflict(_:)`` where it would leave the company without an active admin. Deactivating ends all
  /// access at the next request; keys belong to resources and stay.
  public func apply(
    _ change: MemberChange, to user: UserID, idempotencyKey: String, mode: ChangeMode = .commit, as caller: Caller
  ) async throws -> MemberOutcome {
    try await self.change("member-\(change.rawValue):\(user)", idempotencyKey, mode, caller) {
      try Self.apply(change, to: user, &$0)
    }
  }

  /// The same for the operator, who may deactivate a company's last admin too. Rule P-1.
  func apply(
    _ change: MemberChange, to user: UserID, of company: CompanyID, idempotencyKey: String, mode: ChangeMode,
    as actor: Actor
  ) async throws -> MemberOutcome {
    try await context.change(
      company, as: actor, scope: "member-\(change.rawValue):\(user)", idempotencyKey: idempotencyKey, mode: mode
    ) { work in
      try work.authorize(.manageMembers)
      return try Self.apply(change, to: user, &work)
    }.outcome
  }

  private static func apply(
    _ change: MemberChange, to id: UserID, _ work: inout CompanyWork
  ) throws -> MemberOutcome {
    let people = try work.transaction.users(of: work.facts.company.id)
    guard let user = people.first(where: { $0.id == id }) else {
      throw PlatformError.notFound("There is no such member of the company.")
    }
    let (now, isByOperator) = (work.now, work.actor == .operator)
    let changed = try PlatformError.member { () throws(MembershipRefusal) in
      try change.applied(to: user, among: people, isByOperator: isByOperator, at: now)
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
  ) async throws -> Outcome {
    try await context.change(
      try home(of: caller), as: .person(caller), scope: scope, idempotencyKey: key, mode: mode
    ) { work in
      try work.authorize(.manageMembers)
      return try body(&work)
    }.outcome
  }

  private func home(of caller: Caller) throws -> CompanyID {
    guard let company = caller.user.companyID else { throw Transaction.noCompany }
    return company
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
