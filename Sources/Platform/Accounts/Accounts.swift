public import Core
import Crypto
import Foundation
import Storage

/// Sign-in and sessions. Rule P-5.
public struct Accounts: Sendable {
  /// The same answer for an unknown address, a wrong password and a deactivated person.
  static let refusal = PlatformError.unauthenticated("Email or password is wrong.")

  let context: PlatformContext
  let passwords: PasswordHasher
  let throttle: SignInThrottle

  init(_ context: PlatformContext, passwords: PasswordHasher, throttle: SignInThrottle = SignInThrottle()) {
    self.context = context
    self.passwords = passwords
    self.throttle = throttle
  }

  /// Begins a session. The same answer for an unknown address, a wrong password and a deactivated person.
  ///
  /// Throws ``PlatformError/unauthenticated(_:)``, or ``PlatformError/throttled(_:retryAfterSeconds:)`` after too many
  /// failures for the account or from the address. Rule P-5.
  public func signIn(
    email: String, password: Sensitive<String>, from origin: ClientOrigin
  ) async throws -> NewSession {
    guard let canonical = EmailAddress.canonical(email) else {
      // Nobody can have it, as the sender knows: the usual answer, without the work that a flood could ask for.
      throw Self.refusal
    }
    let account = try await beginAttempt(canonical, from: origin)
    let isRight = try await passwords.verify(password, against: account.passwordHash)
    guard isRight, let user = account.user, user.deactivatedAt == nil else { throw Self.refusal }

    let fresh = FreshSession(for: user, from: origin, context)
    try await context.write(locking: .user(user.id)) { transaction in
      // Both may have changed while the password was checked.
      guard let user = try transaction.user(user.id), user.deactivatedAt == nil,
        try transaction.passwordHash(of: user.id) == account.passwordHash
      else { throw Self.refusal }
      try transaction.clearSignInFailures(email: canonical)
      try fresh.insert(into: transaction)
    }
    return fresh.result
  }

  /// Checks the throttle and counts the attempt as failed until it succeeds, in one transaction, so that attempts at the
  /// same moment count as well.
  private func beginAttempt(
    _ email: String, from origin: ClientOrigin
  ) async throws -> (user: User?, passwordHash: String?) {
    let throttle = throttle
    let clock = context.clock
    return try await context.write(locking: .installation) { transaction in
      let now = clock.now()
      let since = now.adding(milliseconds: -throttle.window)
      let failures = try transaction.signInFailures(email: email, address: origin.address, since: since)
      let wait = throttle.wait(for: email, from: origin.address, failures: failures, at: now)
      guard wait == 0 else { throw Self.tooMany(wait: wait) }
      try transaction.pruneSignInFailures(upTo: since)
      try transaction.recordSignInFailure(SignInFailure(email: email, address: origin.address, at: now))
      guard let user = try transaction.user(email: email) else { return (nil, nil) }
      return (user, try transaction.passwordHash(of: user.id))
    }
  }

  private static func tooMany(wait milliseconds: Int64) -> PlatformError {
    let seconds = max(1, (milliseconds + 999) / 1_000)
    let time = seconds < 120 ? "\(seconds) second\(seconds == 1 ? "" : "s")" : "\((seconds + 59) / 60) minutes"
    return .throttled("Too many failed sign-ins. Try again in \(time).", retryAfterSeconds: seconds)
  }
}

/// A session before it is stored; made outside of the transaction, which may run twice.
struct FreshSession {
  let result: NewSession

  init(for user: User, from origin: ClientOrigin, _ context: PlatformContext) {
    let now = context.clock.now()
    let session = Session(
      id: context.random.identifier(), userID: user.id, createdAt: now, lastSeenAt: now, address: origin.address,
      userAgent: origin.userAgent)
    result = NewSession(
      session: session, user: user, token: Sensitive(context.random.token()),
      maxAgeSeconds: Session.longestLife / 1_000)
  }

  func insert(into transaction: Transaction) throws {
    try transaction.deleteExpiredSessions(at: result.session.createdAt)
    try transaction.insert(result.session, tokenHash: Digest.ofToken(result.token.reveal()))
  }
}
