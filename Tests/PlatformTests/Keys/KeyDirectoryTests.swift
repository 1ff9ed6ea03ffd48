import Core
import Logging
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Key look-up (K-1, G-13, decision 7)")
struct KeyDirectoryTests {
  @Test("The first look-up asks the database, the second does not (decision 11)")
  func caches() async throws {
    try await withDirectory { world, directory, feed in
      await feed.poll()
      let created = try await world.createKey(try await world.provision())
      await feed.poll()
      let plain = created.plainKey.reveal()
      #expect(try await resolve(directory, plain) == .success(created.key))
      guard case .ready(let answer) = directory.find(plain) else { throw Unexpected() }
      #expect(answer == .success(created.key))
    }
  }

  @Test("A revoked key is refused as soon as the feed has told of it (G-13)")
  func revocation() async throws {
    try await withDirectory { world, directory, feed in
      await feed.poll()
      let resource = try await world.provision()
      let created = try await world.createKey(resource)
      await feed.poll()
      let plain = created.plainKey.reveal()
      _ = try await resolve(directory, plain)
      _ = try await world.services.keys.revoke(created.key.id, of: resource, as: world.ada)
      await feed.poll()
      let refusal = KeyRefusal.revoked(world.clock.now)
      #expect(try await resolve(directory, plain) == .failure(refusal))
      #expect(refusal.isKnown)
    }
  }

  @Test("When the feed is older than a second, what is cached is not trusted (decision 7)")
  func staleFeed() async throws {
    try await withDirectory { world, directory, feed in
      await feed.poll()
      let resource = try await world.provision()
      let created = try await world.createKey(resource)
      let plain = created.plainKey.reveal()
      _ = try await resolve(directory, plain)
      _ = try await world.services.keys.revoke(created.key.id, of: resource, as: world.ada)
      // Nobody reads the feed, but time goes by.
      world.clock.advance(milliseconds: 1_000)
      guard case .ready(.success) = directory.find(plain) else { throw Unexpected() }
      world.clock.advance(milliseconds: 1)
      guard case .needsStorage(let pending) = directory.find(plain) else { throw Unexpected() }
      guard case .failure(.revoked) = try await directory.load(pending) else { throw Unexpected() }
      await world.database.close()
      let error = await platformError { _ = try await directory.load(pending) }
      guard case .unavailable = try #require(error) else { throw Unexpected() }
    }
  }

  @Test("Before the feed was read for the first time nothing cached is trusted (decision 7)")
  func unreadFeed() async throws {
    try await withDirectory { world, directory, _ in
      let created = try await world.createKey(try await world.provision())
      _ = try await resolve(directory, created.plainKey.reveal())
      guard case .needsStorage = directory.find(created.plainKey.reveal()) else { throw Unexpected() }
    }
  }

  @Test("A key revoked between its look-up and the feed's first reading is refused after it (G-13)")
  func revokedBeforeFirstReading() async throws {
    try await withDirectory { world, directory, feed in
      let resource = try await world.provision()
      let created = try await world.createKey(resource)
      _ = try await resolve(directory, created.plainKey.reveal())
      _ = try await world.services.keys.revoke(created.key.id, of: resource, as: world.ada)
      await feed.poll()
      guard case .failure(.revoked) = try await resolve(directory, created.plainKey.reveal()) else {
        throw Unexpected()
      }
    }
  }

  @Test("A key expires at its instant, cached or not (G-12)")
  func expiry() async throws {
    try await withDirectory { world, directory, feed in
      let created = try await world.createKey(
        try await world.provision(), KeyForm(description: "x", expiresOn: "2026-03-15"))
      let plain = created.plainKey.reveal()
      let expiresAt = try #require(created.key.expiresAt)
      world.clock.set(expiresAt.adding(milliseconds: -1))
      await feed.poll()
      #expect(try await resolve(directory, plain) == .success(created.key))
      world.clock.set(expiresAt)
      guard case .ready(let answer) = directory.find(plain) else { throw Unexpected() }
      #expect(answer == .failure(.expired(expiresAt)))
    }
  }

  @Test("Typos, foreign texts, unknown keys and another secret are told apart from a revoked key (K-1, K-2)")
  func wrongKeys() async throws {
    try await withDirectory { world, directory, _ in
      let created = try await world.createKey(try await world.provision())
      let plain = created.plainKey.reveal()
      let last = try #require(plain.last)
      #expect(try await resolve(directory, String(plain.dropLast()) + (last == "0" ? "1" : "0")) == .failure(.typo))
      #expect(try await resolve(directory, "sk-something") == .failure(.malformed))
      #expect(try await resolve(directory, "eyJhIjoxfQ==") == .failure(.configurationKey))
      #expect(try await resolve(directory, "") == .failure(.malformed))
      let unknown = KeyFormat.make(
        id: KeyID("0000000000"), secret: world.context.random.bytes(32), sha256: Digest.sha256)
      #expect(try await resolve(directory, unknown) == .failure(.unknown))
      let guessed = KeyFormat.make(
        id: created.key.id, secret: world.context.random.bytes(32), sha256: Digest.sha256)
      #expect(try await resolve(directory, guessed) == .failure(.unknown))
      for refusal in [KeyRefusal.malformed, .configurationKey, .typo, .unknown] { #expect(!refusal.isKnown) }
    }
  }

  @Test("A key that was read before a change is not kept after it (decision 7)")
  func readBeforeChange() async throws {
    try await withDirectory { world, directory, feed in
      await feed.poll()
      let resource = try await world.provision()
      let created = try await world.createKey(resource)
      let plain = created.plainKey.reveal()
      // Look-ups and the revocation race; whatever is cached in the end must be what the database says.
      await withTaskGroup(of: Void.self) { group in
        for number in 0..<40 {
          group.addTask {
            if number == 20 { _ = try? await world.services.keys.revoke(created.key.id, of: resource, as: world.ada) }
            _ = try? await resolve(directory, plain)
            await feed.poll()
          }
        }
      }
      await feed.poll()
      guard case .failure(.revoked) = try await resolve(directory, plain) else { throw Unexpected() }
    }
  }

  private func withDirectory(_ body: (World, KeyDirectory, ChangeFeed) async throws -> Void) async throws {
    try await withWorld { world in
      let feed = ChangeFeed(
        database: world.database, clock: world.clock.wallClock, logger: world.context.logger)
      try await body(
        world, KeyDirectory(database: world.database, feed: feed, clock: world.clock.wallClock), feed)
    }
  }
}

private func resolve(_ directory: KeyDirectory, _ text: String) async throws -> Result<ResourceKey, KeyRefusal> {
  switch directory.find(text) {
  case .ready(let answer): answer
  case .needsStorage(let pending): try await directory.load(pending)
  }
}
