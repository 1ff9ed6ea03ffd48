public import Core
import Storage

/// What the first admin enters. All as typed; checked by ``SetUp``.
///
/// Field names of problems: `companyName`, `timeZone`, `name`, `email`, `password`, `cloudTokens`.
public struct SetUpForm: Sendable {
  public var companyName: String
  /// An IANA name; final from then on. Rule P-2.
  public var timeZone: String
  public var name: String
  public var email: String
  /// At least 12 characters.
  public var password: Sensitive<String>
  /// Starting Cloud Tokens, granted for one year.
  public var cloudTokens: String

  public init(
    companyName: String, timeZone: String, name: String, email: String, password: Sensitive<String>,
    cloudTokens: String
  ) {
    self.companyName = companyName
    self.timeZone = timeZone
    self.name = name
    self.email = email
    self.password = password
    self.cloudTokens = cloudTokens
  }
}

/// Set-up of the first company and its admin by a one-time link. Rules P-1, P-2, E-6.
public struct SetUp: Sendable {
  /// Milliseconds that a link works: 7 days. A new start prints a new one.
  public static let linkLife: Int64 = 7 * 24 * 3_600_000
  static let longestName = 100
  static let mostTokens: Int64 = 10_000_000

  let context: PlatformContext
  let passwords: PasswordHasher

  init(_ context: PlatformContext, passwords: PasswordHasher) {
    self.context = context
    self.passwords = passwords
  }

  /// True while no company exists.
  public func isOpen() async throws -> Bool {
    try await context.read { try $0.companies().isEmpty }
  }

  /// A new token for the link `/set-up?token=...`; earlier ones stop working. Only its hash is kept.
  /// ``PlatformError/conflict(_:)`` once a company exists.
  public func makeToken() async throws -> Sensitive<String> {
    let token = context.random.token()
    let now = context.clock.now()
    try await context.write(locking: .installation) { transaction in
      guard try transaction.companies().isEmpty else { throw Self.isDone }
      try transaction.setSetUpToken(
        hash: Digest.ofToken(token), createdAt: now, expiresAt: now.adding(milliseconds: Self.linkLife))
    }
    return Sensitive(token)
  }

  /// True where `token` would be accepted now.
  public func accepts(token: String) async throws -> Bool {
    guard token.utf8.count <= Accounts.longestToken else { return false }
    let now = context.clock.now()
    return try await context.read { transaction in
      try transaction.companies().isEmpty && transaction.isSetUpTokenValid(hash: Digest.ofToken(token), at: now)
    }
  }

  /// Creates company, admin, contract and platform account, and signs the admin in; the token is spent.
  ///
  /// Throws ``PlatformError/notFound(_:)`` for a token that is wrong or spent, ``PlatformError/conflict(_:)`` once a
  /// company exists, ``PlatformError/invalid(_:)`` with every problem of the form.
  public func perform(_ form: SetUpForm, token: String, from origin: ClientOrigin) async throws -> NewSession {
    guard try await isOpen() else { throw Self.isDone }
    guard try await accepts(token: token) else { throw Self.isSpent }
    let founding = try founding(from: form)
    let passwordHash = try await passwords.hash(form.password)
    let fresh = FreshSession(for: founding.admin, from: origin, context)
    let context = context
    try await context.write(locking: .installation) { transaction in
      guard try transaction.companies().isEmpty else { throw Self.isDone }
      guard try transaction.useSetUpToken(hash: Digest.ofToken(token), at: founding.company.createdAt) else {
        throw Self.isSpent
      }
      try founding.insert(into: transaction, passwordHash: passwordHash, context)
      try fresh.insert(into: transaction)
    }
    return fresh.result
  }

  private func founding(from form: SetUpForm) throws(PlatformError) -> CompanyFounding {
    var list = ProblemList()
    let company = list.text(form.companyName, "companyName", what: "the company's name", limit: Self.longestName)
    let name = list.text(form.name, "name", what: "your name", limit: Self.longestName)
    let zone = CompanyZone(form.timeZone)
    if zone == nil { list.add("timeZone", "Choose a time zone such as UTC or Europe/Amsterdam.") }
    let email = EmailAddress.canonical(form.email)
    if email == nil { list.add("email", "Enter your email address, such as anna@example.com.") }
    if let problem = PasswordHasher.problem(with: form.password) { list.add("password", problem) }
    let tokens = Int64(form.cloudTokens.filter { $0 != "," && $0 != " " }).flatMap {
      (1...Self.mostTokens).contains($0) ? $0 : nil
    }
    if tokens == nil {
      list.add("cloudTokens", "Enter a whole number of Cloud Tokens from 1 to \(UnitsFormat.grouped(Self.mostTokens)).")
    }
    try list.throwIfAny()
    guard let zone, let email, let tokens else { throw .invalid(InvalidInput(list.problems)) }
    return CompanyFounding(
      name: company, zone: zone, admin: PersonReference(name: name, email: email), tokens: CloudTokens(tokens), context)
  }

  private static let isDone = PlatformError.conflict("Set-up was done already. Sign in instead.")
  private static let isSpent = PlatformError.notFound(
    "This set-up link is not valid (any more). Start the server again to get a new one.")
}
