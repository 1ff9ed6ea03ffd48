import Core
import Testing

@testable import Platform
@testable import Storage

@Suite("The operator lets people in")
struct OperatorPeopleTests {
  @Test("P-3, P-4: somebody new signs in with the generated password; the address is taken from then on")
  func create() async throws {
    try await withWorld { world in
      let request = world.newUser("Joris@OWN.example", key: "once")
      let made = try await world.desk.perform(request)
      #expect(made.user.email == "joris@own.example" && made.user.role == "member" && made.user.status == "active")
      let password = try #require(made.password)
      let signedIn = try await world.services.accounts.signIn(
        email: made.user.email, password: Sensitive(password), from: World.origin)
      #expect(signedIn.user.companyID == world.company.id)
      let again = try await world.desk.perform(request)
      #expect(again.wasRepeated && again.password == nil)
      let taken = try await conflict { _ = try await world.desk.perform(world.newUser()) }
      #expect(taken.contains("Joris Blom of “Northwind”"))
      let last = try #require(try await world.deeds().first)
      #expect(last.actor == .operator && last.sentence == "Added Joris Blom as a member")
      #expect(try await world.reports.users(of: "Northwind").map(\.name) == ["Ada", "Bram", "Joris Blom"])
    }
  }

  @Test("G-21: a new password ends every session and lets in whoever had failed too often")
  func reset() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      func signIn(_ password: String) async throws -> User {
        try await accounts.signIn(email: "bram@own.example", password: Sensitive(password), from: World.origin).user
      }
      _ = try await signIn(World.password.reveal())
      for _ in 0..<20 { _ = await platformError { _ = try await signIn("wrong horse battery") } }
      let shut = await platformError { _ = try await signIn(World.password.reveal()) }
      guard case .throttled = try #require(shut) else { throw Unexpected() }

      var request = ResetPassword(
        email: "BRAM@own.example", password: OperatorSecret("a staple of its own"), idempotencyKey: world.submit())
      let done = try await world.desk.perform(request)
      #expect(done.endedSessions == 1 && done.password == nil && done.name == "Bram")
      #expect(try await signIn("a staple of its own").id == world.bram.id)
      request.password = nil
      request.idempotencyKey = world.submit()
      let generated = try #require(try await world.desk.perform(request).password)
      let old = await platformError { _ = try await signIn("a staple of its own") }
      guard case .unauthenticated = try #require(old) else { throw Unexpected() }
      #expect(try await signIn(generated).id == world.bram.id)
      #expect(try await world.activity().first == "Set a new password for Bram, which ended their sessions")
    }
  }

  @Test("Nobody's password, and that of somebody deactivated, is not set")
  func resetRefused() async throws {
    try await withWorld { world in
      func reset(_ email: String) -> ResetPassword {
        ResetPassword(email: email, password: nil, idempotencyKey: world.submit())
      }
      let unknown = try await conflict { _ = try await world.desk.perform(reset("nobody@own.example")) }
      #expect(unknown.hasPrefix("Nobody has an account under nobody@own.example."))
      try await world.tamper("UPDATE users SET deactivated_at = 1 WHERE email = 'bram@own.example'")
      let gone = try await conflict { _ = try await world.desk.perform(reset("bram@own.example")) }
      #expect(gone == "Bram is deactivated: a new password would open nothing.")
    }
  }

  @Test("P-1, P-7: the operator closes any account at once, also the last admin's, and opens it again")
  func deactivate() async throws {
    try await withWorld { world in
      let accounts = world.services.accounts
      func signIn() async throws -> String {
        try await accounts.signIn(email: "ada@own.example", password: World.password, from: World.origin).token.reveal()
      }
      func change(_ change: MemberChange, _ email: String = "ADA@own.example", key: String? = nil) -> ChangeMember {
        ChangeMember(company: "Northwind", email: email, change: change, idempotencyKey: key ?? world.submit())
      }
      let token = try await signIn()
      #expect(try await accounts.signedIn(token: token) != nil)
      let closing = change(.deactivate, key: "close")
      let closed = try await world.desk.perform(closing)
      #expect(closed.hasChanged && closed.user.status == "deactivated" && closed.notes.count == 1)
      #expect(try await accounts.signedIn(token: token) == nil)
      guard case .unauthenticated = try #require(await platformError { _ = try await signIn() }) else {
        throw Unexpected()
      }
      let deed = try #require(try await world.deeds().first)
      #expect(deed.actor == .operator && deed.sentence == "Deactivated “Ada” (ada@own.example)")
      #expect(try await world.desk.perform(closing).wasRepeated)
      #expect(try await !world.desk.perform(change(.deactivate)).hasChanged)
      let other = try await conflict { _ = try await world.desk.perform(change(.reactivate, key: "close")) }
      #expect(other.hasPrefix("This idempotency key was used for something else before."))

      let opened = try await world.desk.perform(change(.reactivate))
      #expect(opened.hasChanged && opened.user.status == "active" && opened.notes.isEmpty)
      _ = try await signIn()
      for email in ["nobody@own.example", "mallory@other.example"] {
        let unknown = try await conflict { _ = try await world.desk.perform(change(.deactivate, email)) }
        #expect(unknown.hasPrefix("Nobody whose home is “Northwind” has the address \(email)."))
      }
    }
  }

  @Test("No password, given or generated, is written down anywhere but as a hash")
  func nothingKept() async throws {
    try await withWorld { world in
      var given = world.creation(password: "a staple of its own")
      given.cloudTokens = "1"
      _ = try await world.desk.perform(given)
      let generated = try #require(try await world.desk.perform(world.newUser()).password)
      let results = try await world.database.read { transaction in
        try transaction.query("SELECT result FROM idempotency_claims").map { try $0.text("result") }.joined()
      }
      // What is kept is found here, so a password would be as well.
      #expect(results.contains("ines@eastgate.example") && results.contains("joris@own.example"))
      #expect(!results.contains("staple") && !results.contains(generated))
    }
  }
}
