public import Core
public import Storage

/// What the operator can look at, beside a running server or without one: a database that was opened to be read is
/// enough. Rule P-1, decision 8.
public struct OperatorReports: Sendable {
  let database: Database
  let catalog: Catalog
  let branding: Branding
  let clock: WallClock
  let providers: ProviderConfiguration

  /// `providers` is what the providers file says, `catalog` has its additional models.
  public init(
    database: Database, catalog: Catalog, branding: Branding, clock: WallClock,
    providers: ProviderConfiguration = .none
  ) {
    self.providers = providers
    self.database = database
    self.catalog = catalog
    self.branding = branding
    self.clock = clock
  }

  /// Every company, by name.
  public func companies() async throws -> [ListedCompany] {
    let clock = clock
    return try await database.read { transaction in
      try transaction.companies().compactMap { company in
        try transaction.standing(of: company).map { ListedCompany($0, at: $0.now(clock)) }
      }
    }
  }

  /// The contracts of a company, by start. Rule T-1.
  public func contracts(of company: String) async throws -> [ListedContract] {
    try await standing(of: company) { standing, now, _ in
      standing.facts.contracts.map { ListedContract($0, zone: standing.facts.zone, at: now) }
    }
  }

  /// The platform accounts of a company, by name. Rules E-2 to E-4.
  public func accounts(of company: String) async throws -> [ListedAccount] {
    try await standing(of: company) { standing, _, _ in standing.facts.accounts.map(ListedAccount.init) }
  }

  /// Everybody whose home is the company, by name. Rule P-3.
  public func users(of company: String) async throws -> [ListedUser] {
    try await standing(of: company) { standing, _, transaction in
      try transaction.users(of: standing.facts.company.id).map { user in
        ListedUser(user, canSignIn: try transaction.passwordHash(of: user.id) != nil, zone: standing.facts.zone)
      }
    }
  }

  /// The resources of a company in the order of provisioning; deprovisioned ones only on request. Rule R-1.
  public func resources(of company: String, includingEnded: Bool) async throws -> [ListedResource] {
    let catalog = catalog
    return try await standing(of: company) { standing, now, _ in
      standing.facts.resources.compactMap { standing.timeline.state(of: $0.id, at: now) }
        .filter { includingEnded || $0.endedAt == nil }
        .map {
          ListedResource(
            $0, suspendsAt: standing.timeline.suspension(of: $0.resource.id, at: now), zone: standing.facts.zone,
            catalog: catalog)
        }
    }
  }

  /// What `body` makes of the company that is meant by its id or name, as of now.
  func standing<Value: Sendable>(
    of company: String, _ body: @escaping @Sendable (CompanyStanding, Instant, Transaction) throws -> Value
  ) async throws -> Value {
    let clock = clock
    return try await database.read { transaction in
      let company = try transaction.company(named: company)
      guard let standing = try transaction.standing(of: company) else { throw Transaction.noCompany }
      return try body(standing, standing.now(clock), transaction)
    }
  }
}

extension Transaction {
  func standing(of company: Company) throws -> CompanyStanding? {
    guard let state = try factsState(of: company.id), let facts = try companyFacts(company.id) else { return nil }
    return CompanyStanding(facts, revision: state.revision, settledAt: state.settledAt)
  }
}
