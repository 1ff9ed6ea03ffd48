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
      let deeds = try await world.deeds().prefix(2)
      #expect(deeds.map(\.sentence).first == "Added Bram to the team of “Ordered”")
      #expect(deeds.last?.sentence.contains("on order SO-4711") == true && deeds.allSatisfy { $0.actor == .operator })
      #expect(try await world.ledgerProblems().isEmpty)
    }
  }

  @Test(
    "R-6: a repeat tells what was done then, whatever has changed since; the same key with any other option is refused")
  func repeats() async throws {
    try await withWorld(tokens: 200) { world in
      let request = world.order(key: "k")
      let first = try await world.desk.perform(request)
      world.clock.advance(days: 1)
      _ = try await world.services.resources.edit(
        ResourceID(try #require(first.resource?.id)), ResourceEdit(name: "Renamed"), capacity: nil, revision: nil,
        idempotencyKey: "edit", as: world.ada)
      let again = try await world.desk.perform(request)
      #expect(again.wasRepeated && again.resource == first.resource && again.balance == first.balance)
      var dry = request
      dry.isDryRun = true
      let told = try await world.desk.perform(dry)
      #expect(told.wasRepeated && told.resource == first.resource)

      let changes: [(inout ProvisionResource) -> Void] = [
        { $0.name = "Another" }, { $0.cloudTokens = "31" }, { ($0.cloudTokens, $0.size) = (nil, "S") },
        { $0.environment = "production" }, { $0.models = ["Packhouse Extractive 1", "gpt"] }, { $0.userName = "B" },
        { $0.crossRegion = "off" }, { $0.timeZone = "UTC" }, { $0.defaultModel = "packhouse-extractive-1" },
      ]
      for (number, change) in changes.enumerated() {
        var other = request
        change(&other)
        let refused = try await conflict { _ = try await world.desk.perform(other) }
        #expect(refused.hasPrefix("This idempotency key was used for something else before."), "change \(number)")
      }
      #expect(try await world.reports.resources(of: "Northwind", includingEnded: true).count == 1)
    }
  }

  @Test("A-5: together with knowledge bases end those that were shown, all unseen ones only without asking")
  func together() async throws {
    try await withWorld(tokens: 400) { world in
      let search = try await world.embeddings()
      let manuals = try await world.knowledgeBase("Manuals", search)
      func end(_ shown: [String]?, isDryRun: Bool = false) -> DeprovisionResource {
        DeprovisionResource(
          resource: search.text, withKnowledgeBases: true, shown: shown, isDryRun: isDryRun,
          idempotencyKey: world.submit())
      }
      let would = try await world.desk.perform(end(nil, isDryRun: true))
      #expect(would.ends.map(\.id) == [manuals.text, search.text])
      let laws = try await world.knowledgeBase("Laws", search)
      let unseen = try await conflict { _ = try await world.desk.perform(end(would.ends.map(\.id))) }
      #expect(unseen.contains("“Laws” would end as well"))
      #expect(try await world.desk.perform(end(nil)).ends.map(\.id) == [manuals.text, laws.text, search.text])
    }
  }

  @Test("A-5: a dry run with a key that was used tells what was done under it")
  func dryRunOfRepeat() async throws {
    try await withWorld(tokens: 200) { world in
      let id = try #require(try await world.desk.perform(world.order()).resource?.id)
      var request = world.end(id)
      let done = try await world.desk.perform(request)
      request.isDryRun = true
      let told = try await world.desk.perform(request)
      #expect(told.wasRepeated && !told.dryRun && told.ends == done.ends)
      request.withKnowledgeBases = true
      let other = try await conflict { _ = try await world.desk.perform(request) }
      #expect(other.hasPrefix("This idempotency key was used for something else before."))
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
