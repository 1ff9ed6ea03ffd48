import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Members of a company")
struct MemberChangeTests {
  @Test("P-7: deactivating ends all access at the next request; reactivating restores role and teams, not sessions")
  func deactivation() async throws {
    try await withWorld { world in
      let resource = try await world.provision(world.request(email: world.bram.user.email))
      let session = try await world.services.accounts.signIn(
        email: world.bram.user.email, password: World.password, from: World.origin)
      let token = session.token.reveal()
      #expect(try await world.services.accounts.signedIn(token: token) != nil)
      #expect(try await world.apply(.deactivate, to: world.bram).hasChanged)
      #expect(try await world.services.accounts.signedIn(token: token) == nil)
      #expect(await platformError { _ = try await world.signIn(world.bram.user.email) } == Accounts.refusal)
      #expect(
        try await world.members.list(as: world.ada).people.first { $0.user.id == world.bram.id }?.menu == [.reactivate])
      // Whoever still holds the person from before gets nowhere.
      let now = Caller(user: try await world.user(world.bram.id))
      #expect(
        await platformError { _ = try await world.services.resources.resource(resource, for: .seeResource, as: now) }
          != nil)

      #expect(try await !world.apply(.deactivate, to: world.bram).hasChanged)
      try await world.apply(.reactivate, to: world.bram)
      #expect(try await world.services.accounts.signedIn(token: token) == nil)
      let back = try await world.signIn(world.bram.user.email)
      #expect(try await world.services.resources.overview(as: back.caller).map(\.resource.id) == [resource])
      #expect(
        try await world.activity().prefix(2) == [
          "Reactivated “Bram” (bram@own.example)", "Deactivated “Bram” (bram@own.example)",
        ])
    }
  }

  @Test("P-4: roles change at once, are noted, and the last active admin stays")
  func roles() async throws {
    try await withWorld { world in
      let last = PlatformError(.lastAdmin("Ada"))
      #expect(await platformError { try await world.apply(.makeMember, to: world.ada) } == last)
      try await world.apply(.makeAdmin, to: world.bram)
      let bram = Caller(user: try await world.user(world.bram.id))
      #expect(bram.user.companyRole == .admin)
      try await world.apply(.makeMember, to: world.ada, as: bram)
      // Ada's page was opened before; her right is gone all the same.
      let error = await platformError { try await world.apply(.makeMember, to: world.bram, as: world.ada) }
      guard case .forbidden = try #require(error) else { throw Unexpected() }
      #expect(
        try await world.activity().prefix(2) == [
          "Made “Ada” (ada@own.example), who was an admin, a member", "Made “Bram” (bram@own.example) an admin",
        ])
    }
  }

  @Test("P-7: the last active admin is deactivated like anybody else; nobody can act for the company then")
  func lastAdmin() async throws {
    try await withWorld { world in
      let ada = try #require(try await world.members.list(as: world.ada).people.first { $0.isLastAdmin })
      #expect(ada.menu == [.deactivate])
      #expect(try await world.apply(.deactivate, to: world.ada).hasChanged)
      #expect(try await world.user(world.ada.id).deactivatedAt != nil)
      #expect(await platformError { try await world.apply(.reactivate, to: world.ada) } != nil)
      #expect(await platformError { try await world.apply(.makeAdmin, to: world.bram, as: world.bram) } != nil)
    }
  }

  @Test("P-7, R-6: a submit that is sent again after it was undone is refused, and does nothing")
  func undone() async throws {
    try await withWorld { world in
      func deactivate() async throws -> MemberOutcome {
        try await world.members.apply(.deactivate, to: world.bram.id, idempotencyKey: "stale", as: world.ada)
      }
      let first = try await deactivate()
      #expect(try await deactivate() == first, "sent twice it is one submit")
      try await world.apply(.reactivate, to: world.bram)
      let error = await platformError { _ = try await deactivate() }
      #expect(error == PlatformError.undone("Bram"))
      #expect(try await world.user(world.bram.id).deactivatedAt == nil)
    }
  }

  @Test("P-6: nobody but an admin changes members, and nobody of another company is reached")
  func rights() async throws {
    try await withWorld { world in
      for change in MemberChange.allCases {
        let own = await platformError { try await world.apply(change, to: world.ada, as: world.bram) }
        guard case .forbidden = try #require(own) else { throw Unexpected() }
        let other = await platformError { try await world.apply(change, to: world.bram, as: world.stranger) }
        guard case .notFound = try #require(other) else { throw Unexpected() }
      }
      #expect(try await world.user(world.bram.id) == world.bram.user)
    }
  }

  @Test(
    "P-7: two admins demote or deactivate each other at the same moment: one admin stays",
    arguments: [MemberChange.makeMember, .deactivate])
  func eachOther(change: MemberChange) async throws {
    try await withWorld { world in
      try await world.apply(.makeAdmin, to: world.bram)
      let bram = Caller(user: try await world.user(world.bram.id))
      for _ in 0..<5 {
        let done = await withTaskGroup(of: Bool.self) { group in
          for (actor, target) in [(world.ada, bram), (bram, world.ada)] {
            group.addTask { await platformError { try await world.apply(change, to: target, as: actor) } == nil }
          }
          return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(done.count { $0 } == 1)
        let people = try await world.database.read { try $0.users(of: world.company.id) }
        #expect(people.count { $0.isActiveAdmin(of: world.company.id) } == 1)
        // Both admins again, for the next round.
        for user in people {
          for undo in [MemberChange.reactivate, .makeAdmin] {
            try await world.byOperator(undo, user.id)
          }
        }
      }
    }
  }

  @Test("P-7: both admins step down at the same moment: one is kept")
  func stepDown() async throws {
    try await withWorld { world in
      try await world.apply(.makeAdmin, to: world.bram)
      let bram = Caller(user: try await world.user(world.bram.id))
      let errors = await withTaskGroup(of: PlatformError?.self) { group in
        for caller in [world.ada, bram] {
          group.addTask { await platformError { try await world.apply(.makeMember, to: caller, as: caller) } }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors.count { $0 == nil } == 1)
      let people = try await world.database.read { try $0.users(of: world.company.id) }
      #expect(people.count { $0.isActiveAdmin(of: world.company.id) } == 1)
    }
  }

  @Test("P-4: the list has colleagues and external members with role, state and last seen; who asks is marked")
  func list() async throws {
    try await withWorld { world in
      let resource = try await world.provision()
      let xena = try await world.person("Xena", at: nil)
      try await world.context.write { try $0.addToTeam(xena.id, resource, at: Sample.start) }
      _ = try await world.signIn(world.bram.user.email)
      let list = try await world.members.list(as: world.ada)
      #expect(list.people.map(\.user.name) == ["Ada", "Bram", "Xena"])
      #expect(list.people.map(\.externalTeams) == [nil, nil, 1])
      #expect(list.people.map(\.isSelf) == [true, false, false])
      #expect(list.people.map(\.isLastAdmin) == [true, false, false])
      #expect(list.people.map(\.menu) == [[.deactivate], [.makeAdmin, .deactivate], []])
      #expect(list.people.map { $0.lastSeen != nil } == [false, true, false])
    }
  }

  @Test("R-4: whom a new resource is for joins its team, is invited once, or is left out, and the outcome says which")
  func namedUser() async throws {
    try await withWorld { world in
      let asleep = try await world.person("Dana", at: world.company.id)
      try await world.apply(.deactivate, to: asleep)
      func add(_ email: String, _ name: String) async throws -> ProvisioningInvitation {
        let id = try await world.provision(world.request(name, tokens: 1, email: world.ada.user.email))
        let resource = try await world.services.resources.resource(id, for: .seeResource, as: world.ada).resource
        let draft = InvitationDraft(world.context)
        return try await world.context.change(
          world.company.id, as: .person(world.ada), scope: "test", idempotencyKey: world.submit()
        ) { try $0.addNamedUser(PersonReference(name: "Somebody", email: email), to: resource, draft) }.outcome
      }
      #expect(try await add(world.bram.user.email, "One") == .onTeam)
      #expect(try await add(asleep.user.email, "Two") == .notInvited)
      #expect(try await add(world.stranger.user.email, "Three") == .notInvited)
      #expect(try await add("new@people.example", "Four") == .invited)
      let first = try #require(try await world.members.list(as: world.ada).invitations.first)
      let token = try await world.token(first.invitation.id)
      // A link that was sent stays good, and brings the second team as well.
      #expect(try await add("new@people.example", "Five") == .invited)
      let invitations = try await world.members.list(as: world.ada).invitations
      #expect(invitations.map(\.invitation.id) == [first.invitation.id])
      #expect(Set(invitations[0].teams) == ["Four", "Five"])
      let session = try await world.accept(token)
      let overview = try await world.services.resources.overview(as: Caller(user: session.user))
      #expect(overview.map(\.resource.name) == ["Five", "Four"])
    }
  }
}
