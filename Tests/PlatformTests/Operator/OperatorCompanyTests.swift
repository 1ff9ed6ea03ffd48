import Core
import Dispatch
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("The operator founds and supplies companies")
struct OperatorCompanyTests {
  @Test(
    "P-1, P-2, E-6: a new company has its zone, an admin who can sign in, and a subscription; a repeat tells no password"
  )
  func create() async throws {
    try await withWorld { world in
      var request = world.creation(key: "once")
      request.cloudTokens = "200"
      let made = try await world.desk.perform(request)
      #expect(made.timeZone == "Europe/Amsterdam" && made.contract?.cloudTokens == 200)
      #expect(made.account?.subscriptions.map(\.kind) == ["enterprise"] && !made.wasRepeated)
      let password = try #require(made.password)
      let signedIn = try await world.services.accounts.signIn(
        email: "ines@eastgate.example", password: Sensitive(password), from: World.origin)
      #expect(signedIn.user.companyRole == .admin)
      let report = try await world.reports.company("Eastgate")
      #expect(report.selfServiceReasons.isEmpty && report.company.balance.available == 200 && report.admins == 1)

      let again = try await world.desk.perform(request)
      #expect(again.wasRepeated && again.password == nil && again.id == made.id)
      #expect(try await world.reports.companies().map(\.name) == ["Eastgate", "Northwind", "Other"])
    }
  }

  @Test("A company with a name or an address that is taken is refused, and nothing of it stays")
  func taken() async throws {
    try await withWorld { world in
      let name = try await conflict { _ = try await world.desk.perform(world.creation("Northwind")) }
      #expect(name == "There is a company “Northwind” already, with the id \(world.company.id).")
      let email = try await conflict {
        _ = try await world.desk.perform(world.creation(email: "BRAM@own.example"))
      }
      #expect(email.contains("bram@own.example has an account already: Bram of “Northwind”."))
      #expect(try await world.reports.companies().count == 2)
      // The check above can find: the same line with free ones adds a company.
      _ = try await world.desk.perform(world.creation())
      #expect(try await world.reports.companies().count == 3)
    }
  }

  @Test("A contract of a new company that would be over already is refused")
  func contractOver() async throws {
    try await withWorld { world in
      var request = world.creation()
      (request.cloudTokens, request.contractEnd) = ("10", world.day(after: -1))
      let wrong = try await world.wrongFields(request)
      #expect(wrong == ["contract-end"])
      request.contractEnd = world.day(after: 10)
      #expect(try await world.desk.perform(request).contract?.endDay == world.day(after: 10))
    }
  }

  @Test("T-1, T-3: a grant is in the balance, the ledger and the activity at once; a repeat adds nothing")
  func grant() async throws {
    try await withWorld(tokens: 200) { world in
      let request = world.grant(key: "renewal")
      let done = try await world.desk.perform(request)
      #expect(done.balance.total == 300 && done.contract.status == .inForce && done.notes.isEmpty)
      let again = try await world.desk.perform(request)
      #expect(again.wasRepeated && again.contract == done.contract)
      #expect(try await world.reports.contracts(of: world.company.id.text).count == 2)
      let last = try #require(try await world.deeds().first)
      #expect(last.actor == .operator && last.sentence.hasPrefix("Granted 100 Cloud Tokens by a contract from "))
      #expect(try await world.ledgerProblems().isEmpty)
    }
  }

  @Test("The same key for something else is refused, and nothing is done")
  func otherRequest() async throws {
    try await withWorld(tokens: 200) { world in
      _ = try await world.desk.perform(world.grant("100", key: "k"))
      let sentence = try await conflict { _ = try await world.desk.perform(world.grant("101", key: "k")) }
      #expect(sentence.hasPrefix("This idempotency key was used for something else before."))
      _ = try await world.desk.perform(world.creation(key: "k"))
      let other = try await conflict {
        _ = try await world.desk.perform(world.creation("Westgate", email: "w@w.example", key: "k"))
      }
      #expect(other == sentence)
      #expect(try await world.reports.company("Northwind").company.balance.total == 300)
      #expect(try await world.reports.companies().count == 3)
    }
  }

