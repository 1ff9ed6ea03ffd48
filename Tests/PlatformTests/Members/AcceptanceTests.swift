import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Accepting and declining a company invitation")
struct AcceptanceTests {
  @Test("P-7: who has no account makes one, is signed in, at home, and on the teams that came with it")
  func newcomer() async throws {
    try await withWorld { world in
      let resource = try await world.provision(world.request(email: "chen@new.example"))
      let view = try #require(try await world.members.list(as: world.ada).invitations.first)
      let token = try await world.token(view.invitation.id)
      let open = try await world.services.invitations.open(token: token, as: nil)
      #expect(open.offer == .createAccount(email: "chen@new.example"))
      #expect(open.company == "Northwind" && open.invitedBy == "Ada" && open.teams == ["Support assistant"])
      let session = try await world.accept(token)
      let signedIn = try #require(try await world.services.accounts.signedIn(token: session.token.reveal()))
      #expect(signedIn.user.name == "Chen Li" && signedIn.user.companyID == world.company.id)
      #expect(signedIn.user.companyRole == .member)
      #expect(try await world.services.resources.overview(as: signedIn.caller).map(\.resource.id) == [resource])
      #expect(try await world.invitation(view.invitation.id).state == .accepted)
      #expect(
        try await world.activity().prefix(2) == [
          "Joined the team of “Support assistant” with the invitation",
          "Accepted the invitation and joined the company as member",
        ])
      // The password that was chosen is the one to sign in with.
      #expect(try await world.signIn("chen@new.example").user.id == session.user.id)
    }
  }

  @Test("Sent twice by the same form it makes one account and signs in both times; by another form it is over")
  func twice() async throws {
    try await withWorld { world in
      let token = try await world.token(try await world.invite())
      let first = try await world.accept(token, key: "form")
      let second = try await world.accept(token, key: "form")
      #expect(first.user.id == second.user.id)
      let error = await platformError { _ = try await world.accept(token) }
      #expect(error == .conflict(Invitation.State.accepted.sentence))
      // With another password the repeat is a failed sign-in like any other.
      let wrong = await platformError {
        _ = try await world.services.invitations.accept(
          AcceptanceForm(name: "Chen", password: Sensitive("another password")), token: token, idempotencyKey: "form",
          from: World.origin)
      }
      #expect(wrong == Accounts.refusal)
      #expect(try await world.members.list(as: world.ada).people.count == 3)
    }
  }

  @Test("P-5: name and password are checked, and the link stays usable")
  func problems() async throws {
    try await withWorld { world in
      let token = try await world.token(try await world.invite())
      let error = await platformError {
        _ = try await world.services.invitations.accept(
          AcceptanceForm(name: " ", password: Sensitive("short")), token: token, idempotencyKey: "a",
          from: World.origin)
      }
      guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
      #expect(input.problems.map(\.field) == ["name", "password"])
      _ = try await world.accept(token)
      for wrong in ["", "wrong", String(repeating: "x", count: 5_000)] {
        guard case .notFound = try #require(await platformError { _ = try await world.accept(wrong) }) else {
          throw Unexpected()
        }
      }
    }
  }

  @Test("P-3, P-7: somebody without a home company joins with their account and keeps their teams")
  func homeless() async throws {
    try await withWorld { world in
      let xena = try await world.person("Xena", at: nil)
      let resource = try await world.provision()
      try await world.context.write { try $0.addToTeam(xena.id, resource, at: Sample.start) }
      let id = try await world.invite("Xena", xena.user.email)
      let token = try await world.token(id)
      let invitations = world.services.invitations
      #expect(
        try await invitations.open(token: token, as: nil).offer == .signIn(maskedEmail: "x•••@people.example"))
      let refused = await platformError { _ = try await world.accept(token) }
      #expect(refused == PlatformError(.hasAccount("x•••@people.example")))
      let signedIn = try await world.signIn(xena.user.email)
      #expect(try await invitations.open(token: token, as: signedIn).offer == .accept)
      let outcome = try await invitations.accept(token: token, idempotencyKey: "a", as: signedIn.caller)
      #expect(outcome.company == "Northwind")
      let joined = try await world.user(xena.id)
      #expect(joined.companyID == world.company.id && joined.companyRole == .member)
      let role = try await world.services.resources.resource(resource, for: .seeResource, as: Caller(user: joined)).role
      #expect(role == .internalMember)
      // The same form again is no mistake; another one is too late.
      #expect(try await invitations.accept(token: token, idempotencyKey: "a", as: signedIn.caller) == outcome)
      #expect(
        await platformError { _ = try await invitations.accept(token: token, idempotencyKey: "b", as: signedIn.caller) }
          == .conflict(Invitation.State.accepted.sentence))
    }
  }

  @Test("G-9: under another address nothing happens, and the invited one is named masked")
  func otherAddress() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let token = try await world.token(id)
      let invitations = world.services.invitations
      let bram = try await world.signIn(world.bram.user.email)
      let sentence = MembershipRefusal.otherAddress("c•••@new.example").sentence
      #expect(try await invitations.open(token: token, as: bram).offer == .refused(sentence))
      let accepted = await platformError {
        _ = try await invitations.accept(token: token, idempotencyKey: "a", as: bram.caller)
      }
      let declined = await platformError {
        _ = try await invitations.decline(token: token, idempotencyKey: "b", as: bram.caller, from: World.origin)
      }
      #expect(accepted == .forbidden(sentence) && declined == .forbidden(sentence))
      #expect(try await world.invitation(id).state == .pending)
    }
  }

  @Test("G-9: declining ends it, with or without an account, and is told to the admins")
  func declines() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let token = try await world.token(id)
      let invitations = world.services.invitations
      let outcome = try await invitations.decline(token: token, idempotencyKey: "a", as: nil, from: World.origin)
      #expect(outcome.company == "Northwind")
      #expect(try await world.invitation(id).state == .declined)
      let company = world.company.id
      let entry = try #require(try await world.database.read { try $0.activity(of: company, limit: 1) }.first)
      // It may have been anybody: nobody's name stands for who did it.
      #expect(
        entry.deed.sentence == "Declined the invitation of “Chen” (chen@new.example) by its link, without signing in")
      #expect(entry.actor == .person(UserID(""), name: "Whoever had the link", address: World.origin.address))
      #expect(
        await platformError { _ = try await world.accept(token) } == .conflict(Invitation.State.declined.sentence))

      let xena = try await world.person("Xena", at: nil)
      let second = try await world.invite("Xena", xena.user.email)
      _ = try await invitations.decline(
        token: try await world.token(second), idempotencyKey: "b", as: xena, from: World.origin)
      #expect(try await world.invitation(second).invitation.end?.by == xena.id)
      #expect(try await world.activity().first == "Declined the invitation of “Xena” (xena@people.example)")
    }
  }

  @Test("P-3: invited by two companies at once, somebody joins exactly one", arguments: [true, false])
  func twoCompanies(hasAccount: Bool) async throws {
    try await withWorld { world in
      let person: Caller? = hasAccount ? try await world.person("Xena", at: nil) : nil
      let email = person?.user.email ?? "chen@new.example"
      func token(_ caller: Caller) async throws -> String {
        let id = try await world.invite("Chen", email, as: caller)
        let view = try await world.members.list(as: caller).invitations.first { $0.invitation.id == id }
        return String(try #require(view?.link?.reveal().split(separator: "/").last))
      }
      let tokens = [try await token(world.ada), try await token(world.stranger)]
      let done = await withTaskGroup(of: Bool.self) { group in
        for token in tokens {
          group.addTask {
            await platformError {
              if let person {
                _ = try await world.services.invitations.accept(token: token, idempotencyKey: "a", as: person)
              } else {
                _ = try await world.accept(token, key: "a")
              }
            } == nil
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(done.count { $0 } == 1)
      let found = try await world.database.read { try $0.user(email: email) }
      let home = try #require(found?.companyID)
      let people = try await world.members.list(as: home == world.company.id ? world.ada : world.stranger).people
      #expect(people.contains { $0.user.email == email && $0.externalTeams == nil })
    }
  }
}
