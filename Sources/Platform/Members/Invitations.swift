public import Core
import Storage

/// Invitations as those see them who hold the link. Rules P-7, G-9.
public struct Invitations: Sendable {
  let context: PlatformContext
  let accounts: Accounts

  init(_ context: PlatformContext, accounts: Accounts) {
    self.context = context
    self.accounts = accounts
  }

  /// What the link with `token` offers to somebody, signed in or not. ``PlatformError/notFound(_:)`` for a link that never
  /// was, was renewed, or has been over for 30 days.
  public func open(token: String, as person: SignedIn?) async throws -> OpenInvitation {
    let context = context
    let hash = try Self.hash(token)
    let key = context.random.text(length: 20)
    return try await context.read { transaction in
      let invitation = try Self.find(hash, transaction)
      guard let standing = try context.companies.keptStanding(of: invitation.companyID, transaction) else {
        throw Self.isWrong
      }
      let now = standing.now(context.clock)
      guard invitation.isVisible(at: now) else { throw Self.isWrong }
      let zone = standing.facts.zone
      return OpenInvitation(
        company: standing.facts.company.name,
        invitedBy: try invitation.invitedBy.flatMap { try transaction.user($0)?.name },
        name: invitation.name, role: invitation.role, teams: standing.teamNames(of: invitation, at: now),
        lastDay: zone.day(of: invitation.expiresAt.adding(milliseconds: -1)), zone: zone,
        offer: try Self.offer(invitation, to: person?.user, at: now, transaction), idempotencyKey: key)
    }
  }

  private static func offer(
    _ invitation: Invitation, to user: User?, at now: Instant, _ transaction: Transaction
  ) throws -> OpenInvitation.Offer {
    let state = invitation.state(at: now)
    guard state == .pending else { return .over(state) }
    guard let user else {
      return try transaction.user(email: invitation.email) == nil
        ? .createAccount(email: invitation.email)
        : .signIn(maskedEmail: EmailAddress.masked(invitation.email))
    }
    do throws(MembershipRefusal) {
      _ = try invitation.accepted(by: user, at: now)
      return .accept
    } catch {
      return .refused(error.sentence)
    }
  }

  /// Makes an account for the invited address, at home in the company, and signs it in. Rules P-3, P-7.
  ///
  /// A repeat with the same `idempotencyKey` and password signs in once more. Throws ``PlatformError/notFound(_:)`` for a
  /// wrong link, ``PlatformError/conflict(_:)`` where it is over or the address has an account by now,
  /// ``PlatformError/invalid(_:)`` with every problem of the form.
  public func accept(
    _ form: AcceptanceForm, token: String, idempotencyKey: String, from origin: ClientOrigin
  ) async throws -> NewSession {
    let found = try await found(token)
    let name = try Self.name(of: form)
    let user = User(
      id: context.random.identifier(), name: name, email: found.email, companyID: found.companyID,
      companyRole: found.role)
    let passwordHash = try await accounts.passwords.hash(form.password)
    let fresh = FreshSession(for: user, from: origin, context)
    let hash = found.tokenHash
    let done = try await context.change(
      found.companyID, as: .person(Caller(user: user, address: origin.address)), scope: "accept:\(found.id)",
      idempotencyKey: idempotencyKey
    ) { work in
      let invitation = try Self.find(hash, work.transaction)
      let (holder, now) = (try work.transaction.user(email: invitation.email), work.now)
      let newcomer = try PlatformError.member { () throws(MembershipRefusal) in
        try invitation.newcomer(user.id, name: name, holder: holder, at: now)
      }
      // Somebody may have got the address since, by another company's invitation.
      guard try work.transaction.insertUnlessTaken(newcomer, passwordHash: passwordHash) else {
        throw PlatformError(.hasAccount(EmailAddress.masked(newcomer.email)))
      }
      try work.welcome(newcomer, with: invitation)
      try fresh.insert(into: work.transaction)
      return InvitationOutcome(company: work.facts.company.name)
    }
    guard done.wasRepeated else { return fresh.result }
    return try await accounts.signIn(email: found.email, password: form.password, from: origin)
  }

