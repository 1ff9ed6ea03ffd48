import Core
import Storage
import TestSupport

@testable import Platform

extension World {
  var members: Members { services.members }

  /// A submit that came from no form before.
  func submit() -> String { context.random.text(length: 12) }

  @discardableResult
  func invite(
    _ name: String = "Chen", _ email: String = "chen@new.example", role: User.CompanyRole = .member,
    as caller: Caller? = nil
  ) async throws -> InvitationID {
    try await members.invite(
      InvitationRequest(name: name, email: email, role: role), idempotencyKey: submit(), as: caller ?? ada)
  }

  func invitation(_ id: InvitationID) async throws -> InvitationView {
    let found = try await members.list(as: ada).invitations.first { $0.invitation.id == id }
    guard let found else { throw Unexpected() }
    return found
  }

  /// What stands behind the last slash of an invitation's link.
  func token(_ id: InvitationID) async throws -> String {
    guard let link = try await invitation(id).link?.reveal(), let token = link.split(separator: "/").last else {
      throw Unexpected()
    }
    return String(token)
  }

  /// Accepts as somebody without an account.
  func accept(_ token: String, name: String = "Chen Li", key: String? = nil) async throws -> NewSession {
    try await services.invitations.accept(
      AcceptanceForm(name: name, password: Self.password), token: token, idempotencyKey: key ?? submit(),
      from: Self.origin)
  }

  func signIn(_ email: String) async throws -> SignedIn {
    let session = try await services.accounts.signIn(email: email, password: Self.password, from: Self.origin)
    guard let signedIn = try await services.accounts.signedIn(token: session.token.reveal()) else { throw Unexpected() }
    return signedIn
  }

  /// Somebody with an account, at home or not.
  func person(
    _ name: String, at company: CompanyID?, role: User.CompanyRole = .member
  ) async throws -> Caller {
    let user = User(
      id: context.random.identifier(), name: name, email: "\(name.lowercased())@people.example", companyID: company,
      companyRole: role)
    let hash = try await services.accounts.passwords.hash(Self.password)
    try await context.write { try $0.insert(user, passwordHash: hash) }
    return Caller(user: user)
  }

  @discardableResult
  func apply(_ change: MemberChange, to caller: Caller, as actor: Caller? = nil) async throws -> MemberOutcome {
    try await members.apply(change, to: caller.id, idempotencyKey: submit(), as: actor ?? ada)
  }

  /// As the operator does it.
  func byOperator(_ change: MemberChange, _ user: UserID) async throws {
    _ = try await context.change(company.id, as: .operator, scope: "test", idempotencyKey: submit()) {
      try Members.apply(change, to: user, &$0)
    }
  }

  func user(_ id: UserID) async throws -> User {
    guard let user = try await database.read({ try $0.user(id) }) else { throw Unexpected() }
    return user
  }

  /// As many invitations as may be pending, straight into the database, at `at`.
  func crowd(at: Instant) async throws {
    let company = company.id
    try await context.write { transaction in
      for number in 0..<CompanyWork.mostPending {
        try transaction.insert(
          Invitation(
            id: InvitationID("crowd\(number)"), companyID: company,
            person: PersonReference(name: "P\(number)", email: "p\(number)@crowd.example"), role: .member,
            tokenHash: Digest.ofToken("crowd\(number)"), invitedBy: nil, createdAt: at,
            expiresAt: at.adding(milliseconds: Invitation.life)))
      }
    }
  }

  /// The sentences of a company's activity, newest first.
  func activity() async throws -> [String] {
    let company = company.id
    return try await database.read { try $0.activity(of: company, limit: 100).map(\.deed.sentence) }
  }
}