  @Test("P-1: a company is meant by its id before any name, whatever another one calls itself")
  func idFirst() async throws {
    try await withWorld { world in
      // From before names were kept apart.
      try await world.tamper("UPDATE companies SET name = '\(world.company.id)' WHERE name = 'Other'")
      var request = world.grant()
      request.company = world.company.id.text
      #expect(try await world.desk.perform(request).companyName == "Northwind")
      #expect(try await world.reports.contracts(of: world.company.id.text).count == 2)
      let taken = try await conflict { _ = try await world.desk.perform(world.creation(world.company.id.text)) }
      #expect(taken.hasPrefix("There is a company “"))
    }
  }

  @Test("P-3: an address that somebody else gives away at the same moment is refused in a sentence")
  func addressRace() async throws {
    try await withWorld { world in
      let (isInserted, goOn) = (Gate(), DispatchSemaphore(value: 0))
      let user = User(
        id: UserID("fast"), name: "Fast", email: "ines@eastgate.example", companyID: world.company.id,
        companyRole: .member)
      async let faster: Void = world.database.write { transaction in
        try transaction.insert(user, passwordHash: nil)
        isInserted.open()
        goOn.wait()
      }
      await isInserted.wait()
      async let refusal = platformError { _ = try await world.desk.perform(world.creation()) }
      // Long enough for it to have looked for the address and found it free, where the engine lets it look.
      try await Task.sleep(for: .milliseconds(500))
      goOn.signal()
      try await faster
      guard case .conflict(let sentence) = try #require(await refusal) else { throw Unexpected() }
      #expect(sentence.contains("ines@eastgate.example") && sentence.hasSuffix("One person has exactly one account."))
      #expect(try await world.reports.companies().map(\.name) == ["Northwind", "Other"])
    }
  }

  @Test("T-1: a grant to come counts from its day on; one over already and an unknown company are refused")
  func grantDays() async throws {
    try await withWorld(tokens: 200) { world in
      let later = try await world.desk.perform(world.grant(from: world.day(after: 10), to: world.day(after: 20)))
      #expect(later.balance.total == 200 && later.contract.status == .toCome && later.notes.count == 1)
      world.clock.advance(days: 11)
      #expect(try await world.reports.company("Northwind").company.balance.total == 300)
      let over = try await platformProblems { _ = try await world.desk.perform(world.grant(to: world.day(after: -1))) }
      #expect(over["to"]?.contains("would be over already: in UTC it is") == true)
      var unknown = world.grant()
      unknown.company = "Nowhere"
      let sentence = try await conflict { _ = try await world.desk.perform(unknown) }
      #expect(sentence == "There is no company “Nowhere”. `packhouse company list` shows them all.")
    }
  }

  @Test("E-2 to E-4: what is said of accounts opens and closes self-service; saying it again changes nothing")
  func subscriptions() async throws {
    try await withWorld { world in
      let same = try await world.desk.perform(world.subscription(kind: "enterprise", status: "active"))
      #expect(!same.hasChanged && same.reasons.isEmpty)
      let before = try await world.activity().count
      let old = try await world.desk.perform(world.subscription(priceList: "FY20"))
      #expect(old.hasChanged && old.reasons.count == 1)
      #expect(try await world.activity().count == before + 1)
      let second = try await world.desk.perform(world.subscription(account: "second"))
      #expect(second.accounts.map(\.name).contains("second") && second.reasons.count == 3)
      let unknown = try await platformProblems {
        _ = try await world.desk.perform(world.subscription(removeAccount: "third"))
      }
      #expect(unknown["remove-account"] == "The company has no platform account “third”. It has: main, second.")
      let which = try await platformProblems { _ = try await world.desk.perform(world.subscription(status: "active")) }
      #expect(which["account"]?.contains("several platform accounts") == true)
      _ = try await world.desk.perform(world.subscription(removeAccount: "second"))
      let gap = try await platformProblems { _ = try await world.desk.perform(world.subscription(number: "3")) }
      #expect(gap["number"]?.hasSuffix("has 1 subscription; the next one has number 2.") == true)
      let two = try await world.desk.perform(world.subscription(number: "2", priceList: "fy26"))
      #expect(two.accounts[0].subscriptions.map(\.priceList) == ["FY20", "FY26"] && !two.reasons.isEmpty)
      _ = try await world.desk.perform(world.subscription(number: "1", status: "inactive"))
      #expect(try await world.reports.company("Northwind").selfServiceReasons.isEmpty)
      #expect(try await world.deeds().first?.actor == .operator)
    }
  }
}