  private static func name(of form: AcceptanceForm) throws(PlatformError) -> String {
    var problems: [FieldProblem] = []
    let name = PersonName.read(form.name, InvitationField.name.rawValue, whose: "your", &problems)
    if let problem = PasswordHasher.problem(with: form.password) {
      problems.append(FieldProblem(InvitationField.password.rawValue, problem))
    }
    guard problems.isEmpty, let name else { throw .invalid(InvalidInput(problems)) }
    return name
  }

  /// Accepts for somebody who is signed in: they join the company, or, at home there already, only the teams.
  ///
  /// Throws ``PlatformError/forbidden(_:)`` under another address than the invited one, which is masked;
  /// ``PlatformError/conflict(_:)`` where it is over or they belong to another company.
  public func accept(
    token: String, idempotencyKey: String, as caller: Caller
  ) async throws -> InvitationOutcome {
    let found = try await found(token)
    let hash = found.tokenHash
    return try await context.change(
      found.companyID, as: .person(caller), scope: "accept:\(found.id)", idempotencyKey: idempotencyKey
    ) { work in
      let invitation = try Self.find(hash, work.transaction)
      guard let user = try work.transaction.user(caller.id) else { throw Self.isWrong }
      let now = work.now
      let joined = try PlatformError.member { () throws(MembershipRefusal) in
        try invitation.accepted(by: user, at: now)
      }
      if user.companyID == nil, try !work.transaction.setHome(of: joined) { throw PlatformError(.belongsElsewhere) }
      try work.welcome(joined, with: invitation)
      return InvitationOutcome(company: work.facts.company.name)
    }.outcome
  }

  /// Declines, for whoever holds the link: signed in only under the invited address. Who is not signed in may be anybody,
  /// and activity says no more than that. Rule G-9.
  ///
  /// Throws what ``accept(token:idempotencyKey:as:)`` throws.
  public func decline(
    token: String, idempotencyKey: String, as caller: Caller?, from origin: ClientOrigin
  ) async throws -> InvitationOutcome {
    let found = try await found(token)
    if let caller {
      try PlatformError.member { () throws(MembershipRefusal) in try found.requireAddress(of: caller.user) }
    }
    let actor = caller ?? Caller(user: Self.holder, address: origin.address)
    let hash = found.tokenHash
    return try await context.change(
      found.companyID, as: .person(actor), scope: "decline:\(found.id)", idempotencyKey: idempotencyKey
    ) { work in
      let invitation = try Self.find(hash, work.transaction)
      let (now, by) = (work.now, caller?.id)
      try work.transaction.update(
        try PlatformError.member { () throws(MembershipRefusal) in try invitation.ended(.declined, by: by, at: now) })
      let how = caller == nil ? " by its link, without signing in" : ""
      work.note(ActivityDeed(.invitation, "Declined the invitation of \(invitation.inWords)\(how)"))
      return InvitationOutcome(company: work.facts.company.name)
    }.outcome
  }

  private func found(_ token: String) async throws -> Invitation {
    let hash = try Self.hash(token)
    return try await context.read { try Self.find(hash, $0) }
  }

  private static func find(_ hash: [UInt8], _ transaction: Transaction) throws -> Invitation {
    guard let invitation = try transaction.invitation(tokenHash: hash) else { throw isWrong }
    return invitation
  }

  private static func hash(_ token: String) throws(PlatformError) -> [UInt8] {
    guard (1...Accounts.longestToken).contains(token.utf8.count) else { throw isWrong }
    return Digest.ofToken(token)
  }

  /// Whoever held a link without being signed in, as activity names them: nobody's id, and no name of anybody.
  private static let holder = User(
    id: UserID(""), name: "Whoever had the link", email: "", companyID: nil, companyRole: .member)

  private static let isWrong = PlatformError.notFound(
    "This invitation link does not work. Check that you copied all of it, or ask whoever invited you for a new one.")
}
