public import Core
import Storage

/// `packhouse user deactivate` and `packhouse user reactivate`. Rules P-1, P-7.
public struct ChangeMember: OperatorRequest {
  public static let verb = "user.change"

  public var company: String
  public var email: String
  public var change: MemberChange
  public var idempotencyKey: String

  public init(company: String, email: String, change: MemberChange, idempotencyKey: String) {
    self.company = company
    self.email = email
    self.change = change
    self.idempotencyKey = idempotencyKey
  }

  /// What the person is now.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    public let user: ListedUser
    /// False where it was so already.
    public let hasChanged: Bool
    /// What is worth knowing although nothing is wrong.
    public let notes: [String]
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let company = try await desk.company(input.company)
    let change = change
    return try await desk.change(company.id, for: self) { work in
      guard let user = try work.transaction.user(email: input.email), user.companyID == company.id else {
        throw PlatformError.notFound(
          "Nobody whose home is “\(company.name)” has the address \(input.email). `packhouse user list` shows its people."
        )
      }
      let done = try Members.apply(change, to: user.id, &work)
      return try Outcome(done, work)
    }
  }

  private func read(_ list: inout ProblemList) -> (company: String, email: String)? {
    let company = list.company(company)
    let email = list.email(email, .email)
    let key = list.idempotencyKey(idempotencyKey)
    guard let company, let email, key != nil else { return nil }
    return (company, email)
  }
}

extension ChangeMember.Outcome {
  fileprivate init(_ done: MemberOutcome, _ work: CompanyWork) throws {
    let facts = work.facts
    let people = try work.transaction.users(of: facts.company.id)
    guard let user = people.first(where: { $0.id == done.user }) else {
      throw PlatformError.notFound("The account is no longer there.")
    }
    company = facts.company.id.text
    companyName = facts.company.name
    self.user = ListedUser(
      user, canSignIn: try work.transaction.passwordHash(of: user.id) != nil, zone: facts.zone)
    hasChanged = done.hasChanged
    let hasAdmin = people.contains { $0.deactivatedAt == nil && $0.companyRole == .admin }
    notes =
      hasAdmin
      ? [] : ["The company has no active admin any more. `packhouse user create --admin` lets another one in."]
  }
}
