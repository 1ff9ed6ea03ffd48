import Core
import TestSupport
import Testing

@testable import Storage

@Suite("The lines of a company's activity (rule G-20)")
struct ActivityTests {
  /// Nothing is verified here, so a hash only has to be another one each time.
  private static let sha256: SHA256Function = { bytes in
    let sum = bytes.reduce(UInt64(bytes.count)) { ($0 &* 31) ^ UInt64($1) }
    return (0..<32).map { UInt8(truncatingIfNeeded: sum >> UInt64($0 % 8 * 8)) }
  }

  private static let people: [ActivityActor] = [
    .person(Sample.userID, name: "Ada", address: "2001:db8::7"), .person(UserID("zoe"), name: "Zoë", address: ""),
  ]
  private static let deeds: [(ActivityActor, ActivityDeed)] = [
    (.operator, ActivityDeed(.contract, "Recorded a contract")),
    (people[0], ActivityDeed(.capacity, resource: Sample.resource().id, "Provisioned “Support 🙂”")),
    (people[1], ActivityDeed(.team, resource: Sample.resource().id, "Added Bob")),
    (.schedule, ActivityDeed(.contract, "A contract ended")),
    (people[1], ActivityDeed(.member, "Made Ada a member")),
  ]

  @discardableResult
  private static func append(
    _ deeds: [(ActivityActor, ActivityDeed)], to database: Database, of company: CompanyID = Sample.companyID
  ) async throws -> [ActivityEntry] {
    try await database.write { transaction in
      var head = try transaction.activityHeadToFollow(of: company)
      return try deeds.map { actor, deed in
        let entry = ActivityChain.entry(
          after: head, at: Sample.start.adding(seconds: head.position), actor: actor, deed: deed, sha256: sha256)
        try transaction.append(entry)
        head = entry.head
        return entry
      }
    }
  }

