import Core
import Storage
import TestSupport

@testable import Platform

/// What the operator asks for in tests: complete requests, to be changed in one place.
extension World {
  var desk: OperatorDesk { services.operatorDesk }

  var reports: OperatorReports {
    OperatorReports(
      database: database, catalog: context.catalog, branding: context.branding, clock: context.clock)
  }

  func creation(
    _ name: String = "Eastgate", email: String = "ines@eastgate.example", password: String? = nil, key: String? = nil
  ) -> CreateCompany {
    CreateCompany(
      name: name, timeZone: "Europe/Amsterdam", adminName: "Ines Roth", adminEmail: email,
      password: password.map { OperatorSecret($0) }, cloudTokens: nil, contractEnd: nil, hasSubscription: true,
      idempotencyKey: key ?? submit())
  }

  func grant(
    _ tokens: String = "100", from: String? = nil, to: String? = nil, key: String? = nil
  ) -> GrantContract {
    GrantContract(
      company: company.name, cloudTokens: tokens, from: from, to: to ?? day(after: 100),
      idempotencyKey: key ?? submit())
  }

  func subscription(
    account: String? = nil, number: String? = nil, kind: String? = nil, status: String? = nil,
    priceList: String? = nil, removeAccount: String? = nil
  ) -> SetSubscription {
    SetSubscription(
      company: company.name, account: account, number: number, kind: kind, status: status, priceList: priceList,
      removeAccount: removeAccount, idempotencyKey: submit())
  }

  func newUser(_ email: String = "joris@own.example", isAdmin: Bool = false, key: String? = nil) -> CreateUser {
    CreateUser(
      company: company.name, name: "Joris Blom", email: email, isAdmin: isAdmin, password: nil,
      idempotencyKey: key ?? submit())
  }

  func order(
    _ name: String = "Ordered", tokens: String? = "30", order: String = "SO-4711", email: String = "bram@own.example",
    key: String? = nil
  ) -> ProvisionResource {
    ProvisionResource(
      company: company.name, order: order, type: "text", name: name, environment: "test", region: "local",
      models: ["packhouse-extractive-1"], cloudTokens: tokens, userName: "Bram", userEmail: email,
      idempotencyKey: key ?? submit())
  }

  func end(_ resource: String, isDryRun: Bool = false) -> DeprovisionResource {
    DeprovisionResource(
      resource: resource, withKnowledgeBases: false, isDryRun: isDryRun, idempotencyKey: submit())
  }

  /// The options that `request` is refused for.
  func wrongFields(_ request: some OperatorRequest) async throws -> [String] {
    try await platformProblems { _ = try await desk.perform(request) }.keys.sorted()
  }

  /// As operators type it, in UTC.
  func day(after days: Int64) -> String {
    CompanyZone.utc.day(of: clock.now.adding(seconds: days * 86_400)).description
  }

  /// Who did what in the company, the last first.
  func deeds() async throws -> [(actor: ActivityActor, sentence: String)] {
    let company = company.id
    return try await database.read { transaction in
      try transaction.activity(of: company, limit: 100).map { ($0.actor, $0.deed.sentence) }
    }
  }
}

/// What is wrong according to `body`, as pairs of field and sentence.
func platformProblems(_ body: () async throws -> Void) async throws -> [String: String] {
  guard case .invalid(let input) = await platformError(body) else { throw Unexpected() }
  return Dictionary(input.problems.map { ($0.field, $0.message) }, uniquingKeysWith: { "\($0) \($1)" })
}

/// The sentence with which `body` is refused because of the present state.
func conflict(_ body: () async throws -> Void) async throws -> String {
  switch await platformError(body) {
  case .conflict(let text), .notFound(let text): return text
  default: throw Unexpected()
  }
}
