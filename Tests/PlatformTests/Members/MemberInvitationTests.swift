import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Inviting people to a company")
struct MemberInvitationTests {
  @Test("P-7: an invitation has a link of which only a hash is stored, and stands in list and activity")
  func invites() async throws {
    try await withWorld { world in
      let id = try await world.invite("Chen", " CHEN@new.example", role: .admin)
      let view = try await world.invitation(id)
      #expect(view.state == .pending && view.invitedBy == "Ada" && view.teams.isEmpty)
      #expect(view.invitation.email == "chen@new.example" && view.invitation.role == .admin)
      #expect(view.invitation.expiresAt == view.invitation.createdAt.adding(milliseconds: Invitation.life))
      let link = try #require(view.link?.reveal())
      #expect(link.hasPrefix("https://portal.example/invitations/"))
      let token = try await world.token(id)
      #expect(token.count == 43 && view.invitation.tokenHash == Digest.ofToken(token))
      #expect(try await world.activity().first == "Invited “Chen” (chen@new.example) as admin")
      #expect("\(view)".contains(token) == false)
    }
  }

  @Test("P-6: only company admins invite, see, resend and withdraw, and only in their own company")
  func rights() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let error = await platformError { try await world.invite(as: world.bram) }
      guard case .forbidden = try #require(error) else { throw Unexpected() }
      guard case .forbidden = try #require(await platformError { _ = try await world.members.list(as: world.bram) })
      else { throw Unexpected() }
      for caller in [world.bram, world.stranger] {
        #expect(
          await platformError {
            _ = try await world.members.withdraw(id, idempotencyKey: world.submit(), as: caller)
          } != nil)
        #expect(
          await platformError {
            _ = try await world.members.resend(id, idempotencyKey: world.submit(), as: caller)
          } != nil)
      }
      #expect(try await world.members.list(as: world.stranger).invitations.isEmpty)
      #expect(try await world.invitation(id).state == .pending)
    }
  }

  @Test(
    "P-3: an address of a colleague or of somebody elsewhere is refused beside its field, without naming their company")
  func addresses() async throws {
    try await withWorld { world in
      let asleep = try await world.person("Dana", at: world.company.id)
      try await world.apply(.deactivate, to: asleep)
      for (email, part) in [
        (world.bram.user.email, "is a member of your company already"), (asleep.user.email, "Reactivate them"),
        (world.stranger.user.email, "cannot join"),
      ] {
        let error = await platformError { try await world.invite("Somebody", email) }
        guard case .invalid(let input) = try #require(error) else { throw Unexpected() }
        #expect(input.problems.map(\.field) == ["email"])
        #expect(input.problems[0].message.contains(part))
        #expect(!input.problems[0].message.contains("Other"))
      }
      let all = await platformError { try await world.invite(" ", "nobody") }
      guard case .invalid(let input) = try #require(all) else { throw Unexpected() }
      #expect(input.problems.map(\.field) == ["name", "email"])
    }
  }

  @Test("G-9: a second invitation to the same address replaces the first and takes over its teams")
  func replaces() async throws {
    try await withWorld { world in
      try await world.provision(world.request(email: "chen@new.example"))
      let first = try #require(try await world.members.list(as: world.ada).invitations.first)
      #expect(first.teams == ["Support assistant"])
      let token = try await world.token(first.invitation.id)
      let second = try await world.invite("Chen", "chen@new.example", role: .admin)
      #expect(try await world.invitation(first.invitation.id).state == .replaced)
      #expect(try await world.invitation(second).teams == ["Support assistant"])
      let error = await platformError { _ = try await world.accept(token) }
      #expect(error == .conflict(Invitation.State.replaced.sentence))
    }
  }

  @Test("G-9: resending renews link and days, also of an expired one; the earlier link stops working")
  func resends() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let first = try await world.token(id)
      world.clock.advance(days: 13)
      _ = try await world.members.resend(id, idempotencyKey: world.submit(), as: world.ada)
      let second = try await world.token(id)
      #expect(first != second)
      guard case .notFound = try #require(await platformError { _ = try await world.accept(first) }) else {
        throw Unexpected()
      }
      world.clock.advance(days: 14)
      let expired = try await world.invitation(id)
      #expect(expired.state == .expired && expired.link == nil)
      #expect(
        await platformError { _ = try await world.accept(second) } == .conflict(Invitation.State.expired.sentence))
      _ = try await world.members.resend(id, idempotencyKey: world.submit(), as: world.ada)
      let session = try await world.accept(try await world.token(id))
      #expect(session.user.companyID == world.company.id)
      let over = await platformError {
        _ = try await world.members.resend(id, idempotencyKey: world.submit(), as: world.ada)
      }
      #expect(over == .conflict(Invitation.State.accepted.sentence))
    }
  }

  @Test("G-9: resending does not go beyond what may be pending, nor to somebody who cannot join any more")
  func resendsInVain() async throws {
    try await withWorld { world in
      func resend(_ id: InvitationID) async -> PlatformError? {
        await platformError { _ = try await world.members.resend(id, idempotencyKey: world.submit(), as: world.ada) }
      }
      let (first, second) = (try await world.invite(), try await world.invite("Dana", "dana@people.example"))
      world.clock.advance(days: 15)
      #expect(try await world.invitation(first).state == .expired)
      _ = try await world.person("Dana", at: world.stranger.user.companyID)
      #expect(await resend(second) == .conflict(MembershipRefusal.cannotJoin.sentence))
      try await world.crowd(at: world.clock.now)
      #expect(await resend(first) == .conflict(CompanyWork.tooManyInvitations))
      // Who is pending already takes nobody's place.
      #expect(await resend(InvitationID("crowd0")) == nil)
      _ = try await world.members.withdraw(InvitationID("crowd1"), idempotencyKey: world.submit(), as: world.ada)
      #expect(await resend(first) == nil)
    }
  }

  @Test("R-4: a resource for somebody unknown is provisioned where no more invitations are possible, and says so")
  func crowded() async throws {
    try await withWorld { world in
      try await world.crowd(at: world.clock.now)
      #expect(await platformError { try await world.invite() } == .refused([CompanyWork.tooManyInvitations]))
      let outcome = try await world.services.resources.provision(
        world.request(email: "chen@new.example"), idempotencyKey: world.submit(), as: world.ada)
      #expect(outcome.invitation == .tooMany)
      let known = try await world.services.resources.provision(
        world.request("Second", email: "p1@crowd.example"), idempotencyKey: world.submit(), as: world.ada)
      #expect(known.invitation == .invited)
    }
  }

  @Test("G-9: a withdrawn invitation lets nobody in, and is shown for 30 days")
  func withdraws() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let token = try await world.token(id)
      _ = try await world.members.withdraw(id, idempotencyKey: world.submit(), as: world.ada)
      #expect(
        await platformError { _ = try await world.accept(token) } == .conflict(Invitation.State.withdrawn.sentence))
      #expect(try await world.services.invitations.open(token: token, as: nil).offer == .over(.withdrawn))
      world.clock.advance(days: 29)
      #expect(try await world.invitation(id).state == .withdrawn)
      world.clock.advance(days: 2)
      #expect(try await world.members.list(as: world.ada).invitations.isEmpty)
      guard
        case .notFound = try #require(
          await platformError { _ = try await world.services.invitations.open(token: token, as: nil) })
      else { throw Unexpected() }
      await Housekeeping(world.context).tidyUp()
      #expect(try await world.database.read { try $0.invitation(id) } == nil)
    }
  }

  @Test("Sent twice an invitation is made once; a dry run makes none")
  func idempotent() async throws {
    try await withWorld { world in
      let request = InvitationRequest(name: "Chen", email: "chen@new.example", role: .member)
      _ = try await world.members.invite(request, idempotencyKey: "dry", mode: .dryRun, as: world.ada)
      #expect(try await world.members.list(as: world.ada).invitations.isEmpty)
      let first = try await world.members.invite(request, idempotencyKey: "same", as: world.ada)
      let second = try await world.members.invite(request, idempotencyKey: "same", as: world.ada)
      #expect(first == second)
      #expect(try await world.members.list(as: world.ada).invitations.map(\.state) == [.pending])
      guard
        case .invalid = try #require(
          await platformError { _ = try await world.members.invite(request, idempotencyKey: "", as: world.ada) })
      else { throw Unexpected() }
    }
  }

  @Test("With another master key a link is not shown, and resending gives one that works")
  func otherMasterKey() async throws {
    try await withWorld { world in
      let id = try await world.invite()
      let context = PlatformContext(
        database: world.database, catalog: world.context.catalog, branding: world.context.branding,
        addresses: world.context.addresses, masterKey: try #require(MasterKey(bytes: [UInt8](repeating: 3, count: 32))),
        clock: world.clock.wallClock, random: world.context.random, logger: world.context.logger)
      let members = Members(context)
      #expect(try await members.list(as: world.ada).invitations.map { $0.link == nil } == [true])
      _ = try await members.resend(id, idempotencyKey: "again", as: world.ada)
      #expect(try await members.list(as: world.ada).invitations.map { $0.link == nil } == [false])
    }
  }
}
