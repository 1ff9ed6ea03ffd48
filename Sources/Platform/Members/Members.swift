public import Core
import Storage

/// The people of a company. Everything here is for its admins. Rules P-4, P-7, G-9.
public struct Members: Sendable {
  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// Everybody who can get in, and the invitations. Needs ``Right/manageMembers``.
  public func list(as caller: Caller) async throws -> MembersList {
    let context = context
    let key = context.random.text(length: 20)
    return try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .manageMembers, as: caller, context)
      let now = standing.now(context.clock)
      return MembersList(
        company: CompanyView(standing.facts), now: now,
        people: try Self.people(standing, at: now, as: caller, transaction),
        invitations: try invitations(standing, at: now, transaction), idempotencyKey: key)
    }
  }

  private static func people(
    _ standing: CompanyStanding, at now: Instant, as caller: Caller, _ transaction: Transaction
  ) throws -> [MemberView] {
    let company = standing.facts.company.id
    let home = try transaction.users(of: company)
    let seen = try transaction.lastSeen(inCompany: company)
    let externals = try standing.externalMembers(at: now, transaction)
    func view(_ user: User, externalTeams: Int? = nil) -> MemberView {
      MemberView(
        user, externalTeams: externalTeams, lastSeen: seen[user.id], isSelf: user.id == caller.id, people: home)
    }
    return home.map { view($0) } + externals.map { view($0.user, externalTeams: $0.teams) }
  }

  private func invitations(
    _ standing: CompanyStanding, at now: Instant, _ transaction: Transaction
  ) throws -> [InvitationView] {
    let links = InvitationLinks(context)
    var names: [UserID: String] = [:]
    return try transaction.invitations(
      of: standing.facts.company.id, pendingAt: now, notOverBy: now.adding(milliseconds: -Invitation.afterlife)
    ).map { invitation in
      if let inviter = invitation.invitedBy, names[inviter] == nil {
        names[inviter] = try transaction.user(inviter)?.name
      }
      let state = invitation.state(at: now)
      return InvitationView(
        invitation: invitation, state: state, overAt: invitation.over(at: now),
        invitedBy: invitation.invitedBy.flatMap { names[$0] },
        link: state == .pending ? links.link(of: invitation).map { Sensitive($0) } : nil,
        teams: standing.teamNames(of: invitation, at: now))
    }
  }
}

extension CompanyStanding {
  /// Active people on teams of resources that are still there whose home is not the company, by name. Rule P-4.
  func externalMembers(at now: Instant, _ transaction: Transaction) throws -> [(user: User, teams: Int)] {
    var externals: [(user: User, teams: Int)] = []
    for (user, team) in try transaction.externalMembers(of: facts.company.id) where user.deactivatedAt == nil {
      guard let state = timeline.state(of: team, at: now), state.endedAt == nil else { continue }
      if externals.last?.user.id == user.id {
        externals[externals.count - 1].teams += 1
      } else {
        externals.append((user, 1))
      }
    }
    return externals
  }

  /// The resources that are still there of those whose team comes with an invitation.
  func teamNames(of invitation: Invitation, at now: Instant) -> [String] {
    invitation.teams.compactMap { id in
      guard let state = timeline.state(of: id, at: now), state.endedAt == nil else { return nil }
      return state.resource.name
    }
  }
}
