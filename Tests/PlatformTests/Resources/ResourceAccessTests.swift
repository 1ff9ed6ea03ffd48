import Core
import Storage
import TestSupport
import Testing

@testable import Platform

@Suite("Who sees and may do what with resources (P-4, P-6)")
struct ResourceAccessTests {
  @Test("A member sees only resources whose team they are on; an admin sees all (P-4, G-1)")
  func overview() async throws {
    try await withWorld { world in
      let own = try await world.provision(world.request("beta", email: "bram@own.example"))
      let other = try await world.provision(world.request("Alpha"))
      let resources = world.services.resources
      #expect(try await resources.overview(as: world.bram).map(\.resource.id) == [own])
      #expect(try await resources.overview(as: world.ada).map(\.resource.id) == [other, own])
      #expect(try await resources.overview(as: world.stranger).isEmpty)
    }
  }

  @Test("A stranger gets 404 for everything, as if the resource did not exist (P-6, V-3)", arguments: Right.allCases)
  func stranger(right: Right) async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let resources = world.services.resources
      let existing = await platformError { _ = try await resources.resource(id, for: right, as: world.stranger) }
      let missing = await platformError {
        _ = try await resources.resource(ResourceID("0000000000"), for: right, as: world.stranger)
      }
      guard case .notFound = try #require(existing) else { throw Unexpected() }
      #expect(existing == missing)
      #expect(await platformError { _ = try await resources.resource(id, for: right, as: world.bram) } == existing)
    }
  }

  @Test("Somebody on the team sees the resource, and gets 403 for what their role lacks (P-6)")
  func forbidden() async throws {
    try await withWorld { world in
      let id = try await world.provision(world.request(email: "bram@own.example"))
      let resources = world.services.resources
      let seen = try await resources.resource(id, for: .manageKeys, as: world.bram)
      #expect(seen.role == .internalMember)
      #expect(seen.may(.editNameAndEnvironment))
      #expect(!seen.may(.changeCapacity))
      let error = await platformError { _ = try await resources.resource(id, for: .changeCapacity, as: world.bram) }
      guard case .forbidden(let sentence) = try #require(error) else { throw Unexpected() }
      #expect(sentence.contains("Support assistant"))
    }
  }

  @Test("Somebody of another company on the team is an external member (P-4)")
  func external() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      try await world.database.write { try $0.addToTeam(world.stranger.id, id, at: world.clock.now) }
      let seen = try await world.services.resources.resource(id, for: .seeResource, as: world.stranger)
      #expect(seen.role == .externalMember)
      #expect(!seen.may(.editNameAndEnvironment))
      #expect(try await world.services.resources.overview(as: world.stranger).map(\.resource.id) == [id])
    }
  }

  @Test("The Control Center shows status, models by family, plan, region and whom it was created for (R-1)")
  func controlCenter() async throws {
    try await withWorld { world in
      var request = world.request("Planned", email: "bram@own.example")
      request.region = SmallCatalog.frankfurt
      request.models = [SmallCatalog.sonnet, SmallCatalog.haiku]
      request.defaultModel = SmallCatalog.haiku
      request.capacity = .plan(Identifier("text-s"))
      request.acknowledgedTerms = [TermsVersion(terms: Identifier("anthropic"), version: "1")]
      try await world.provision(request)
      world.clock.advance(hours: 1)
      try await world.provision(world.request("By units", tokens: 16))
      let rows = try await world.services.resources.controlCenter(as: world.ada).rows
      #expect(rows.map(\.resource.name) == ["By units", "Planned"])
      #expect(rows.map(\.plan) == ["1.6k GenAI Units", "S"])
      #expect(rows.map { $0.state.status } == [.active, .active])
      #expect(rows[1].models.map(\.family.displayName) == ["Claude Haiku", "Claude Sonnet"])
      #expect(rows[1].region?.displayName == "Europe (Frankfurt) - eu-central-1")
      #expect(rows[1].resource.createdFor.email == "bram@own.example")
    }
  }

  @Test("The overview carries the month's consumption of each resource (G-1)")
  func consumption() async throws {
    let running = Consumption(units: GenAIUnits(nano: 1), input: 1)
    try await withWorld(running: running) { world in
      let id = try await world.provision(world.request(tokens: 16))
      try await world.use(id, input: 1_521_500)
      let measure = try #require(try await world.services.resources.overview(as: world.ada).first?.consumption.first)
      #expect(measure.text == "1,521 / 1.6k")
      #expect(measure.title == "1,521.5 of 1,600 GenAI Units used")
      #expect(measure.percent == 95)
      #expect(measure.runningText == "+ 1 in use")
    }
  }
}
