import Core
import Hummingbird
import HummingbirdTesting
import Logging
import Storage
import TestSupport

@testable import Platform
@testable import Portal

/// A portal with two companies, on a real database of its own, as browsers see it.
struct PortalWorld: Sendable {
  static let password = "correct horse battery"

  let platform: PlatformServices
  let portal: PortalServices
  let clock: ManualClock
  let client: any TestClientProtocol
  /// Company admin.
  let ada: User
  /// Member on the team of ``resource``.
  let bram: User
  /// Member on no team.
  let cleo: User
  /// On the team, without a home company.
  let xena: User
  /// Admin of another company.
  let mallory: User
  /// A text resource of Ada's company.
  let resource: ResourceID

  /// A browser in which `user` is signed in.
  func browser(_ user: User) async throws -> Browser {
    let browser = Browser(client)
    try await browser.signIn(user.email, Self.password)
    return browser
  }

  var stranger: Browser { Browser(client) }

  /// What the form "Provision Resource" sends for a resource of the local model.
  func provisionFields(name: String = "Support assistant", tokens: String = "30") -> [(String, String)] {
    [
      ("type", "text"), ("name", name), ("environment", "Test"), ("region", "local"),
      ("models", TestCatalog.extractive.text), ("capacityKind", "units"), ("cloudTokens", tokens), ("plan", ""),
      ("userName", bram.name), ("userEmail", bram.email),
    ]
  }
}

/// Runs a scenario against a fresh portal.
func withPortal(
  tokens: CloudTokens = 200, isSecure: Bool = false, trustedProxies: [String] = [],
  _ body: @Sendable (PortalWorld) async throws -> Void
) async throws {
  try await TestDatabase.with(.sqlite) { test in
    let founded = try await Founded(test.database, tokens: tokens)
    let portal = PortalServices(
      platform: founded.platform, settings: PortalSettings(isSecure: isSecure, trustedProxies: trustedProxies))
    let application = Application(
      router: PortalRoutes.router(portal), logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    try await application.test(.router) { client in
      try await body(
        PortalWorld(
          platform: founded.platform, portal: portal, clock: founded.clock, client: client, ada: founded.ada,
          bram: founded.bram, cleo: founded.cleo, xena: founded.xena, mallory: founded.mallory,
          resource: founded.resource))
    }
  }
}

/// The people and things of a ``PortalWorld``, written to its database.
struct Founded {
  let platform: PlatformServices
  let clock = ManualClock()
  let ada: User
  let bram: User
  let cleo: User
  let xena: User
  let mallory: User
  let resource: ResourceID

  init(_ database: Database, tokens: CloudTokens) async throws {
    let context = try Self.context(database, clock)
    platform = PlatformServices(context, passwordCost: PasswordCost(log2Rounds: 1))
    let hash = try await platform.accounts.passwords.hash(Sensitive(PortalWorld.password))
    func found(_ name: String, _ admin: PersonReference, _ tokens: CloudTokens) async throws -> User {
      let founding = CompanyFounding(name: name, zone: .utc, admin: admin, tokens: tokens, context)
      try await database.write { try founding.insert(into: $0, passwordHash: hash, context) }
      return founding.admin
    }
    func add(_ name: String, _ company: CompanyID?) async throws -> User {
      let user = User(
        id: UserID(name.lowercased()), name: name, email: "\(name.lowercased())@people.example", companyID: company,
        companyRole: .member)
      try await database.write { try $0.insert(user, passwordHash: hash) }
      return user
    }
    let ada = try await found("Northwind", PersonReference(name: "Ada", email: "ada@people.example"), tokens)
    mallory = try await found("Other", PersonReference(name: "Mallory", email: "mallory@people.example"), 500)
    let bram = try await add("Bram", ada.companyID)
    cleo = try await add("Cleo", ada.companyID)
    let xena = try await add("Xena", nil)
    let resource = try await platform.resources.provision(
      ProvisionRequest(
        name: "Support assistant", type: .text, environment: .test, region: TestCatalog.local,
        models: [TestCatalog.extractive], capacity: .units(16), userName: bram.name, userEmail: bram.email),
      idempotencyKey: "first", as: Caller(user: ada)
    ).resource
    let now = clock.now
    try await database.write { try $0.addToTeam(xena.id, resource, at: now) }
    (self.ada, self.bram, self.xena, self.resource) = (ada, bram, xena, resource)
  }

  static func context(_ database: Database, _ clock: ManualClock) throws -> PlatformContext {
    let numbers = SeededBytes(seed: 7)
    let random = RandomSource { numbers.next($0) }
    guard let masterKey = MasterKey(bytes: random.bytes(32)) else { throw Unexpected() }
    return PlatformContext(
      database: database, catalog: try TestCatalog.make(), branding: Branding(),
      addresses: PublicAddresses(portal: "https://portal.example", gateway: "https://gateway.example"),
      masterKey: masterKey, clock: clock.wallClock, random: random,
      logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
  }
}

struct Unexpected: Error {}
