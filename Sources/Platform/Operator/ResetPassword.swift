public import Core
import Storage

/// `packhouse user reset-password`: a new password for somebody, which ends every session. Rule G-21.
public struct ResetPassword: OperatorRequest {
  public static let verb = "user.reset-password"

  public var email: String
  /// Nil generates one.
  public var password: OperatorSecret?
  public var idempotencyKey: String

  public init(email: String, password: OperatorSecret?, idempotencyKey: String) {
    self.email = email
    self.password = password
    self.idempotencyKey = idempotencyKey
  }

  /// Whose password it is.
  public struct Outcome: OperatorOutcome {
    public let name: String
    public let email: String
    /// Sessions that were running and are ended.
    public let endedSessions: Int
    /// Only where it was generated, and only the first time: it is kept nowhere.
    public internal(set) var password: String?
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let email = try checked(read)
    let user = try await desk.context.read { try $0.activeUser(email: email) }
    let password = try await OperatorPassword(password, at: desk)
    let clock = desk.context.clock
    let id = user.id
    var outcome: Outcome
    if let company = user.companyID {
      outcome = try await desk.change(company, for: self) { work in
        let outcome = try work.transaction.reset(id, password, at: clock.now())
        work.note(ActivityDeed(.member, "Set a new password for \(outcome.name), which ended their sessions"))
        return outcome
      }
    } else {
      outcome = try await desk.once(for: self, locking: .user(id)) { transaction in
        try transaction.reset(id, password, at: clock.now())
      }
    }
    outcome.password = outcome.wasRepeated ? nil : password.generated
    return outcome
  }

  private func read(_ list: inout ProblemList) -> String? {
    let email = list.email(email, .emailOperand)
    return list.idempotencyKey(idempotencyKey) == nil ? nil : email
  }
}

extension Transaction {
  fileprivate func activeUser(email: String) throws -> User {
    guard let user = try user(email: email) else {
      throw PlatformError.notFound(
        "Nobody has an account under \(email). `packhouse user list COMPANY` shows a company's people.")
    }
    guard user.deactivatedAt == nil else {
      throw PlatformError.conflict("\(user.name) is deactivated: a new password would open nothing.")
    }
    return user
  }

  fileprivate func reset(
    _ id: UserID, _ password: OperatorPassword, at now: Instant
  ) throws -> ResetPassword.Outcome {
    let running = try sessions(of: id).count { !$0.isExpired(at: now) }
    try replacePassword(of: id, by: password.hash)
    guard let user = try user(id) else { throw PlatformError.notFound("The account is no longer there.") }
    // Whoever forgot the password may have tried too often already.
    try clearSignInFailures(email: user.email)
    return ResetPassword.Outcome(name: user.name, email: user.email, endedSessions: running)
  }
}
