import Core
import Foundation
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Keys (G-12, G-13)")
struct KeyTests {
  @Test("A key is shown once, as plain key and as configuration key; only its hash is stored (G-12)")
  func shownOnce() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let form = KeyForm(description: "  Shop  ", expiresOn: "2026-04-01", monthlyLimit: "12.5")
      let first = try await world.services.keys.create(form, for: id, idempotencyKey: "one", as: world.ada)
      guard case .created(let created) = first else { throw Unexpected() }
      let plain = created.plainKey.reveal()
      guard case .valid(let keyID, let secret) = KeyFormat.parse(plain, sha256: Digest.sha256) else {
        throw Unexpected()
      }
      let stored = try #require(try await world.database.read { try $0.key(keyID) })
      #expect(stored == created.key)
      #expect(stored.description == "Shop")
      #expect(stored.secretHash == Digest.sha256(secret))
      #expect(stored.monthlyLimit == GenAIUnits(nano: 12_500_000_000))
      #expect(stored.expiresAt == CompanyZone.utc.firstInstant(of: LocalDay(year: 2026, month: 4, day: 2)))

      let json = try #require(Data(base64Encoded: created.configurationKey.reveal()))
      let members = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
      #expect(members["resourceBaseUrl"] as? String == "https://gateway.example/resources/\(id)")
      #expect(members["deepLinkUrl"] as? String == "https://portal.example/resources/\(id)")
      #expect(members["accessToken"] as? String == plain)
      #expect(members["model"] as? String == "packhouse-extractive-1")

      let second = try await world.services.keys.create(form, for: id, idempotencyKey: "one", as: world.ada)
      guard case .shownBefore(let before) = second else { throw Unexpected() }
      #expect(before.id == keyID)
      #expect(try await world.services.keys.list(of: id, as: world.ada).count == 1)
    }
  }

  @Test("What is wrong with a key's form is told at once (G-12)")
  func problems() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let forms = [
        KeyForm(description: " ", expiresOn: "2020-01-01", monthlyLimit: "0"),
        KeyForm(description: String(repeating: "x", count: 101), expiresOn: "soon", monthlyLimit: "-1"),
      ]
      for form in forms {
        let error = await platformError {
          _ = try await world.services.keys.create(form, for: id, idempotencyKey: "one", as: world.ada)
        }
        guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
        #expect(input.problems.map(\.field) == ["description", "expiresOn", "monthlyLimit"])
      }
    }
  }

  @Test("The list shows creator, last use and status (G-13)")
  func list() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let used = try await world.createKey(id, KeyForm(description: "used"))
      world.clock.advance(hours: 1)
      let expiring = try await world.createKey(id, KeyForm(description: "expiring", expiresOn: "2026-03-15"))
      world.clock.advance(hours: 1)
      let revoked = try await world.createKey(id, KeyForm(description: "revoked"))
      _ = try await world.services.keys.revoke(revoked.key.id, of: id, as: world.ada)
      try await world.use(id, input: 10, payer: .key(used.key.id))
      let lastUse = world.clock.now
      world.clock.advance(days: 1)
      let list = try await world.services.keys.list(of: id, as: world.ada)
      #expect(list.map(\.key.id) == [revoked.key.id, expiring.key.id, used.key.id])
      #expect(list.map(\.status) == [.revoked, .expired, .active])
      #expect(list.map(\.createdBy) == ["Ada", "Ada", "Ada"])
      #expect(list.map(\.lastUsed) == [nil, nil, lastUse])
    }
  }

  @Test("G-20: making and revoking a key is in the activity of its resource once, without anything of the secret")
  func activity() async throws {
    try await withWorld { world in
      let id = try await world.provision(world.request(email: "bram@own.example"))
      let keys = world.services.keys
      let bram = Caller(user: world.bram.user, address: "192.0.2.5")
      func lines() async throws -> [ActivityLine] {
        let page = try await world.services.activity.activity(of: id, ActivityQuery(kind: .key), as: world.ada)
        return page.lines.elements
      }
      var made: CreatedKey?
      for _ in 0..<2 {
        let creation = try await keys.create(KeyForm(description: "Shop"), for: id, idempotencyKey: "one", as: bram)
        if case .created(let created) = creation { made = created }
      }
      let created = try #require(made)
      let name = "the key “Shop” (\(created.key.id)) of “Support assistant”"
      #expect(try await lines().map(\.sentence) == ["Created \(name)"])
      #expect(try await lines().first?.actor == .person(bram.id, name: "Bram", address: "192.0.2.5"))
      for _ in 0..<2 { _ = try await keys.revoke(created.key.id, of: id, as: world.ada) }
      #expect(try await lines().map(\.sentence) == ["Revoked \(name)", "Created \(name)"])
      let told = try await world.activity().joined()
      #expect(!told.contains(created.plainKey.reveal()) && !told.contains(created.configurationKey.reveal()))
      // The id can be told by itself, and is no part of what proves the key.
      let secret = created.plainKey.reveal().replacing(created.key.id.text, with: "")
      #expect(!told.contains(secret.suffix(20)))
      #expect(try await world.problems().isEmpty)
    }
  }

  @Test("Members of the team manage keys; colleagues off the team and strangers see none (P-6)")
  func rights() async throws {
    try await withWorld { world in
      let shared = try await world.provision(world.request(email: "bram@own.example"))
      let own = try await world.provision()
      let keys = world.services.keys
      _ = try await keys.create(KeyForm(description: "Bram's"), for: shared, idempotencyKey: "1", as: world.bram)
      let foreign = try await world.createKey(own)
      for caller in [world.bram, world.stranger] {
        let errors = [
          await platformError { _ = try await keys.list(of: own, as: caller) },
          await platformError { _ = try await keys.revoke(foreign.key.id, of: own, as: caller) },
          await platformError {
            _ = try await keys.create(KeyForm(description: "x"), for: own, idempotencyKey: "2", as: caller)
          },
        ]
        for error in errors {
          guard case .notFound = error else {
            Issue.record("not hidden: \(String(describing: error))")
            continue
          }
        }
      }
      // A key of another resource is not reached through one's own.
      let error = await platformError { _ = try await keys.revoke(foreign.key.id, of: shared, as: world.bram) }
      guard case .notFound = try #require(error) else { throw Unexpected() }
    }
  }
}
