import Core
import TestSupport
import Testing

@testable import Storage

@Suite("Invitations and members come back as they were written")
struct InvitationTests {
  private static let bob = UserID("bob")

  private static func invitation(
    _ id: String, email: String = "new@acme.example", company: CompanyID = Sample.companyID, hash: Int,
    at instant: Instant = Sample.start, end: Invitation.End? = nil, teams: [ResourceID] = []
  ) -> Invitation {
    Invitation(
      id: InvitationID(id), companyID: company, person: PersonReference(name: "New", email: email), role: .member,
      tokenHash: (0..<32).map { UInt8(truncatingIfNeeded: $0 == 0 ? hash >> 8 : hash) }, invitedBy: Sample.userID,
      createdAt: instant, expiresAt: instant.adding(milliseconds: Invitation.life), end: end, teams: teams)
  }

  @Test("An invitation is found by id, by link and by address, with its teams (rules P-7, G-9)")
  func found() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let invitation = Self.invitation("i1", hash: 1, teams: [Sample.resourceID])
      try await database.write { try $0.insert(invitation) }
      try await database.read { transaction throws in
        #expect(try transaction.invitation(invitation.id) == invitation)
        #expect(try transaction.invitation(tokenHash: invitation.tokenHash) == invitation)
        #expect(try transaction.openInvitation(to: "new@acme.example", of: Sample.companyID) == invitation)
        #expect(try transaction.openInvitation(to: "other@acme.example", of: Sample.companyID) == nil)
        #expect(try transaction.invitation(InvitationID("none")) == nil)
        #expect(try transaction.invitation(tokenHash: [9]) == nil)
      }
    }
  }

  @Test("Of one address at most one invitation is open in a company; the end of one stands for good (rule G-9)")
  func oneOpen() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      try await database.write { try $0.insert(Sample.company(CompanyID("zeta"))) }
      let first = Self.invitation("i1", hash: 1)
      try await database.write { transaction in
        try transaction.insert(first)
        try transaction.insert(Self.invitation("i2", company: CompanyID("zeta"), hash: 2))
      }
      let again = Self.invitation("i3", hash: 3)
      await #expect {
        try await database.write { try $0.insert(again) }
      } throws: { ($0 as? DatabaseProblem)?.isDuplicate(in: "invitations") == true }
      let at = Sample.start.adding(seconds: 5)
      let replaced = try first.ended(.replaced, by: Sample.userID, at: at)
      try await database.write { transaction in
        try transaction.update(replaced)
        try transaction.insert(again)
        // What has ended is not renewed.
        try transaction.update(try first.renewed(for: .unknown, at: at) { _ in [UInt8](repeating: 7, count: 32) })
      }
      try await database.read { transaction throws in
        #expect(try transaction.invitation(first.id) == replaced)
        #expect(try transaction.openInvitation(to: first.email, of: Sample.companyID) == again)
        #expect(try transaction.pendingInvitationCount(of: Sample.companyID, at: at) == 1)
        #expect(try transaction.pendingInvitationCount(of: Sample.companyID, at: again.expiresAt) == 0)
      }
    }
  }

  @Test("A renewal and more teams are saved (rules G-9, R-4)")
  func renewed() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let first = Self.invitation("i1", hash: 1)
      let renewed = try first.renewed(for: .unknown, at: Sample.start.adding(seconds: 60)) { _ in
        [UInt8](repeating: 2, count: 32)
      }
      .joining([Sample.resourceID])
      try await database.write { transaction in
        try transaction.insert(first)
        try transaction.update(renewed)
        try transaction.update(renewed)
      }
      #expect(try await database.read { try $0.invitation(first.id) } == renewed)
      #expect(try await database.read { try $0.invitation(tokenHash: first.tokenHash) } == nil)
    }
  }

  @Test("The list has the pending and the recently ended ones, newest first; older ones are forgotten (rule G-9)")
  func listed() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      @Sendable func instant(_ days: Int64) -> Instant { Sample.start.adding(milliseconds: days * Sample.day) }
      let end = Invitation.End(.declined, by: nil, at: instant(1))
      let all = [
        Self.invitation("declined", email: "a@x.example", hash: 1, end: end, teams: [Sample.resourceID]),
        Self.invitation("expired", email: "b@x.example", hash: 2, at: instant(0)),
        Self.invitation("pending", email: "c@x.example", hash: 3, at: instant(40), teams: [Sample.resourceID]),
      ]
      try await database.write { transaction in for one in all { try transaction.insert(one) } }
      func listed(_ days: Int64) async throws -> [Invitation] {
        try await database.read {
          try $0.invitations(of: Sample.companyID, pendingAt: instant(days), notOverBy: instant(days))
        }
      }
      #expect(try await listed(0) == [all[2], all[0], all[1]])
      #expect(try await listed(1).map(\.id.text) == ["pending", "expired"])
      #expect(try await listed(14) == [all[2]])
      try await database.write { try $0.deleteInvitations(overBy: instant(1)) }
      #expect(try await listed(0).map(\.id.text) == ["pending", "expired"])
      try await database.write { try $0.deleteInvitations(overBy: instant(14)) }
      #expect(try await listed(0) == [all[2]])
    }
  }

  @Test("Of more than can be listed the pending ones are, however old they are; all in the order of their making (G-9)")
  func pendingFirst() async throws {
    let most = Transaction.maximumInvitations
    // One engine: twice as many rows would prove the same.
    try await TestDatabase.with(.sqlite) { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let end = Invitation.End(.declined, by: nil, at: Sample.start.adding(milliseconds: 5_000))
      try await database.write { transaction in
        for number in 0...most {
          let at = Sample.start.adding(milliseconds: Int64(number))
          try transaction.insert(
            Self.invitation(
              "i\(number)", email: "p\(number)@x.example", hash: number, at: at, end: number < 2 ? nil : end))
        }
      }
      let now = Sample.start.adding(milliseconds: 10_000)
      let listed = try await database.read {
        try $0.invitations(of: Sample.companyID, pendingAt: now, notOverBy: Sample.start)
      }
      #expect(listed.count == most)
      #expect(listed.suffix(3).map(\.id.text) == ["i3", "i1", "i0"])
      #expect(listed[0].id.text == "i\(most)")
    }
  }

  @Test("Of two accounts for one address there is one, and of two homes for one person one (rule P-3)")
  func once() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      try await database.write { try $0.insert(Sample.company(CompanyID("zeta"))) }
      let outsider = Sample.user(Self.bob, company: nil, role: .member)
      #expect(try await database.write { try $0.insertUnlessTaken(outsider, passwordHash: "hash") })
      let second = User(
        id: UserID("other"), name: "Other", email: outsider.email, companyID: nil, companyRole: .member)
      #expect(try await !database.write { try $0.insertUnlessTaken(second, passwordHash: "hash") })
      #expect(try await database.read { try $0.user(email: outsider.email) } == outsider)
      let home = Sample.user(Self.bob, role: .admin)
      #expect(try await database.write { try $0.setHome(of: home) })
      let elsewhere = Sample.user(Self.bob, company: CompanyID("zeta"), role: .member)
      #expect(try await !database.write { try $0.setHome(of: elsewhere) })
      #expect(try await database.read { try $0.user(Self.bob) } == home)
    }
  }

  @Test("Deactivating ends every session of the person, and of nobody else (rule P-7)")
  func deactivation() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      var user = Sample.user(Self.bob, role: .member)
      let inserted = user
      @Sendable func session(_ id: String, _ user: UserID) -> Session {
        Session(
          id: Identifier(id), userID: user, createdAt: Sample.start, lastSeenAt: Sample.start, address: "",
          userAgent: "")
      }
      try await database.write { transaction in
        try transaction.insert(inserted, passwordHash: nil)
        for (number, one) in [session("a", Self.bob), session("b", Self.bob), session("c", Sample.userID)].enumerated()
        {
          try transaction.insert(one, tokenHash: [UInt8](repeating: UInt8(number), count: 32))
        }
      }
      user.deactivatedAt = Sample.start.adding(seconds: 3)
      let deactivated = user
      try await database.write { try $0.saveActivation(of: deactivated) }
      try await database.read { transaction throws in
        #expect(try transaction.user(Self.bob) == deactivated)
        #expect(try transaction.sessions(of: Self.bob).isEmpty)
        #expect(try transaction.sessions(of: Sample.userID).count == 1)
      }
    }
  }

  @Test("External members are those on teams whose home it is not; last seen outlives the session (rules P-4, P-5)")
  func externals() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let outsider = Sample.user(Self.bob, company: nil, role: .member)
      let seen = Sample.start.adding(seconds: 7)
      let session = Session(
        id: Identifier("s"), userID: Self.bob, createdAt: Sample.start, lastSeenAt: Sample.start, address: "",
        userAgent: "")
      try await database.write { transaction in
        try transaction.insert(outsider, passwordHash: nil)
        try transaction.insert(session, tokenHash: [1])
        try transaction.touchSession(session.id, at: seen)
        try transaction.touchSession(session.id, at: Sample.start)
        try transaction.deleteSession(session.id)
      }
      #expect(try await database.read { try $0.externalMembers(of: Sample.companyID) }.isEmpty)
      #expect(try await database.read { try $0.lastSeen(inCompany: Sample.companyID) }.isEmpty)
      try await database.write { try $0.addToTeam(Self.bob, Sample.resourceID, at: Sample.start) }
      let externals = try await database.read { try $0.externalMembers(of: Sample.companyID) }
      #expect(externals.map(\.user) == [outsider] && externals.map(\.team) == [Sample.resourceID])
      #expect(try await database.read { try $0.lastSeen(inCompany: Sample.companyID) } == [Self.bob: seen])
    }
  }
}
