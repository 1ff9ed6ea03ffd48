import Core
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("Who reads the activity (rules G-20, P-6)")
struct ActivityLogTests {
  private func caller(_ caller: Caller, from address: String) -> Caller { Caller(user: caller.user, address: address) }

  @Test("An admin reads everything of the company, newest first, with actors and addresses; nobody else does")
  func company() async throws {
    try await withWorld { world in
      let ada = caller(world.ada, from: "192.0.2.1")
      try await world.note(ActivityDeed(.member, "Added Bram"), by: .person(ada))
      try await world.note(ActivityDeed(.contract, "A contract ended"), by: .schedule)
      let page = try await world.services.activity.activity(as: world.ada)
      #expect(page.company.company.id == world.company.id && page.resource == nil)
      #expect(page.lines.elements.map(\.sentence).prefix(2) == ["A contract ended", "Added Bram"])
      #expect(page.lines.elements[0].actor == .schedule)
      #expect(page.lines.elements[1].actor == .person(ada.id, name: "Ada", address: "192.0.2.1"))
      #expect(page.lines.elements[1].at == world.clock.now && page.lines.elements[1].kind == .member)
      #expect(page.lines.elements.last?.sentence.hasPrefix("Founded") == true)
      #expect(page.people == [ActivityPerson(id: ada.id, name: "Ada")])
      guard case .forbidden? = await platformError({ _ = try await world.services.activity.activity(as: world.bram) })
      else { throw Unexpected() }
      let others = try await world.services.activity.activity(as: world.stranger)
      #expect(others.lines.elements.allSatisfy { $0.sentence.hasPrefix("Founded “Other”") })
    }
  }

  @Test("A member reads what concerns the resource, and nothing else of the company; a stranger is told there is none")
  func resource() async throws {
    try await withWorld { world in
      let own = try await world.provision(world.request("Own", email: "bram@own.example"))
      let other = try await world.provision(world.request("Other"))
      try await world.note(
        ActivityDeed(.team, resource: own, "Added Cleo"), by: .person(caller(world.ada, from: "192.0.2.1")))
      try await world.note(ActivityDeed(.team, resource: other, "Added Dora"), ActivityDeed(.member, "Added Eve"))
      let activity = world.services.activity
      let page = try await activity.activity(of: own, as: world.bram)
      #expect(page.resource?.resource.id == own)
      #expect(page.lines.elements.first?.sentence == "Added Cleo")
      #expect(page.lines.elements.allSatisfy { $0.resourceID == own })
      #expect(page.lines.totalElements == page.lines.elements.count)
      #expect(page.lines.elements.first?.actor == .person(world.ada.id, name: "Ada", address: "192.0.2.1"))
      for (id, reader) in [(other, world.bram), (own, world.stranger), (ResourceID("0000000000"), world.ada)] {
        let error = await platformError { _ = try await activity.activity(of: id, as: reader) }
        guard case .notFound = try #require(error) else { throw Unexpected() }
      }
    }
  }

  @Test("An external member sees no address but their own")
  func addresses() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      try await world.database.write { try $0.addToTeam(world.stranger.id, id, at: world.clock.now) }
      for (person, address) in [(world.ada, "192.0.2.1"), (world.stranger, "198.51.100.4")] {
        try await world.note(
          ActivityDeed(.key, resource: id, "Created a key"), by: .person(caller(person, from: address)))
      }
      func addresses(_ reader: Caller) async throws -> [String] {
        try await world.services.activity.activity(of: id, ActivityQuery(kind: .key), as: reader).lines.elements
          .map { line in if case .person(_, _, let address) = line.actor { address } else { "none" } }
      }
      #expect(try await addresses(world.ada) == ["198.51.100.4", "192.0.2.1"])
      #expect(try await addresses(world.stranger) == ["198.51.100.4", ""])
      let people = try await world.services.activity.activity(of: id, as: world.stranger).people
      #expect(people.map(\.name) == ["Ada", "Mallory"])
    }
  }

  @Test("The activity is filtered by kind and doer and comes in pages")
  func pages() async throws {
    try await withWorld { world in
      try await world.note(lines: ActivityQuery.pageSize + 1)
      try await world.note(ActivityDeed(.key, "Created a key"), by: .person(world.ada))
      func page(_ query: ActivityQuery) async throws -> Page<ActivityLine> {
        try await world.services.activity.activity(query, as: world.ada).lines
      }
      let first = try await page(ActivityQuery(kind: .settings))
      #expect(first.elements.count == ActivityQuery.pageSize && first.totalElements == ActivityQuery.pageSize + 1)
      #expect(try await page(ActivityQuery(kind: .settings, page: 1)).elements.map(\.sentence) == ["Changed setting 0"])
      #expect(try await page(ActivityQuery(page: .max)).elements.isEmpty)
      #expect(try await page(ActivityQuery(doer: .person(world.ada.id))).elements.map(\.kind) == [.key])
      #expect(try await page(ActivityQuery(kind: .key, doer: .operator)).totalElements == 0)
    }
  }

  @Test("What is done and its line are saved together or not at all")
  func atomicity() async throws {
    try await withWorld { world in
      let before = try await world.audit.head(of: world.company.id)
      await #expect(throws: Unexpected.self) {
        try await world.context.write { transaction in
          try world.context.appendActivity(
            [ActivityDeed(.key, "Created a key")], of: world.company.id, actor: .person(world.ada), at: world.clock.now,
            transaction)
          throw Unexpected()
        }
      }
      #expect(try await world.audit.head(of: world.company.id) == before)
    }
  }

  @Test("An address of any length is cut, and nothing is written where nothing was done")
  func limits() async throws {
    try await withWorld { world in
      let before = try await world.audit.head(of: world.company.id).head.position
      try await world.note()
      #expect(try await world.audit.head(of: world.company.id).head.position == before)
      try await world.note(
        ActivityDeed(.key, "Created a key"), by: .person(caller(world.ada, from: String(repeating: "f", count: 5_000))))
      let line = try #require(try await world.services.activity.activity(as: world.ada).lines.elements.first)
      #expect(
        line.actor == .person(world.ada.id, name: "Ada", address: String(repeating: "f", count: 100)))
    }
  }
}
