public import Core
import Storage

/// `packhouse user create`: somebody who belongs to a company. Rules P-1, P-3, P-4.
public struct CreateUser: OperatorRequest {
  public static let verb = "user.create"

  public var company: String
  public var name: String
  public var email: String
  public var isAdmin: Bool
  /// Nil generates one.
  public var password: OperatorSecret?
  public var idempotencyKey: String

  public init(
    company: String, name: String, email: String, isAdmin: Bool, password: OperatorSecret?, idempotencyKey: String
  ) {
    self.company = company
    self.name = name
    self.email = email
    self.isAdmin = isAdmin
    self.password = password
    self.idempotencyKey = idempotencyKey
  }

  /// Who was made.
  public struct Outcome: OperatorOutcome {
    public let company: String
    public let companyName: String
    public let user: ListedUser
    /// Only where it was generated, and only the first time: it is kept nowhere.
    public internal(set) var password: String?
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let company = try await desk.company(input.company)
    let password = try await OperatorPassword(password, at: desk)
    let user = User(
      id: desk.context.random.identifier(), name: input.person.name, email: input.person.email, companyID: company.id,
      companyRole: isAdmin ? .admin : .member)
    var outcome = try await create(user, company, password, at: desk)
    outcome.password = outcome.wasRepeated ? nil : password.generated
    return outcome
  }

  private func create(
    _ user: User, _ company: Company, _ password: OperatorPassword, at desk: OperatorDesk
  ) async throws -> Outcome {
    try await desk.tellingTakenAddress(user.email) {
      try await desk.change(company.id, for: self) { work in
        try work.transaction.requireFreeAddress(user.email)
        try work.transaction.insert(user, passwordHash: password.hash)
        work.note(
          ActivityDeed(.member, "Added \(user.name) as \(user.companyRole == .admin ? "an admin" : "a member")"))
        return Outcome(
          company: company.id.text, companyName: company.name,
          user: ListedUser(user, canSignIn: true, zone: work.zone))
      }
    }
  }

  private struct Input: Sendable {
    let company: String
    let person: PersonReference
  }

  private func read(_ list: inout ProblemList) -> Input? {
    let company = list.company(company)
    let name = list.text(name, .name, what: "the person's name")
    let email = list.email(email, .email)
    list.check(password)
    let key = list.idempotencyKey(idempotencyKey)
    guard let company, let name, let email, key != nil else { return nil }
    return Input(company: company, person: PersonReference(name: name, email: email))
  }
}