  @Test("Lines come back as they were appended, and the next follows the last")
  func roundTrip() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      #expect(
        try await test.database.read { try $0.activityHead(of: Sample.companyID) } == .empty(Sample.companyID))
      let first = try await Self.append(Array(Self.deeds[..<2]), to: test.database)
      let second = try await Self.append(Array(Self.deeds[2...]), to: test.database)
      let all = first + second
      #expect(all.map(\.position) == [1, 2, 3, 4, 5])
      #expect(second[0].previousHash == first[1].hash)
      try await test.database.read { transaction throws in
        #expect(try transaction.activityHead(of: Sample.companyID) == all[4].head)
        #expect(try transaction.activity(of: Sample.companyID) == all.reversed())
        let stored = try transaction.storedActivity(of: Sample.companyID, positions: Int64.min...Int64.max)
        #expect(stored == all.map(StoredActivity.readable))
      }
    }
  }

  @Test("Lines are read in ranges of positions, so many at a time")
  func ranges() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      try await Self.append(Self.deeds, to: test.database)
      func positions(_ range: ClosedRange<Int64>, _ limit: Int) async throws -> [Int64] {
        try await test.database.read {
          try $0.storedActivity(of: Sample.companyID, positions: range, limit: limit).map(\.position)
        }
      }
      #expect(try await positions(2...4, 100) == [2, 3, 4])
      #expect(try await positions(.min ... .max, 2) == [1, 2])
      #expect(try await positions(3 ... .max, 2) == [3, 4])
      #expect(try await positions(6 ... .max, 2) == [])
      #expect(try await positions(1...5, -1) == [1])
    }
  }

  @Test("Lines are filtered by resource, kind and doer, newest first, and cut")
  func filters() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      try await Self.append(Self.deeds, to: test.database)
      func found(_ filter: ActivityFilter, offset: Int = 0, limit: Int = 25) async throws -> [Int64] {
        let (lines, count) = try await test.database.read { transaction in
          (
            try transaction.activity(of: Sample.companyID, filter, offset: offset, limit: limit),
            try transaction.activityCount(of: Sample.companyID, filter)
          )
        }
        if offset == 0, limit == 25 { #expect(lines.count == count) }
        return lines.map(\.position)
      }
      let resource = Sample.resource().id
      #expect(try await found(ActivityFilter()) == [5, 4, 3, 2, 1])
      #expect(try await found(ActivityFilter(), offset: 1, limit: 2) == [4, 3])
      #expect(try await found(ActivityFilter(), offset: 9) == [])
      #expect(try await found(ActivityFilter(), limit: 0) == [5])
      #expect(try await found(ActivityFilter(resource: resource)) == [3, 2])
      #expect(try await found(ActivityFilter(kind: .contract)) == [4, 1])
      #expect(try await found(ActivityFilter(kind: .invitation)) == [])
      #expect(try await found(ActivityFilter(doer: .operator)) == [1])
      #expect(try await found(ActivityFilter(doer: .schedule)) == [4])
      #expect(try await found(ActivityFilter(doer: .person(UserID("zoe")))) == [5, 3])
      #expect(
        try await found(ActivityFilter(resource: resource, kind: .team, doer: .person(UserID("zoe")))) == [3])
      #expect(try await found(ActivityFilter(resource: resource, kind: .member)) == [])
    }
  }

  @Test("The people of a company's or a resource's activity are told once, with their latest name there")
  func people() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let renamed = ActivityActor.person(UserID("zoe"), name: "Aaron", address: "")
      try await Self.append(Self.deeds + [(renamed, ActivityDeed(.settings, "Something"))], to: test.database)
      func names(_ resource: ResourceID?, limit: Int = 10) async throws -> [String] {
        try await test.database.read {
          try $0.activityPeople(of: Sample.companyID, resource: resource, limit: limit).map(\.name)
        }
      }
      #expect(try await names(nil) == ["Aaron", "Ada"])
      #expect(try await names(nil, limit: 1) == ["Aaron"])
      #expect(try await names(Sample.resource().id) == ["Ada", "Zoë"])
      #expect(try await names(ResourceID("none")) == [])
    }
  }

  @Test("Each company has a chain of its own, and all heads are read page by page")
  func heads() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let other = CompanyID("zeta")
      let silent = CompanyID("mid")
      try await test.database.write { transaction in
        for id in [other, silent] { try transaction.insert(Sample.company(id)) }
      }
      let own = try await Self.append(Self.deeds, to: test.database)
      let others = try await Self.append([Self.deeds[0]], to: test.database, of: other)
      #expect(others[0].position == 1)
      let heads = [own[4].head, .empty(silent), others[0].head]
      try await test.database.read { transaction throws in
        #expect(try transaction.activityHeads() == heads)
        #expect(try transaction.activityHeads(limit: 2) == Array(heads[..<2]))
        #expect(try transaction.activityHeads(after: silent, limit: 2) == [heads[2]])
        #expect(try transaction.activityHeads(after: other) == [])
      }
    }
  }

  @Test("A position is taken once; who does not say so has no name and no address")
  func constraints() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let entries = try await Self.append(Self.deeds, to: test.database)
      await #expect {
        try await test.database.write { try $0.append(entries[2]) }
      } throws: { ($0 as? DatabaseProblem)?.isDuplicate(in: "activity_entries") == true }
      for change in [
        "actor_name = 'Mallory' WHERE position = 1", "actor_address = '::1' WHERE position = 4",
        "actor_address = NULL WHERE position = 2", "hash = previous_hash || hash", "sentence = ''", "position = 0",
      ] {
        await #expect(throws: DatabaseProblem.self, "\(change)") {
          try await test.database.write { try $0.execute("UPDATE activity_entries SET \(change)") }
        }
      }
    }
  }

  @Test("A row that holds what no entry holds is given as such and hides no other")
  func unreadable() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let entries = try await Self.append(Self.deeds, to: test.database)
      try await test.database.write { transaction in
        try transaction.execute("UPDATE activity_entries SET kind = 'gossip' WHERE position = 2")
      }
      let stored = try await test.database.read { try $0.storedActivity(of: Sample.companyID, positions: 1...3) }
      #expect(stored == [.readable(entries[0]), .unreadable(position: 2), .readable(entries[2])])
    }
  }

  @Test("Writers of one company's activity wait for each other, whatever else they lock")
  func concurrency() async throws {
    try await TestDatabase.each { test in
      try await Sample.insertCompany(into: test.database)
      let locks: [TransactionLock?] = [.company(Sample.companyID), .resource(Sample.resource().id), .installation, nil]
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<24 {
          group.addTask {
            try await test.database.write(locking: locks[number % locks.count]) { transaction in
              let head = try transaction.activityHeadToFollow(of: Sample.companyID)
              try transaction.append(
                ActivityChain.entry(
                  after: head, at: Sample.start, actor: .operator, deed: ActivityDeed(.key, "Did \(number)"),
                  sha256: Self.sha256))
            }
          }
        }
        try await group.waitForAll()
      }
      let lines = try await test.database.read { try $0.activity(of: Sample.companyID, limit: 100) }.reversed()
      #expect(lines.map(\.position) == Array(1...24))
      #expect(Set(lines.map(\.deed.sentence)).count == 24)
      for (before, line) in zip(lines, lines.dropFirst()) { #expect(line.previousHash == before.hash) }
    }
  }

  @Test("Every way to read a long log uses an index that has its order")
  func indexes() async throws {
    try await TestDatabase.with(.sqlite) { test in
      let filters = [
        ActivityFilter(), ActivityFilter(resource: ResourceID("r")), ActivityFilter(kind: .key),
        ActivityFilter(doer: .person(UserID("u"))),
      ]
      for filter in filters {
        let condition = ActivityCondition(Sample.companyID, filter)
        let plan = try await test.database.read { transaction in
          try transaction.query(
            "EXPLAIN QUERY PLAN SELECT * FROM activity_entries WHERE \(condition.sql) ORDER BY position DESC",
            condition.parameters
          ).map { try $0.text("detail") }
        }
        #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH") && plan[0].contains("INDEX"), "\(filter): \(plan)")
      }
    }
  }
}
