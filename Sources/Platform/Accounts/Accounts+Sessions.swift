public import Core
import Storage

extension Accounts {
  /// Characters that a token of ours can have; longer ones are not looked up.
  static let longestToken = 100

  /// Who holds `token` (the cookie's value): nil where the session is unknown, ended or expired, or its person is
  /// deactivated. `address` is where the request came from, for the activity of what it does. Rules P-5, P-7, G-20.
  public func signedIn(token: String, address: String = "") async throws -> SignedIn? {
    guard !token.isEmpty, token.utf8.count <= Self.longestToken else { return nil }
    let now = context.clock.now()
    let hash = Digest.ofToken(token)
    let found = try await context.read { transaction -> (Session, User)? in
      guard let session = try transaction.session(tokenHash: hash), !session.isExpired(at: now),
        let user = try transaction.user(session.userID), user.deactivatedAt == nil
      else { return nil }
      return (session, user)
    }
    guard let (session, user) = found else { return nil }
    if session.needsTouch(at: now) {
      try await context.write { try $0.touchSession(session.id, at: now) }
    }
    return SignedIn(
      session: session, caller: Caller(user: user, address: address), csrfToken: csrf.token(for: session.id))
  }

  /// True where `csrfToken` belongs to the session. Takes the same time wherever they differ.
  public func isGenuine(csrfToken: String, for signedIn: SignedIn) -> Bool {
    csrf.isGenuine(csrfToken, for: signedIn.session.id)
  }

  /// The running sessions of the person, the newest first. Rule P-5.
  public func sessions(of signedIn: SignedIn) async throws -> [SessionView] {
    let now = context.clock.now()
    let sessions = try await context.read { try $0.sessions(of: signedIn.user.id) }
    return sessions.filter { !$0.isExpired(at: now) }
      .map { SessionView(session: $0, isCurrent: $0.id == signedIn.session.id) }
  }

  /// Ends one of the person's own sessions, which may be the current one. ``PlatformError/notFound(_:)`` for another's.
  public func endSession(_ id: Identifier<Session>, of signedIn: SignedIn) async throws {
    try await context.write(locking: .user(signedIn.user.id)) { transaction in
      guard try transaction.sessions(of: signedIn.user.id).contains(where: { $0.id == id }) else {
        throw PlatformError.notFound("This session has ended already.")
      }
      try transaction.deleteSession(id)
    }
  }

  /// Ends every session of the person but the current one; gives how many were running.
  public func endOtherSessions(of signedIn: SignedIn) async throws -> Int {
    let now = context.clock.now()
    return try await context.write(locking: .user(signedIn.user.id)) { transaction in
      let others = try transaction.sessions(of: signedIn.user.id).filter { $0.id != signedIn.session.id }
      try transaction.deleteSessions(of: signedIn.user.id, except: signedIn.session.id)
      return others.count { !$0.isExpired(at: now) }
    }
  }

  /// Ends the current session; one that has ended by then is no problem.
  public func signOut(_ signedIn: SignedIn) async throws {
    try await context.write { _ = try $0.deleteSession(signedIn.session.id) }
  }

  private var csrf: CSRFTokens { CSRFTokens(context.masterKey) }
}
