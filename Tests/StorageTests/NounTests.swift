import Core
import TestSupport
import Testing

@testable import Storage

@Suite("Facts come back as they were written")
struct NounTests {
  @Test("Companies, accounts and contracts (rules P-2, T-1, E-2)")
  func companies() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      var company = Sample.company()
      company.name = "Acme & Söhne"
      company.externalInvitationsEnabled = true
      let changed = company
      try await database.write { try $0.update(changed) }
      try await database.write { try $0.insert(Sample.company(CompanyID("zeta"))) }
      try await database.write {
        try $0.insert(PlatformAccount(id: Identifier("b"), companyID: Sample.companyID, subscriptions: []))
      }
      try await database.write { transaction throws in
        let (acme, zeta) = (changed.id, CompanyID("zeta"))
        // Composed and decomposed letters are one name, as where companies are named.
        for taken in ["Acme & Söhne", "Acme & So\u{308}hne", "acme"] {
          #expect(try transaction.company(takingName: taken)?.id == acme, "\(taken)")
          #expect(try transaction.company(takingName: taken, besides: zeta)?.id == acme, "\(taken)")
          #expect(try transaction.company(takingName: taken, besides: acme) == nil, "\(taken)")
        }
        #expect(try transaction.company(takingName: "Nobody") == nil)
      }
      try await database.read { transaction throws in
        #expect(try transaction.company(changed.id) == changed)
        #expect(try transaction.company(CompanyID("nobody")) == nil)
        #expect(try transaction.companies().map(\.id.text) == ["acme", "zeta"])
        #expect(try transaction.contracts(of: changed.id) == [Sample.contract()])
        #expect(try transaction.platformAccounts(of: changed.id).map(\.subscriptions.count) == [1, 0])
        #expect(try transaction.platformAccounts(of: changed.id).first == Sample.account())
      }
    }
  }

  @Test("A company's time zone is final after the first provisioning (rule P-2)")
  func timeZone() async throws {
    let zone = try #require(CompanyZone("America/Toronto"))
    try await TestDatabase.each { test in
      try await test.database.write { try $0.insert(Sample.company(CompanyID("fresh"))) }
      #expect(try await test.database.write { try $0.setTimeZone(of: CompanyID("fresh"), to: zone) })
      #expect(try await test.database.read { try $0.company(CompanyID("fresh"))?.timeZone } == "America/Toronto")
      try await Sample.insertCompany(into: test.database)
      #expect(try await !test.database.write { try $0.setTimeZone(of: Sample.companyID, to: zone) })
    }
  }

  @Test("The ledger stands as it was appended, with what remains after each line; a contract begins once (rule T-3)")
  func ledger() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let more = Sample.ledgerEntry("more", at: Sample.start.adding(seconds: 1))
      let less = Sample.ledgerEntry("less", .released, tokens: 3, at: Sample.start.adding(seconds: 60))
      try await database.write(locking: .company(Sample.companyID)) { try $0.append([more, less]) }
      let ledger = try await database.read { try $0.ledger(of: Sample.companyID) }
      #expect(ledger.map(\.entry.id.text) == ["entry-grant", "entry-allocation", "more", "less"])
      #expect(ledger.map(\.position) == [1, 2, 3, 4])
      #expect(ledger.map(\.remaining.count) == [1_000, 990, 980, 983])
      #expect(ledger[2].entry == more && ledger[3].entry == less)
      #expect(try await database.read { try $0.lastLedgerLine(of: Sample.companyID) } == ledger[3])
      await #expect {
        try await database.write { transaction in
          try transaction.append([
            Sample.ledgerEntry("again", .granted, resource: nil, contract: Sample.contract().id, tokens: 1_000)
          ])
        }
      } throws: { ($0 as? DatabaseProblem)?.isDuplicate(in: "ledger_entries") == true }
    }
  }

  @Test("Lines of the ledger are filtered, sorted by every column and cut (rule T-4)")
  func ledgerLines() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let more = Sample.ledgerEntry("more", tokens: 5, at: Sample.start.adding(seconds: 1))
      let less = Sample.ledgerEntry("less", .released, tokens: 3, at: Sample.start.adding(seconds: 60))
      try await database.write(locking: .company(Sample.companyID)) { try $0.append([more, less]) }
      func ids(_ query: LedgerQuery, of total: Int = 4) async throws -> [String] {
        try await database.read { try $0.ledgerLines(of: Sample.companyID, query, total: total) }.map(\.entry.id.text)
      }
      #expect(try await ids(LedgerQuery()) == ["less", "more", "entry-allocation", "entry-grant"])
      #expect(try await ids(LedgerQuery(isAscending: true, offset: 1, limit: 2)) == ["entry-allocation", "more"])
      #expect(try await ids(LedgerQuery(kind: .allocated), of: 2) == ["more", "entry-allocation"])
      #expect(
        try await ids(LedgerQuery(order: .amount, isAscending: true)) == [
          "entry-allocation", "more", "less", "entry-grant",
        ])
      #expect(try await ids(LedgerQuery(order: .remaining)) == ["entry-grant", "entry-allocation", "less", "more"])
      #expect(try await ids(LedgerQuery(source: .resource(nil)), of: 1) == ["entry-grant"])
      #expect(try await ids(LedgerQuery(order: .kind, isAscending: true)).last == "less")
      #expect(try await ids(LedgerQuery(order: .pack)).count == 4)
      let counts = try await database.read { try $0.ledgerCounts(of: Sample.companyID) }
      #expect(
        Dictionary(counts.map { ($0.kind, $0.lines) }, uniquingKeysWith: +) == [
          .granted: 1, .allocated: 2, .released: 1,
        ])
      let later = try await database.read { try $0.ledgerCounts(of: Sample.companyID, after: 3) }
      #expect(later.map(\.kind) == [.released] && later.map(\.lines) == [1])
    }
  }

  @Test("Each page of the ledger is what sorting all of it gives, read from either end (rule T-4)")
  func ledgerPages() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      var random = SeededRandom.fresh()
      let seed = random.seed
      let entries = (0..<57).map { number in
        Sample.ledgerEntry(
          "e\(number)", random.pick([.allocated, .released]),
          tokens: CloudTokens(Int64.random(in: 1...4, using: &random)),
          at: Sample.start.adding(seconds: Int64(60 + number)))
      }
      try await database.write(locking: .company(Sample.companyID)) { try $0.append(entries) }
      let all = try await database.read { try $0.ledger(of: Sample.companyID) }
      for kind in [nil, .allocated, .released] as [LedgerEntry.Kind?] {
        for order in LedgerQuery.Order.allCases {
          for isAscending in [true, false] {
            let wanted = Self.sorted(all.filter { kind == nil || $0.entry.kind == kind }, order, isAscending)
            for offset in stride(from: 0, through: wanted.count + 10, by: 10) {
              let query = LedgerQuery(kind: kind, order: order, isAscending: isAscending, offset: offset, limit: 10)
              let lines = try await database.read {
                try $0.ledgerLines(of: Sample.companyID, query, total: wanted.count)
              }
              #expect(lines == Array(wanted.dropFirst(offset).prefix(10)), "\(query), seed \(seed)")
            }
          }
        }
      }
    }
  }

  private static func sorted(_ lines: [LedgerLine], _ order: LedgerQuery.Order, _ isAscending: Bool) -> [LedgerLine] {
    func key(_ line: LedgerLine) -> (String, Int64) {
      switch order {
      case .position: ("", 0)
      case .kind: (line.entry.kind.rawValue, 0)
      case .pack: (line.entry.pack, 0)
      case .amount: ("", line.entry.availableChange.count)
      case .remaining: ("", line.remaining.count)
      }
    }
    let ascending = lines.sorted { (key($0).0, key($0).1, $0.position) < (key($1).0, key($1).1, $1.position) }
    return isAscending ? ascending : ascending.reversed()
  }

  @Test("Resources keep the order of their models and every capacity kind (rules R-4, C-9)")
  func resources() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let id = ResourceID("embed00001")
      var resource = Sample.resource(id, type: .embeddings)
      let plan = CapacityChange(
        resourceID: id, capacity: .plan(Identifier("embeddings-s")), tokens: 6,
        allowance: .plan(input: 5_000_000, output: nil), effectiveAt: Sample.start)
      let bigger = CapacityChange(
        resourceID: id, capacity: .plan(Identifier("text-m")), tokens: 60,
        allowance: .plan(input: 5, output: 2), recordedAt: Sample.start.adding(seconds: 1),
        effectiveAt: Sample.start.adding(seconds: 9))
      let first = resource
      try await database.write { try $0.insert(first, first: plan) }
      try await database.write { try $0.append(bigger) }
      resource.name = "Renamed"
      resource.environment = .production
      resource.models = [ModelVersionID("z"), ModelVersionID("a")]
      resource.defaultModel = nil
      let changed = resource
      try await database.write { try $0.update(changed) }
      try await database.read { transaction throws in
        #expect(try transaction.resource(id) == changed)
        #expect(try transaction.resource(ResourceID("none")) == nil)
        #expect(try transaction.resources(of: Sample.companyID) == [changed, Sample.resource()])
        #expect(try transaction.capacityChanges(of: id) == [plan, bigger])
        #expect(try transaction.capacityChanges(of: Sample.companyID) == [plan, bigger, Sample.capacity()])
        #expect(try transaction.modelsInUse().contains(ModelVersionID("z")))
      }
    }
  }

  @Test("A company's facts are complete and derive the same balance on both engines (rules T-2, A-7)")
  func facts() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let found = try await test.database.read { try $0.companyFacts(Sample.companyID) }
      let facts = try #require(found)
      #expect(facts.company == Sample.company() && facts.zone.identifier == "Europe/Amsterdam")
      #expect(facts.contracts == [Sample.contract()] && facts.resources == [Sample.resource()])
      #expect(facts.capacityChanges == [Sample.capacity()] && facts.accounts == [Sample.account()])
      let balance = CompanyTimeline(facts).balance(at: Sample.start.adding(seconds: 1))
      #expect(balance.available == 990)
      let (lines, settledAt) = try await test.database.read {
        (try $0.ledger(of: Sample.companyID), try $0.settledAt(of: Sample.companyID))
      }
      #expect(LedgerVerification.problems(in: facts, lines: lines, settledAt: settledAt) == [])
      #expect(try await test.database.read { try $0.companyFacts(CompanyID("none")) } == nil)
    }
  }

  @Test("People have one account for an email, and passwords only as hashes (rule P-3)")
  func users() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      var outsider = Sample.user(UserID("outsider"), company: nil, role: .member)
      let inserted = outsider
      try await database.write { try $0.insert(inserted, passwordHash: "hash") }
      outsider.name = "Grace"
      outsider.deactivatedAt = Sample.start
      let changed = outsider
      try await database.write { transaction in
        try transaction.update(changed)
        try transaction.setPasswordHash("other", of: Sample.userID)
      }
      try await database.read { transaction throws in
        #expect(try transaction.user(changed.id) == changed)
        #expect(try transaction.user(email: "outsider@acme.example") == changed)
        #expect(try transaction.user(email: "nobody@acme.example") == nil)
        #expect(try transaction.users(of: Sample.companyID) == [Sample.user()])
        #expect(try transaction.passwordHash(of: changed.id) == "hash")
        #expect(try transaction.passwordHash(of: Sample.userID) == "other")
        #expect(try transaction.userCount() == 2)
      }
    }
  }

  @Test("Teams: added once, listed, removed (rules G-8, G-11)")
  func teams() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      try await database.write { transaction in
        try transaction.insert(Sample.user(UserID("bob"), role: .member), passwordHash: nil)
        try transaction.addToTeam(UserID("bob"), Sample.resourceID, at: Sample.start)
        try transaction.addToTeam(UserID("bob"), Sample.resourceID, at: Sample.start)
      }
      try await database.read { transaction throws in
        #expect(try transaction.isOnTeam(UserID("bob"), Sample.resourceID))
        #expect(try transaction.team(of: Sample.resourceID).map(\.id.text) == ["ada", "bob"])
        #expect(try transaction.resourcesOnTeam(of: UserID("bob")) == [Sample.resourceID])
      }
      #expect(try await database.write { try $0.removeFromTeam(UserID("bob"), Sample.resourceID) })
      #expect(try await !database.write { try $0.removeFromTeam(UserID("bob"), Sample.resourceID) })
      #expect(try await !database.read { try $0.isOnTeam(UserID("bob"), Sample.resourceID) })
    }
  }

  @Test("Keys: a revocation takes the companion along and stands for good (rules G-13, G-15)")
  func keys() async throws {
    try await TestDatabase.each { test in
      let database = test.database
      try await Sample.insertCompany(into: database)
      let companion = ResourceKey(
        id: KeyID("companion1"), resourceID: Sample.resourceID, description: "Companion",
        secretHash: [UInt8](repeating: 9, count: 32), createdBy: nil, createdAt: Sample.start.adding(seconds: 1),
        expiresAt: Sample.start.adding(seconds: 90), monthlyLimit: GenAIUnits(nano: 5), companionOf: Sample.keyID)
      try await database.write { try $0.insert(companion) }
      #expect(try await database.read { try $0.keys(of: Sample.resourceID) } == [companion, Sample.key()])
      let instant = Sample.start.adding(seconds: 5)
      #expect(try await database.write { try $0.revokeKey(Sample.keyID, at: instant) })
      #expect(try await !database.write { try $0.revokeKey(Sample.keyID, at: instant.adding(seconds: 9)) })
      #expect(try await !database.write { try $0.revokeKey(KeyID("none"), at: instant) })
      try await database.read { transaction throws in
        #expect(try transaction.key(Sample.keyID)?.revokedAt == instant)
        #expect(try transaction.key(companion.id)?.revokedAt == instant)
        #expect(try transaction.key(KeyID("none")) == nil)
      }
    }
  }
}
