import Core
import Storage
import Testing

@testable import Platform

@Suite("The operator looks at companies and verifies them")
struct OperatorReportTests {
  @Test("A company is found by its id and by its exact name, and named by its id where two have the name")
  func references() async throws {
    try await withWorld { world in
      #expect(try await world.reports.company(world.company.id.text).company.name == "Northwind")
      let part = try await conflict { _ = try await world.reports.company("northwind") }
      #expect(part.hasPrefix("There is no company “northwind”."))
      try await world.tamper("UPDATE companies SET name = 'Northwind' WHERE name = 'Other'")
      let both = try await conflict { _ = try await world.reports.company("Northwind") }
      #expect(
        both.hasPrefix("Several companies could be meant: ") && both.contains("\(world.company.id) (“Northwind”)"))
    }
  }

  @Test("T-3: the ledger agrees after every kind of change, and one changed number is found in its company only")
  func ledger() async throws {
    try await withWorld(tokens: 200) { world in
      _ = try await world.desk.perform(world.grant())
      let id = try #require(try await world.desk.perform(world.order()).resource?.id)
      _ = try await world.desk.perform(world.end(id))
      let fine = try await world.reports.verifyLedger(of: nil)
      #expect(fine.map(\.agrees) == [true, true] && fine.map(\.companyName) == ["Northwind", "Other"])
      #expect(fine[0].entries == 3 && fine[0].available == 270)

      try await world.tamper("UPDATE ledger_entries SET amount = amount - 1 WHERE kind = 'allocated'")
      let found = try await world.reports.verifyLedger(of: nil)
      #expect(found.map(\.agrees) == [false, true] && !found[0].differences.isEmpty)
      #expect(try await world.reports.verifyLedger(of: "Other").map(\.agrees) == [true])
    }
  }

  @Test("T-3: a contract that was raised behind the program's back is found, too")
  func facts() async throws {
    try await withWorld(tokens: 200) { world in
      try await world.tamper("UPDATE contracts SET tokens = 2000 WHERE company_id = '\(world.company.id)'")
      #expect(try await world.reports.verifyLedger(of: "Northwind").map(\.agrees) == [false])
    }
  }

  @Test("Of many differences the first hundred are told, and how many more there are")
  func manyDifferences() async throws {
    try await withWorld(tokens: 200) { world in
      for _ in 0..<60 { _ = try await world.desk.perform(world.grant("1")) }
      try await world.tamper("UPDATE ledger_entries SET tokens = tokens + 1")
      let report = try #require(try await world.reports.verifyLedger(of: "Northwind").first)
      #expect(report.differences.count == LedgerReport.mostDifferences && report.furtherDifferences > 0)
    }
  }

  @Test("G-20: a changed line of activity is found; a cut end only against an earlier head")
  func audit() async throws {
    try await withWorld(tokens: 200) { world in
      let key = world.context.masterKey
      for number in 1...3 { _ = try await world.desk.perform(world.grant("\(number)")) }
      let heads = try await world.reports.activityHeads(of: "Northwind", masterKey: key)
      #expect(heads.map(\.companyName) == ["Northwind"] && heads[0].lines == 4)
      let head = heads[0].head
      #expect(try await world.reports.verifyActivity(of: nil, since: [head], masterKey: key).allSatisfy(\.intact))

      try await world.tamper("DELETE FROM activity_entries WHERE company_id = '\(world.company.id)' AND position = 4")
      #expect(try await world.reports.verifyActivity(of: "Northwind", since: [], masterKey: key)[0].intact)
      let cut = try await world.reports.verifyActivity(of: "Northwind", since: [head], masterKey: key)[0]
      #expect(!cut.intact && cut.head == nil && !cut.problems.isEmpty)

      try await world.tamper("UPDATE activity_entries SET sentence = 'Nothing' WHERE position = 2")
      #expect(try await !world.reports.verifyActivity(of: "Northwind", since: [], masterKey: key)[0].intact)
    }
  }

  @Test("G-20: a head that can't be read, or is of another company, is refused under its option's name")
  func wrongHeads() async throws {
    try await withWorld { world in
      let key = world.context.masterKey
      for (company, head) in [
        ("Northwind", "nonsense"),
        ("Northwind", try await world.reports.activityHeads(of: "Other", masterKey: key)[0].head),
      ] {
        let found = try await platformProblems {
          _ = try await world.reports.verifyActivity(of: company, since: [head], masterKey: key)
        }
        #expect(found.keys.sorted() == ["since-head"])
      }
    }
  }
}
