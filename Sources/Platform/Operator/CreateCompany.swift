public import Core
import Storage

/// `packhouse company create`: a company with its first admin, and what makes it usable. Rules P-1, P-2, T-1, E-6.
public struct CreateCompany: OperatorRequest {
  public static let verb = "company.create"

  public var name: String
  /// An IANA name; final with the first resource.
  public var timeZone: String
  public var adminName: String
  public var adminEmail: String
  /// Nil generates one.
  public var password: OperatorSecret?
  /// A contract from now on; nil grants nothing yet.
  public var cloudTokens: String?
  /// The first day without the contract; nil the same date of the next year.
  public var contractEnd: String?
  /// False leaves the company without the platform account that self-service asks for.
  public var hasSubscription: Bool
  public var idempotencyKey: String

  public init(
    name: String, timeZone: String, adminName: String, adminEmail: String, password: OperatorSecret?,
    cloudTokens: String?, contractEnd: String?, hasSubscription: Bool, idempotencyKey: String
  ) {
    self.name = name
    self.timeZone = timeZone
    self.adminName = adminName
    self.adminEmail = adminEmail
    self.password = password
    self.cloudTokens = cloudTokens
    self.contractEnd = contractEnd
    self.hasSubscription = hasSubscription
    self.idempotencyKey = idempotencyKey
  }

  /// What was made.
  public struct Outcome: OperatorOutcome {
    public let id: String
    public let name: String
    public let timeZone: String
    public let admin: ListedUser
    /// Only where it was generated, and only the first time: it is kept nowhere.
    public internal(set) var password: String?
    public let contract: ListedContract?
    /// The platform account; nil with `--no-subscription`.
    public let account: ListedAccount?
    public var wasRepeated = false
  }

  public var problems: [FieldProblem] { problems(read) }

  public func perform(at desk: OperatorDesk) async throws -> Outcome {
    let input = try checked(read)
    let context = desk.context
    if let end = input.contract?.end, input.zone.firstInstant(of: end) <= context.clock.now() {
      throw PlatformError.invalid(
        OperatorField.contractEnd.rawValue, "The contract would be over already. Enter a day after today.")
    }
    let password = try await OperatorPassword(password, at: desk)
    let founding = CompanyFounding(
      name: input.name, zone: input.zone, admin: input.admin, contract: input.contract,
      hasSubscription: hasSubscription, context)
    var outcome = try await desk.tellingTakenAddress(input.admin.email) {
      try await desk.once(for: self, locking: .installation) { transaction in
        if let other = try transaction.company(takingName: input.name) {
          throw PlatformError.conflict("There is a company “\(other.name)” already, with the id \(other.id).")
        }
        try transaction.requireFreeAddress(input.admin.email)
        try founding.insert(into: transaction, passwordHash: password.hash, context)
        return Outcome(founding)
      }
    }
    outcome.password = outcome.wasRepeated ? nil : password.generated
    return outcome
  }

  private struct Input: Sendable {
    let name: String
    let zone: CompanyZone
    let admin: PersonReference
    let contract: CompanyFounding.Grant?
  }

  private func read(_ list: inout ProblemList) -> Input? {
    let name = list.text(name, .companyOperand, what: "the new company's name")
    let zone = list.zone(timeZone)
    let adminName = list.text(adminName, .adminName, what: "the name of the first admin")
    let email = list.email(adminEmail, .adminEmail)
    list.check(password)
    let tokens = cloudTokens.flatMap { list.tokens($0) }
    let end = contractEnd.flatMap { list.day($0, .contractEnd, what: "the first day without the contract") }
    if contractEnd != nil, cloudTokens == nil {
      list.add(.contractEnd, "A contract needs Cloud Tokens. Add --cloud-tokens, or leave --contract-end out.")
    }
    let key = list.idempotencyKey(idempotencyKey)
    guard let name, let zone, let adminName, let email, key != nil else { return nil }
    return Input(
      name: name, zone: zone, admin: PersonReference(name: adminName, email: email),
      contract: tokens.map { CompanyFounding.Grant(tokens: $0, end: end) })
  }
}

extension CreateCompany.Outcome {
  fileprivate init(_ founding: CompanyFounding) {
    let company = founding.company
    id = company.id.text
    name = company.name
    timeZone = company.timeZone
    admin = ListedUser(founding.admin, canSignIn: true, zone: founding.zone)
    contract = founding.contract.map { ListedContract($0, zone: founding.zone, at: company.createdAt) }
    account = founding.account.map(ListedAccount.init)
  }
}

extension OperatorDesk {
  /// Runs `body`, which gives somebody an account. Another company's admin may be faster: only the database's own rule
  /// holds across companies. Rule P-3.
  func tellingTakenAddress<Outcome>(_ email: String, _ body: () async throws -> Outcome) async throws -> Outcome {
    do { return try await body() } catch let problem as DatabaseProblem where problem.isDuplicate(in: "users") {
      throw PlatformError.conflict(
        "\(email) was given an account at this very moment. One person has exactly one account.")
    }
  }
}

extension Transaction {
  /// One person has exactly one account. Rule P-3.
  func requireFreeAddress(_ email: String) throws {
    guard let user = try user(email: email) else { return }
    let company = try user.companyID.flatMap { try self.company($0) }
    let place = company.map { " of “\($0.name)”" } ?? ", who belongs to no company here"
    throw PlatformError.conflict(
      "\(email) has an account already: \(user.name)\(place). One person has exactly one account.")
  }
}
