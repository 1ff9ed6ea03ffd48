import Core
import Logging
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Set-up of the first admin (P-1, P-2, E-6)")
struct SetUpTests {
  @Test("A set-up makes a company that can provision at once, and signs its admin in (P-1, E-6)")
  func usable() async throws {
    try await withEmptyPlatform { services, clock in
      #expect(try await services.setUp.isOpen())
      let token = try await services.setUp.makeToken().reveal()
      #expect(try await services.setUp.accepts(token: token))
      let fresh = try await services.setUp.perform(Self.form, token: token, from: World.origin)
      let signedIn = try #require(try await services.accounts.signedIn(token: fresh.token.reveal()))
      #expect(signedIn.user.companyRole == .admin)
      #expect(signedIn.user.email == "ada@own.example")

      let page = try await services.resources.provisioningPage(as: signedIn.caller)
      #expect(page.balance == TokenBalance(total: 1_200, allocated: 0))
      #expect(page.reasons.isEmpty)
      #expect(page.company.zone.identifier == "Europe/Amsterdam")
      clock.advance(days: 364)
      #expect(try await services.resources.provisioningPage(as: signedIn.caller).balance.total == 1_200)
      clock.advance(days: 1)
      #expect(try await services.resources.provisioningPage(as: signedIn.caller).balance.total == 0)
    }
  }

  @Test("The link works once, a later one replaces it, and none works once a company exists (P-1)")
  func singleUse() async throws {
    try await withEmptyPlatform { services, _ in
      let first = try await services.setUp.makeToken().reveal()
      let second = try await services.setUp.makeToken().reveal()
      #expect(try await !services.setUp.accepts(token: first))
      let early = await platformError {
        _ = try await services.setUp.perform(Self.form, token: first, from: World.origin)
      }
      guard case .notFound = try #require(early) else { throw Unexpected() }
      _ = try await services.setUp.perform(Self.form, token: second, from: World.origin)
      let late = await platformError {
        _ = try await services.setUp.perform(Self.form, token: second, from: World.origin)
      }
      guard case .conflict = try #require(late) else { throw Unexpected() }
      guard case .conflict = try #require(await platformError { _ = try await services.setUp.makeToken() }) else {
        throw Unexpected()
      }
      #expect(try await !services.setUp.isOpen())
    }
  }

  @Test("A link that lies unused for a week stops working (P-1)")
  func expires() async throws {
    try await withEmptyPlatform { services, clock in
      let token = try await services.setUp.makeToken().reveal()
      clock.advance(days: 7)
      #expect(try await !services.setUp.accepts(token: token))
    }
  }

  @Test("Sent twice at the same moment it makes one company (P-1)")
  func twice() async throws {
    try await withEmptyPlatform { services, _ in
      let token = try await services.setUp.makeToken().reveal()
      let successes = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 {
          group.addTask {
            await platformError {
              _ = try await services.setUp.perform(Self.form, token: token, from: World.origin)
            } == nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(successes.count { $0 } == 1)
      #expect(try await services.context.database.read { try $0.companies().count } == 1)
    }
  }

  @Test("Everything that is wrong with the form is told at once, and the link stays usable")
  func problems() async throws {
    try await withEmptyPlatform { services, _ in
      let token = try await services.setUp.makeToken().reveal()
      let form = SetUpForm(
        companyName: " ", timeZone: "Mars/Olympus", name: "A\u{7}da", email: "ada", password: Sensitive("short"),
        cloudTokens: "0.5")
      let error = await platformError { _ = try await services.setUp.perform(form, token: token, from: World.origin) }
      guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
      #expect(
        Set(input.problems.map(\.field)) == ["companyName", "timeZone", "name", "email", "password", "cloudTokens"])
      #expect(try await services.setUp.accepts(token: token))
    }
  }

  private static let form = SetUpForm(
    companyName: "Own", timeZone: "Europe/Amsterdam", name: "Ada", email: "Ada@own.example",
    password: Sensitive("correct horse battery"), cloudTokens: "1,200")
}

/// An installation without a company, on every engine.
func withEmptyPlatform(_ body: (PlatformServices, ManualClock) async throws -> Void) async throws {
  try await TestDatabase.each { test in
    let clock = ManualClock()
    let context = World.context(test.database, clock: clock)
    try await body(PlatformServices(context, passwordCost: PasswordCost(log2Rounds: 4)), clock)
  }
}
