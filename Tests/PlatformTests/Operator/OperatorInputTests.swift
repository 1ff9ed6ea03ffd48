import Core
import Testing

@testable import Platform

@Suite("What operators type")
struct OperatorInputTests {
  @Test("Every problem of an empty request is told at once, under the name of its option")
  func empty() {
    let requests: [(any OperatorRequest, [String])] = [
      (
        CreateCompany(
          name: "", timeZone: "Mars/Olympus", adminName: " ", adminEmail: "ines", password: OperatorSecret("short"),
          cloudTokens: "1.5", contractEnd: "soon", hasSubscription: true, idempotencyKey: ""),
        [
          "COMPANY", "time-zone", "admin-name", "admin-email", "password-stdin", "cloud-tokens", "contract-end",
          "idempotency-key",
        ]
      ),
      (
        GrantContract(company: "", cloudTokens: "", from: "2027-02-30", to: "", idempotencyKey: "k"),
        ["COMPANY", "cloud-tokens", "from", "to"]
      ),
      (
        SetSubscription(
          company: "x", account: "a b", number: "0", kind: "big", status: "on", priceList: "2026", removeAccount: "ü",
          idempotencyKey: "k"),
        ["account", "remove-account", "number", "kind", "status", "price-list", "remove-account"]
      ),
      (
        CreateUser(company: "", name: "", email: "", isAdmin: true, password: nil, idempotencyKey: "k"),
        ["COMPANY", "name", "email"]
      ),
      (ResetPassword(email: "ada", password: nil, idempotencyKey: "k"), ["EMAIL"]),
      (ChangeMember(company: "", email: "ada", change: .deactivate, idempotencyKey: "k"), ["COMPANY", "email"]),
      (
        ProvisionResource(
          company: "", order: "", type: "video", name: "", environment: "live", region: "", crossRegion: "yes",
          models: [], cloudTokens: "0", size: "S", userName: "", userEmail: "", timeZone: "Mars", idempotencyKey: "k"),
        [
          "COMPANY", "order", "type", "name", "environment", "region", "cross-region", "cloud-tokens", "user-name",
          "user-email", "time-zone", "model", "size",
        ]
      ),
      (
        DeprovisionResource(resource: "", withKnowledgeBases: false, isDryRun: false, idempotencyKey: "k"),
        ["RESOURCE"]
      ),
      (
        CancelDeprovisioning(resource: "", idempotencyKey: String(repeating: "k", count: 101)),
        ["RESOURCE", "idempotency-key"]
      ),
      (
        AddProviderAccount(
          name: "", kind: "", region: nil, address: "", secret: OperatorSecret(""), idempotencyKey: "k"),
        ["NAME", "kind", "address", "secret-file"]
      ),
      (SetProviderSecret(name: "a b", secret: OperatorSecret(""), idempotencyKey: "k"), ["NAME", "secret-file"]),
      (RemoveProviderAccount(name: "", idempotencyKey: ""), ["NAME", "idempotency-key"]),
    ]
    #expect(Set(requests.map { type(of: $0.0).verb }) == Set(OperatorDesk.requests.map { $0.verb }))
    for (request, fields) in requests {
      #expect(request.problems.map(\.field) == fields, "\(type(of: request).verb)")
      #expect(request.problems.allSatisfy { OperatorField(rawValue: $0.field) != nil })
      #expect(request.problems.allSatisfy { $0.message.hasSuffix(".") && !$0.message.contains("}") })
    }
  }

  @Test("A knowledge base needs its embeddings resource and neither model nor capacity; others need both")
  func knowledgeBase() {
    var request = ProvisionResource(
      company: "x", order: "SO", type: "knowledge-base", name: "KB", environment: "test", region: "local", models: [],
      userName: "U", userEmail: "u@x.example", idempotencyKey: "k")
    #expect(request.problems.map(\.field) == ["embeddings-resource"])
    request.embeddingsResource = "abc"
    #expect(request.problems.isEmpty)
    request.type = "TEXT"
    #expect(request.problems.map(\.field) == ["model", "cloud-tokens"])
  }

  @Test(
    "T-1: a number of Cloud Tokens is whole, positive and within the limit",
    arguments: [
      ("1", true), ("10000000", true), ("0", false), ("-5", false), ("10000001", false), ("1,000", false),
      ("1e3", false), (" 5", false), ("99999999999999999999", false),
    ])
  func tokens(text: String, isFine: Bool) {
    let request = GrantContract(company: "x", cloudTokens: text, from: nil, to: "2030-01-01", idempotencyKey: "k")
    #expect(request.problems.isEmpty == isFine)
  }

  @Test("T-1: a contract's days are days of the calendar, and the last comes after the first")
  func days() {
    func fields(_ from: String?, _ to: String) -> [String] {
      GrantContract(company: "x", cloudTokens: "1", from: from, to: to, idempotencyKey: "k").problems.map(\.field)
    }
    #expect(fields("2028-02-29", "2028-03-01").isEmpty)
    #expect(fields("2027-02-29", "2028-03-01") == ["from"])
    #expect(fields("2028-03-01", "2028-03-01") == ["to"])
    #expect(fields(nil, "28-03-01") == ["to"])
    #expect(fields(nil, "20288-03-01") == ["to"])
  }

  @Test("A password prints as redacted, and is no part of what tells requests apart")
  func secret() throws {
    let password = "correct horse battery"
    func request(_ secret: String?, email: String = "a@x.example", key: String = "k") -> ResetPassword {
      ResetPassword(email: email, password: secret.map { OperatorSecret($0) }, idempotencyKey: key)
    }
    #expect(!"\(request(password)) \(String(reflecting: request(password)))".contains("horse"))
    #expect(try RequestFingerprint(request(password)) == RequestFingerprint(request(nil, key: "other")))
    #expect(try RequestFingerprint(request(nil)) != RequestFingerprint(request(nil, email: "b@x.example")))
  }
}
