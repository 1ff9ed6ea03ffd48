import Core
import TestSupport
import Testing

@testable import Storage

@Suite("Stored provider accounts (N-1)")
struct ProviderAccountTests {
  static func account(
    _ name: String = "frankfurt", kind: ProviderKind = .bedrock, region: String? = "eu-central-1",
    endpoint: String? = nil, byte: UInt8 = 7, changedAt: Int64 = 5_000
  ) -> StoredProviderAccount {
    StoredProviderAccount(
      name: name, kind: kind, region: region.map { RegionID($0) }, endpoint: endpoint,
      secret: SealedSecret(
        keyID: "0123456789abcdef", nonce: Array(repeating: byte, count: 12), box: Array(repeating: byte, count: 40),
        fingerprint: "89abcdef"),
      createdAt: Instant(milliseconds: 5_000), changedAt: Instant(milliseconds: changedAt), changedBy: "operator")
  }

  @Test("Accounts come back as they were put, by name, and each change is in the feed")
  func roundTrip() async throws {
    try await TestDatabase.each { test in
      let (one, two) = (
        Self.account(), Self.account("berlin", kind: .openAICompatible, endpoint: "http://10.0.0.7:8000/v1")
      )
      let three = Self.account("described", kind: .anthropic, region: nil)
      try await test.database.write { for account in [one, two, three] { try $0.put(account) } }
      #expect(try await test.database.read { try $0.providerAccounts().readable } == [two, three, one])
      let later = Self.account(byte: 9, changedAt: 6_000)
      try await test.database.write { try $0.put(later) }
      let (found, count, isThere) = try await test.database.read { transaction in
        (
          try transaction.providerAccounts(), try transaction.providerAccountCount(),
          try transaction.hasProviderAccount("frankfurt")
        )
      }
      #expect(found.readable == [two, three, later] && found.unreadable.isEmpty && count == 3 && isThere)
      #expect(try await test.database.write { try $0.deleteProviderAccount("frankfurt") })
      #expect(try await !test.database.write { try $0.deleteProviderAccount("frankfurt") })
      let changes = try await test.database.read { try $0.changes(after: 0) }
      #expect(changes.allSatisfy { $0.kind == .providerAccount })
      #expect(changes.map(\.id) == ["frankfurt", "berlin", "described", "frankfurt", "frankfurt"])
    }
  }

  @Test("A row of a kind that nobody knows is named and hides no other")
  func unreadable() async throws {
    try await TestDatabase.each { test in
      try await test.database.write { transaction in
        for name in ["a", "b"] { try transaction.put(Self.account(name)) }
        try transaction.execute("UPDATE provider_accounts SET kind = 'telepathy' WHERE name = 'a'")
      }
      let found = try await test.database.read { try $0.providerAccounts() }
      #expect(found.readable == [Self.account("b")] && found.unreadable == ["a"])
      #expect(try await test.database.write { try $0.deleteProviderAccount("a") })
    }
  }

  @Test("The schema takes no account without a whole secret, and no address without a region")
  func constraints() async throws {
    try await TestDatabase.each { test in
      let good = Self.account()
      let broken = [
        SealedSecret(keyID: "short", nonce: good.secret.nonce, box: good.secret.box, fingerprint: "89abcdef"),
        SealedSecret(keyID: good.secret.keyID, nonce: [1], box: good.secret.box, fingerprint: "89abcdef"),
        SealedSecret(
          keyID: good.secret.keyID, nonce: good.secret.nonce, box: Array(good.secret.box.prefix(16)),
          fingerprint: "89abcdef"),
        SealedSecret(keyID: good.secret.keyID, nonce: good.secret.nonce, box: good.secret.box, fingerprint: ""),
      ]
      for secret in broken {
        let account = StoredProviderAccount(
          name: "x", kind: .bedrock, region: nil, endpoint: nil, secret: secret, createdAt: good.createdAt,
          changedAt: good.changedAt, changedBy: "operator")
        await #expect(throws: DatabaseProblem.self) { try await test.database.write { try $0.put(account) } }
      }
      let nowhere = Self.account(region: nil, endpoint: "https://own.example")
      await #expect(throws: DatabaseProblem.self) { try await test.database.write { try $0.put(nowhere) } }
      let early = Self.account(changedAt: 4_999)
      await #expect(throws: DatabaseProblem.self) { try await test.database.write { try $0.put(early) } }
      try await test.database.write { try $0.put(good) }
    }
  }
}
