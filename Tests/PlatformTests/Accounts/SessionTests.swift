import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Sessions (P-5)")
struct SessionTests {
  @Test("A session that is not used ends after 12 hours (P-5)")
  func idle() async throws {
    try await withWorld { world in
      let token = try await signIn(world).token.reveal()
      world.clock.advance(milliseconds: 12 * 3_600_000 - 1)
      #expect(try await world.services.accounts.signedIn(token: token) != nil)
      world.clock.advance(milliseconds: 12 * 3_600_000)
      #expect(try await world.services.accounts.signedIn(token: token) == nil)
    }
  }

  @Test("A session that is used every hour ends after 7 days all the same (P-5)")
  func absolute() async throws {
    try await withWorld { world in
      let token = try await signIn(world).token.reveal()
      var hours = 0
      while try await world.services.accounts.signedIn(token: token) != nil, hours < 400 {
        world.clock.advance(hours: 1)
        hours += 1
      }
      #expect(hours == 7 * 24)
    }
  }

  @Test("Only the hash of the token is stored (P-5)")
  func onlyHash() async throws {
    try await withWorld { world in
      let token = try await signIn(world).token.reveal()
      let (byHash, byToken) = try await world.database.read { transaction in
        (
          try transaction.session(tokenHash: Digest.sha256(Array(token.utf8))),
          try transaction.session(tokenHash: Array(token.utf8))
        )
      }
      #expect(byHash != nil)
      #expect(byToken == nil)
      #expect(token.utf8.count == 43)
    }
  }

  @Test("Sessions are listed and ended by their owner, and by nobody else (P-5)")
  func ownership() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      let first = try await signIn(world)
      world.clock.advance(hours: 1)
      let second = try await signIn(world)
      let other = try await signIn(world, "bram@own.example")
      let ada = try #require(try await accounts.signedIn(token: second.token.reveal(), address: "192.0.2.9"))
      #expect(ada.caller.address == "192.0.2.9", "what they do is told with where from (G-20)")
      let bram = try #require(try await accounts.signedIn(token: other.token.reveal()))

      let listed = try await accounts.sessions(of: ada)
      #expect(listed.map(\.session.id) == [second.session.id, first.session.id])
      #expect(listed.map(\.isCurrent) == [true, false])

      let error = await platformError { try await accounts.endSession(first.session.id, of: bram) }
      #expect(error == .notFound("This session has ended already."))
      try await accounts.endSession(first.session.id, of: ada)
      #expect(try await accounts.signedIn(token: first.token.reveal()) == nil)
      #expect(try await accounts.signedIn(token: second.token.reveal()) != nil)
    }
  }

  @Test("Ending all others keeps the current one (P-5)")
  func endOthers() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      var tokens: [String] = []
      for _ in 0..<3 { tokens.append(try await signIn(world).token.reveal()) }
      let bram = try await signIn(world, "bram@own.example").token.reveal()
      let current = try #require(try await accounts.signedIn(token: tokens[1]))
      #expect(try await accounts.endOtherSessions(of: current) == 2)
      #expect(try await accounts.signedIn(token: tokens[0]) == nil)
      #expect(try await accounts.signedIn(token: tokens[1]) != nil)
      #expect(try await accounts.signedIn(token: bram) != nil)
      try await accounts.signOut(current)
      #expect(try await accounts.signedIn(token: tokens[1]) == nil)
    }
  }

  @Test("Deactivating a person ends all access at the next request (P-7)")
  func deactivation() async throws {
    try await withWorld { world in
      let token = try await signIn(world, "bram@own.example").token.reveal()
      var gone = world.bram.user
      gone.deactivatedAt = world.clock.now
      let bram = gone
      try await world.database.write { try $0.update(bram) }
      #expect(try await world.services.accounts.signedIn(token: token) == nil)
    }
  }

  @Test("Tokens that were never given sign nobody in", arguments: ["", "x", String(repeating: "a", count: 5_000)])
  func foreignTokens(token: String) async throws {
    try await withWorld { world in
      let signedIn = try await world.services.accounts.signedIn(token: token)
      #expect(signedIn == nil)
    }
  }

  @Test("A CSRF token belongs to one session")
  func csrf() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      let mine = try #require(try await accounts.signedIn(token: try await signIn(world).token.reveal()))
      let other = try #require(try await accounts.signedIn(token: try await signIn(world).token.reveal()))
      #expect(accounts.isGenuine(csrfToken: mine.csrfToken, for: mine))
      #expect(!accounts.isGenuine(csrfToken: other.csrfToken, for: mine))
      #expect(!accounts.isGenuine(csrfToken: "", for: mine))
    }
  }

  private func signIn(_ world: World, _ email: String = "ada@own.example") async throws -> NewSession {
    try await world.services.accounts.signIn(email: email, password: World.password, from: World.origin)
  }
}
