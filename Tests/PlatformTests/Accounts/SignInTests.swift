import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Sign-in (P-5)")
struct SignInTests {
  @Test("The right password begins a session, whatever the case of the address (P-3, P-5)")
  func rightPassword() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      let fresh = try await accounts.signIn(email: " ADA@own.Example ", password: World.password, from: World.origin)
      let signedIn = try #require(try await accounts.signedIn(token: fresh.token.reveal()))
      #expect(signedIn.user == world.ada.user)
      #expect(signedIn.session.address == World.origin.address)
      #expect(fresh.maxAgeSeconds == 7 * 86_400)
    }
  }

  @Test("Unknown address, wrong password, deactivated person and no address at all get one and the same answer (P-5)")
  func sameAnswer() async throws {
    try await withWorld { world in
      var gone = world.bram.user
      gone.deactivatedAt = world.clock.now
      let bram = gone
      try await world.database.write { try $0.update(bram) }
      let tries: [(String, Sensitive<String>)] = [
        ("nobody@own.example", World.password), ("ada@own.example", Sensitive("not the password")),
        (bram.email, World.password), ("not an address", World.password), ("", Sensitive("")),
        ("ada@own.example", Sensitive("")),
      ]
      for (email, password) in tries {
        let error = await platformError {
          _ = try await world.services.accounts.signIn(email: email, password: password, from: World.origin)
        }
        #expect(error == .unauthenticated("Email or password is wrong."), "\(email)")
      }
    }
  }

  @Test("After five failures an account waits, and its right password has to wait too (P-5)")
  func throttlesAccount() async throws {
    try await withWorld { world in
      for address in 0..<5 {
        #expect(await failure(world, "ada@own.example", address: "198.51.100.\(address)") == Accounts.refusal)
      }
      let error = await failure(world, "ada@own.example", address: "203.0.113.9", password: World.password)
      guard case .throttled(let sentence, let seconds) = try #require(error) else {
        Issue.record("not throttled: \(String(describing: error))")
        return
      }
      #expect(seconds == 1)
      #expect(sentence == "Too many failed sign-ins. Try again in 1 second.")
      world.clock.advance(seconds: 1)
      #expect(await failure(world, "ada@own.example", address: "203.0.113.9", password: World.password) == nil)
      #expect(await failure(world, "ada@own.example", address: "203.0.113.9") == Accounts.refusal)
    }
  }

  @Test("An address that tries many accounts waits; others don't (P-5)")
  func throttlesAddress() async throws {
    try await withWorld { world in
      for number in 0..<20 {
        #expect(await failure(world, "guess\(number)@own.example", address: "198.51.100.1") == Accounts.refusal)
      }
      let error = await failure(world, "bram@own.example", address: "198.51.100.1", password: World.password)
      guard case .throttled = try #require(error) else {
        Issue.record("not throttled: \(String(describing: error))")
        return
      }
      #expect(await failure(world, "bram@own.example", address: "203.0.113.9", password: World.password) == nil)
    }
  }

  @Test("Forty guesses at the same moment get no more tries than forty in a row (P-5)")
  func throttlesTheSameMoment() async throws {
    try await withWorld { world in
      let errors = await withTaskGroup(of: PlatformError?.self) { group in
        for number in 0..<40 {
          group.addTask { await failure(world, "ada@own.example", address: "198.51.100.\(number)") }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors.count { $0 == Accounts.refusal } == 5)
      #expect(errors.count { if case .throttled = $0 { true } else { false } } == 35)
    }
  }
}

/// What a sign-in throws; nil where it succeeds.
private func failure(
  _ world: World, _ email: String, address: String, password: Sensitive<String> = Sensitive("a wrong password")
) async -> PlatformError? {
  await platformError {
    _ = try await world.services.accounts.signIn(
      email: email, password: password, from: ClientOrigin(address: address, userAgent: "test"))
  }
}
