import Core
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("A new secret never goes where somebody wrote into the database (N-1)")
struct AlteredAccountTests {
  /// What whoever can write to the database may do to the row of an account.
  static let alterations = [
    "UPDATE provider_accounts SET endpoint = 'https://thief.example'",
    "UPDATE provider_accounts SET region = 'eu-west-1'",
    "UPDATE provider_accounts SET region = NULL, endpoint = NULL",
    "UPDATE provider_accounts SET kind = 'openai-compatible', endpoint = 'https://thief.example/v1'",
    "UPDATE provider_accounts SET kind = 'telepathy'",
    "UPDATE provider_accounts SET fingerprint = '00000000', endpoint = 'https://thief.example'",
    "UPDATE provider_accounts SET nonce = substr(sealed_secret, 1, 12), endpoint = 'https://thief.example'",
    "UPDATE provider_accounts SET key_id = '0123456789abcdef', endpoint = 'https://thief.example'",
  ]

  @Test("An account whose row was altered takes no secret: it has to be removed and added", arguments: alterations)
  func altered(_ alteration: String) async throws {
    try await withWorld { world in
      _ = try await world.desk.perform(world.account(address: "https://own.example"))
      #expect(try await world.desk.perform(world.newSecret("frankfurt", "second")).earlierFingerprint != nil, "control")
      try await world.tamper(alteration)
      let before = try await row(world)
      let problem: ProviderSecretProblem = alteration.contains("key_id") ? .otherMasterKey : .altered
      let refusal = try await conflict { _ = try await world.desk.perform(world.newSecret("frankfurt", "third")) }
      #expect(refusal == problem.sentence("frankfurt", isInFile: false))
      #expect(refusal.contains("packhouse provider remove frankfurt") && !refusal.contains("third"))
      // Nothing was sealed for what stands there.
      #expect(try await row(world) == before)
      #expect(try await world.providerAccounts.all().accounts.allSatisfy { (try? $0.secret.get()) == nil })

      _ = try await world.desk.perform(world.removal("frankfurt"))
      _ = try await world.desk.perform(world.account(address: "https://own.example", secret: "third"))
      let mended = try #require(try await world.providerAccounts.all().accounts.first)
      #expect(mended.account.endpoint == "https://own.example")
      #expect(mended.secret == .success(ProviderSecret(.key("third"))))
    }
  }

  @Test(
    "For an account of the providers file a new secret replaces the row, whatever stands there: the file says where it goes",
    arguments: alterations)
  func described(_ alteration: String) async throws {
    try await withWorld { world in
      let desk = world.desk([.described("frankfurt", credentials: .stored)])
      _ = try await desk.perform(world.newSecret("frankfurt", "first"))
      // An address needs a region.
      if alteration.contains("endpoint = 'h") {
        try await world.tamper("UPDATE provider_accounts SET region = 'eu-central-1'")
      }
      try await world.tamper(alteration)
      #expect(try await desk.perform(world.newSecret("frankfurt", "second")).kind == "bedrock")
      let stored = try #require(try await world.providerAccounts.all().accounts.first)
      #expect(stored.account.region == nil && stored.account.endpoint == nil && stored.account.kind == .bedrock)
      #expect(stored.secret == .success(ProviderSecret(.key("second"))))
      // Without its description it is no account, so that the secret goes nowhere.
      #expect(
        ProviderConfiguration.none.including([stored.account], in: world.context.catalog).accounts.isEmpty)
    }
  }

  @Test("A row of another kind than the file says is replaced by one of the file's kind")
  func otherKind() async throws {
    try await withWorld { world in
      _ = try await world.desk.perform(world.account(kind: "anthropic", address: "https://own.example"))
      let desk = world.desk([.described("frankfurt", credentials: .stored)])
      #expect(try await desk.perform(world.newSecret("frankfurt", "token")).kind == "bedrock")
      let stored = try #require(try await world.providerAccounts.all().accounts.first)
      #expect(stored.account.kind == .bedrock && stored.account.endpoint == nil)
    }
  }

  @Test("A first secret finds room or says that there is none; another one of a stored account needs none")
  func room() async throws {
    try await withWorld { world in
      let names = ["one", "two"]
      let desk = world.desk(names.map { .described($0, credentials: .stored) })
      _ = try await desk.perform(world.newSecret("one", "first"))
      try await world.tamper(
        """
        WITH RECURSIVE numbers (number) AS (
          SELECT 1 UNION ALL SELECT number + 1 FROM numbers WHERE number < \(StoredProviderAccount.limit - 1)
        )
        INSERT INTO provider_accounts
          (name, kind, key_id, nonce, sealed_secret, fingerprint, created_at, changed_at, changed_by)
        SELECT 'other-' || CAST(number AS TEXT), kind, key_id, nonce, sealed_secret, fingerprint, created_at, changed_at,
          changed_by
        FROM provider_accounts, numbers WHERE name = 'one'
        """)
      let refusal = try await conflict { _ = try await desk.perform(world.newSecret("two", "first")) }
      #expect(refusal.hasPrefix("There are 1000 stored provider accounts, which is the most."))
      #expect(try await desk.perform(world.newSecret("one", "second")).earlierFingerprint != nil)
      let added = try await conflict { _ = try await world.desk.perform(world.account("three")) }
      #expect(added == refusal)
      _ = try await world.desk.perform(world.removal("other-7"))
      #expect(try await desk.perform(world.newSecret("two", "first")).earlierFingerprint == nil)
    }
  }

  /// All that stands in the account's row.
  private func row(_ world: World) async throws -> [String] {
    try await world.database.read { transaction in
      try transaction.query("SELECT * FROM provider_accounts").map { row in
        [
          try row.text("name"), try row.text("kind"), try row.optionalText("region") ?? "-",
          try row.optionalText("endpoint") ?? "-", try row.text("key_id"), "\(try row.bytes("sealed_secret"))",
          try row.text("fingerprint"),
        ].joined(separator: " ")
      }
    }
  }
}
