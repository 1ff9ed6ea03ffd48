import Core
import Storage
import Testing

@testable import Platform

@Suite("The operator provisions and deprovisions")
struct OperatorResourceTests {
  @Test(
    "P-1, R-4: an order is provisioned under its reference, in ledger and activity, its user on the team; a repeat adds nothing"
  )
  func order() async throws {
    try await withWorld(tokens: 200) { world in
      let request = world.order(key: "SO-4711")
      let done = try await world.desk.perform(request)
      let resource = try #require(done.resource)
      #expect(resource.orderReference == "SO-4711" && resource.status == "ACTIVE" && resource.cloudTokens == 30)
      #expect(done.balance.available == 170 && done.user == "onTeam" && done.notes.isEmpty)
      #expect(done.specification.allowance.hasPrefix("3,000 GenAI Units"))
      let mine = try await world.services.resources.overview(as: world.bram)
      #expect(mine.map(\.resource.id.text) == [resource.id])
      let again = try await world.desk.perform(request)
      #expect(again.wasRepeated && again.resource?.id == resource.id)
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: true).count == 1)
      let other = try await conflict { _ = try await world.desk.perform(world.order(order: "SO-2", key: "SO-4711")) }
      #expect(other.hasPrefix("This idempotency key was used for something else before."))
      let deed = try #require(try await world.deeds().first)
      #expect(deed.actor == .operator && deed.sentence.contains("on order SO-4711"))
      #expect(try await world.ledgerProblems().isEmpty)
    }
  }

  @Test("P-1, E-1 to E-4: the checks of self-service do not apply; what is missing is said")
  func withoutChecks() async throws {
    try await withWorld(tokens: 10) { world in
      _ = try await world.desk.perform(world.subscription(removeAccount: PlatformAccount.usualName))
      for account in try await world.reports.accounts(of: "Northwind").map(\.name) {
        _ = try await world.desk.perform(world.subscription(removeAccount: account))
      }
      let refused = await platformError { try await world.provision() }
      guard case .refused(let reasons) = try #require(refused) else { throw Unexpected() }
      #expect(reasons.count >= 2)
      let done = try await world.desk.perform(world.order())
      #expect(done.balance.available == -20)
      #expect(done.notes.first?.contains("grant 20 Cloud Tokens too few") == true)
      let listed = try #require(try await world.reports.resources(of: "Northwind", includingEnded: false).first)
      #expect(listed.status == "ACTIVE" && listed.suspensionDay != nil)
    }
  }

  @Test("A dry run tells the same and changes nothing, not even its key")
  func dryRun() async throws {
    try await withWorld(tokens: 200) { world in
      var request = world.order(key: "k")
      request.isDryRun = true
      let before = try await world.deeds().count
      let would = try await world.desk.perform(request)
      #expect(would.dryRun && would.resource == nil && would.specification.cloudTokens == 30)
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: true).isEmpty)
      #expect(try await world.deeds().count == before)
      request.isDryRun = false
      #expect(try await !world.desk.perform(request).wasRepeated)
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: true).count == 1)
    }
  }

  @Test("R-2, P-2: what the catalog and the company do not permit is told at once, under the options' names")
  func refusals() async throws {
    try await withWorld(tokens: 200) { world in
      var request = world.order(tokens: nil)
      (request.region, request.models, request.size) = ("nowhere", ["gpt"], "XXL")
      #expect(
        try await world.wrongFields(request) == ["model", "region", "size"])
      _ = try await world.desk.perform(world.order("First"))
      request = world.order("first", tokens: nil)
      (request.size, request.timeZone) = ("s", "Europe/Amsterdam")
      request.models = ["Claude Sonnet 4.6"]
      let found = try await platformProblems { _ = try await world.desk.perform(request) }
      #expect(found["time-zone"]?.contains("final since its first resource") == true && found["model"] != nil)
      request.models = ["Packhouse Extractive 1"]
      request.name = "Second"
      #expect(try await world.wrongFields(request) == ["time-zone"])
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: true).count == 1)
      request.timeZone = "UTC"
      #expect(try await world.desk.perform(request).resource?.capacity == "S")
    }
  }

  @Test("P-2: with the first resource the zone can still be chosen")
  func zone() async throws {
    try await withWorld { world in
      var request = world.order()
      request.timeZone = "Europe/Amsterdam"
      let done = try await world.desk.perform(request)
      #expect(done.timeZone == "Europe/Amsterdam" && done.specification.refill.contains("Europe/Amsterdam"))
    }
  }

  @Test("G-9: the user of an order is invited where nobody has the address, and left out where another company's is")
  func users() async throws {
    try await withWorld { world in
      #expect(try await world.desk.perform(world.order("A", email: "new@own.example")).user == "invited")
      let other = try await world.desk.perform(world.order("B", email: "mallory@other.example"))
      #expect(other.user == "notInvited" && other.notes.last?.contains("was not put on the team") == true)
    }
  }

  @Test("A-5: a resource ends with its bundle month, and the operator can take it back until then")
  func deprovision() async throws {
    try await withWorld(tokens: 200) { world in
      let id = try #require(try await world.desk.perform(world.order()).resource?.id)
      let would = try await world.desk.perform(world.end(id, isDryRun: true))
      #expect(would.dryRun && would.ends.map(\.id) == [id])
      let nothing = try await conflict { _ = try await world.desk.perform(cancellation(id, world)) }
      #expect(nothing.hasPrefix("No deprovisioning is scheduled"))
      let first = try await world.desk.perform(world.end(id))
      #expect(first.ends == would.ends && !first.dryRun)
      let twice = try await conflict { _ = try await world.desk.perform(world.end(id)) }
      #expect(twice == "“Ordered” is scheduled for deprovisioning already.")
      #expect(try await world.desk.perform(cancellation(id, world)).names == ["Ordered"])
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: false).map(\.status) == ["ACTIVE"])

      _ = try await world.desk.perform(world.end(id))
      world.clock.advance(days: 32)
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: false).isEmpty)
      #expect(
        try await world.reports.resources(of: "Northwind", includingEnded: true).map(\.status) == ["DEPROVISIONED"])
      #expect(try await world.reports.company("Northwind").company.balance.available == 200)
      #expect(try await world.deeds().allSatisfy { $0.actor == .operator })
      let unknown = try await conflict { _ = try await world.desk.perform(world.end("zzzzzzzzzz")) }
      #expect(unknown.hasPrefix("There is no resource zzzzzzzzzz."))
    }
  }

  private func cancellation(_ id: String, _ world: World) -> CancelDeprovisioning {
    CancelDeprovisioning(resource: id, idempotencyKey: world.submit())
  }
}
