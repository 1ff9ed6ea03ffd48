import Core
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("Tampering with the activity is found (rule G-20)")
struct ActivityAuditTests {
  @Test("What the program wrote has no problems, at any earlier head, also while the database is only read")
  func intact() async throws {
    try await TestDatabase.each { test in
      try await TemporaryFolder.with { folder in
        let world = try await World(test.database, folder: folder, tokens: 200, running: .zero)
        var heads: [SignedActivityHead] = []
        for number in 0..<5 {
          heads.append(try await world.audit.head(of: world.company.id))
          try await world.note(ActivityDeed(.settings, "Changed \(number)"), ActivityDeed(.team, "And the team"))
        }
        _ = try await world.provision()
        let reader = try await Database.open(test.location, access: .readOnly)
        let audit = ActivityAudit(database: reader, masterKey: world.context.masterKey)
        let findings = try await audit.verify(since: heads)
        await reader.close()
        #expect(findings.count == 2 && Set(findings.compactMap(\.companyName)) == ["Northwind", "Other"])
        for finding in findings { #expect(finding.report.isIntact, "\(finding.report.problems)") }
        let own = try #require(findings.first { $0.companyName == "Northwind" })
        #expect(own.report.checked >= 11)
        #expect(own.head == (try await world.audit.head(of: world.company.id)))
        #expect(own.head?.head.position == own.report.checked)
      }
    }
  }

  @Test(
    "A changed column of a row is found, and the log has no head to show any more",
    arguments: [
      "at = at + 1", "actor_name = 'Eve'", "actor_address = ''", "actor_id = 'somebody'", "kind = 'key'",
      "kind = 'gossip'", "resource_id = NULL", "sentence = sentence || '.'", "previous_hash = hash",
      "hash = previous_hash", "actor_kind = 'operator', actor_id = NULL, actor_name = NULL, actor_address = NULL",
      "position = 999",
    ])
  func columns(change: String) async throws {
    try await withWorld { world in
      let resource = try await world.provision()
      try await world.note(
        ActivityDeed(.team, resource: resource, "Added Bob"),
        by: .person(Caller(user: world.ada.user, address: "192.0.2.9")))
      try await world.note(lines: 2)
      #expect(try await world.problems().isEmpty)
      try await world.tamper("UPDATE activity_entries SET \(change) WHERE sentence = 'Added Bob'")
      let finding = try #require(try await world.audit.verify(world.company.id).first)
      #expect(!finding.report.isIntact && finding.head == nil)
    }
  }

  @Test("Deleted and moved rows are found; a truncated table is found against an earlier head")
  func rows() async throws {
    try await withWorld { world in
      try await world.note(lines: 6)
      let head = try await world.audit.head(of: world.company.id)
      let last = head.head.position
      let own = "company_id = '\(world.company.id)'"
      try await world.tamper("DELETE FROM activity_entries WHERE \(own) AND position = \(last)")
      #expect(try await world.problems().isEmpty)
      #expect(
        try await world.problems(since: [head]) == [
          "The log ends with line \(last - 1), but the head given names line \(last): its end was cut off."
        ])
      let shorter = try await world.audit.head(of: world.company.id)
      try await world.tamper("DELETE FROM activity_entries WHERE \(own) AND position = 3")
      #expect(try await world.problems() == ["Line 3 is missing."])
      try await world.tamper("UPDATE activity_entries SET position = 3 WHERE \(own) AND position = \(last - 1)")
      #expect(try await !world.problems().isEmpty)
      try await world.tamper("DELETE FROM activity_entries")
      #expect(try await world.problems().isEmpty)
      let found = try await world.problems(since: [head, shorter])
      #expect(found.count == 2 && found.allSatisfy { $0.contains("The log is empty") })
    }
  }

  @Test("A history that was rewritten with fitting hashes contradicts the heads from then on, and no earlier one")
  func rewriting() async throws {
    try await withWorld { world in
      try await world.note(lines: 3)
      let early = try await world.audit.head(of: world.company.id)
      try await world.note(ActivityDeed(.key, "Created the key “till”"))
      try await world.note(lines: 2)
      let late = try await world.audit.head(of: world.company.id)
      try await world.tamper(
        "UPDATE activity_entries SET sentence = 'Nothing' WHERE sentence = 'Created the key “till”'")
      #expect(try await world.problems() == ["Line \(early.head.position + 1) was altered after it was written."])
      try await world.rehash(from: early.head.position + 1)
      #expect(try await world.problems().isEmpty)
      #expect(try await world.problems(since: [early]).isEmpty)
      let found = try await world.problems(since: [early, late])
      #expect(found.count == 1 && found[0].hasPrefix("Line \(late.head.position) is not the one"))
    }
  }

  @Test("A head of another installation, of another company, or with another position proves nothing")
  func heads() async throws {
    try await withWorld { world in
      try await world.note(lines: 2)
      let signed = try await world.audit.head(of: world.company.id)
      #expect(try SignedActivityHead(text: signed.text) == signed)
      let strangeKey = try #require(MasterKey(bytes: [UInt8](repeating: 1, count: 32)))
      let strange = try await ActivityAudit(database: world.database, masterKey: strangeKey).head(of: world.company.id)
      #expect(strange.head == signed.head && strange.signature != signed.signature)
      let found = try await world.problems(since: [strange])
      #expect(found.count == 1 && found[0].contains("master key"))
      let moved = try SignedActivityHead(
        text: signed.text.replacing(".\(signed.head.position).", with: ".\(signed.head.position - 1)."))
      #expect(try await world.problems(since: [moved]).first?.contains("master key") == true)
      let other = try #require(world.stranger.user.companyID)
      let othersHead = try await world.audit.head(of: other)
      let error = await platformError { _ = try await world.audit.verify(world.company.id, since: [othersHead]) }
      #expect(error?.sentence.contains("is of company \(other)") == true)
      #expect(try await world.audit.verify(since: [othersHead]).allSatisfy(\.report.isIntact))
    }
  }

  @Test("An unknown company is said to be none, and one that a head remembers is missed")
  func unknownCompanies() async throws {
    try await withWorld { world in
      let gone = CompanyID("0000000000")
      let error = await platformError { _ = try await world.audit.verify(gone) }
      #expect(error == .notFound("There is no company \"0000000000\"."))
      #expect(await platformError { _ = try await world.audit.head(of: gone) } == error)
      let head = SignedActivityHead(
        ActivityHead(companyID: gone, position: 4, hash: [UInt8](repeating: 7, count: 32)),
        signedBy: world.context.masterKey.activitySignature)
      let finding = try #require(try await world.audit.verify(since: [head]).first { $0.report.companyID == gone })
      #expect(finding.companyName == nil && finding.report.problems.count == 1)
    }
  }

  @Test("A log of several pages is gone through to its end")
  func pages() async throws {
    try await withWorld { world in
      let before = try await world.audit.head(of: world.company.id).head.position
      let deeds = (0..<(2 * ActivityAudit.pageSize)).map { ActivityDeed(.content, "Added document \($0)") }
      try await world.context.write { transaction in
        try world.context.appendActivity(
          deeds, of: world.company.id, actor: .operator, at: world.clock.now, transaction)
      }
      let finding = try #require(try await world.audit.verify(world.company.id).first)
      #expect(finding.report.isIntact && finding.report.checked == before + Int64(deeds.count))
      try await world.tamper("UPDATE activity_entries SET at = at + 1 WHERE sentence = 'Added document 1999'")
      #expect(try await world.problems().count == 1)
    }
  }
}
