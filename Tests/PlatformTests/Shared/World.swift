import Core
import Logging
import Storage
import TestSupport

@testable import Platform

/// An installation with one company, on a real database of its own.
struct World {
  static let password = Sensitive("correct horse battery")
  static let origin = ClientOrigin(address: "192.0.2.7", userAgent: "test browser")

  let services: PlatformServices
  let context: PlatformContext
  let clock: ManualClock
  let folder: String
  let company: Company
  /// Company admin.
  let ada: Caller
  /// Member of the company.
  let bram: Caller
  /// Admin of another company.
  let stranger: Caller

  var database: Database { context.database }

  static func context(_ database: Database, clock: ManualClock) -> PlatformContext {
    let random = RandomSource.seeded(7)
    return PlatformContext(
      database: database, catalog: SmallCatalog.catalog, branding: Branding(),
      addresses: PublicAddresses(portal: "https://portal.example/", gateway: "https://gateway.example"),
      masterKey: MasterKey(bytes: random.bytes(32))!, clock: clock.wallClock, random: random,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }

  init(_ database: Database, folder: String, tokens: CloudTokens, running: Consumption) async throws {
    clock = ManualClock()
    self.folder = folder
    let context = Self.context(database, clock: clock)
    self.context = context
    services = PlatformServices(
      context, passwordCost: PasswordCost(log2Rounds: 4), allowances: RunningAllowances(running: { _ in running }))
    let hash = try await services.accounts.passwords.hash(Self.password)

    func found(_ name: String, _ admin: PersonReference, tokens: CloudTokens) async throws -> CompanyFounding {
      let founding = CompanyFounding(name: name, zone: .utc, admin: admin, tokens: tokens, context)
      try await context.write { try founding.insert(into: $0, passwordHash: hash, context) }
      return founding
    }
    let own = try await found("Northwind", PersonReference(name: "Ada", email: "ada@own.example"), tokens: tokens)
    let other = try await found("Other", PersonReference(name: "Mallory", email: "mallory@other.example"), tokens: 500)
    company = own.company
    ada = Caller(user: own.admin)
    stranger = Caller(user: other.admin)
    let bram = User(
      id: context.random.identifier(), name: "Bram", email: "bram@own.example", companyID: own.company.id,
      companyRole: .member)
    try await context.write { try $0.insert(bram, passwordHash: hash) }
    self.bram = Caller(user: bram)
  }
}

extension World {
  /// What Ada asks for: a text resource of one local model.
  func request(
    _ name: String = "Support assistant", tokens: CloudTokens = 30, email: String = "somebody@elsewhere.example"
  ) -> ProvisionRequest {
    ProvisionRequest(
      name: name, type: .text, environment: .test, region: SmallCatalog.local, models: [SmallCatalog.extractive],
      capacity: .units(tokens), userName: "Somebody", userEmail: email)
  }

  @discardableResult
  func provision(_ request: ProvisionRequest? = nil, key: String? = nil) async throws -> ResourceID {
    try await services.resources.provision(
      request ?? self.request(), idempotencyKey: key ?? context.random.text(length: 12), as: ada
    ).resource
  }

  func embeddings(_ name: String = "Search") async throws -> ResourceID {
    try await provision(
      ProvisionRequest(
        name: name, type: .embeddings, environment: .test, region: SmallCatalog.local, models: [SmallCatalog.miniLM],
        capacity: .units(6), userName: "Ada", userEmail: "ada@own.example"))
  }

  func knowledgeBase(_ name: String, _ embeddings: ResourceID) async throws -> ResourceID {
    try await provision(
      ProvisionRequest(
        name: name, type: .knowledgeBase, environment: .test, region: SmallCatalog.local,
        models: [SmallCatalog.miniLM], embeddingsResource: embeddings, capacity: .plan(Identifier("standard")),
        userName: "Ada", userEmail: "ada@own.example"))
  }

  /// Where the company's ledger differs from its facts. Rule T-3.
  func ledgerProblems() async throws -> [String] {
    let (facts, lines, settledAt) = try await database.read { transaction in
      (
        try transaction.companyFacts(company.id), try transaction.ledger(of: company.id),
        try transaction.settledAt(of: company.id)
      )
    }
    guard let facts else { throw Unexpected() }
    return LedgerVerification.problems(in: facts, lines: lines, settledAt: settledAt)
  }

  func createKey(_ resource: ResourceID, _ form: KeyForm = KeyForm(description: "App")) async throws -> CreatedKey {
    let creation = try await services.keys.create(
      form, for: resource, idempotencyKey: context.random.text(length: 12), as: ada)
    guard case .created(let created) = creation else { throw Unexpected() }
    return created
  }

  /// Usage of a resource, as the journal's applier writes it.
  func use(
    _ resource: ResourceID, input: Int64, output: Int64 = 0, calls: Int = 1, isEstimated: Bool = false,
    payer: Payer = .key(KeyID("k")), at instant: Instant? = nil
  ) async throws {
    var entries: [UsageEntry] = []
    for _ in 0..<calls {
      entries.append(
        try await entry(
          resource, TokenUsage(input: TokenCount(input), output: TokenCount(output)), isEstimated: isEstimated,
          payer: payer, at: instant ?? clock.now))
    }
    try await apply(entries)
  }

  func apply(_ entries: [UsageEntry]) async throws {
    let journal = JournalID(context.random.text(length: 12))
    try await context.write { _ = try $0.apply(entries, journal: journal, upTo: 1) }
  }

  /// A call at one unit per thousand tokens.
  func entry(
    _ resource: ResourceID, _ usage: TokenUsage, isEstimated: Bool = false, payer: Payer = .key(KeyID("k")),
    at instant: Instant
  ) async throws -> UsageEntry {
    let found = try await services.resources.resource(resource, for: .seeResource, as: ada)
    return UsageEntry(
      call: AdmittedCall(
        requestID: RequestID(context.random.text(length: 20)), companyID: company.id, resourceID: resource,
        payer: payer, model: SmallCatalog.extractive, rates: ExchangeRates(input: 1_000_000, output: 1_000_000),
        region: SmallCatalog.local, dialect: .openAI, admittedAt: instant,
        bundleMonthStart: found.months.month(containing: instant).start, localDay: found.zone.day(of: instant),
        countedInput: usage.input),
      servedRegion: SmallCatalog.local, usage: usage, finishedAt: instant.adding(seconds: 1), timeToFirstToken: 10,
      status: .completed, attempts: 1, isEstimated: isEstimated)
  }
}

struct Unexpected: Error {}

/// The error that `body` throws, where it is one of the platform's.
func platformError(_ body: () async throws -> Void) async -> PlatformError? {
  do {
    try await body()
    return nil
  } catch {
    return error as? PlatformError
  }
}
