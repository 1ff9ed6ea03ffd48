import Core
import TestSupport
import Testing

@testable import Platform
@testable import Storage

@Suite("Companies in memory, when there are many")
struct CompanyDirectoryLimitTests {
  @Test("The company that was not asked for longest makes room, and is read again where it is asked for")
  func limit() async throws {
    try await withWorld { world in
      for number in 0..<3 { try await world.provision(world.request("Resource \(number)", tokens: 1)) }
      let other = try #require(world.stranger.user.companyID)
      let directory = CompanyDirectory(limit: 3)
      func use(_ id: CompanyID) async throws -> CompanyStanding {
        try #require(try await world.database.read { try directory.keptStanding(of: id, $0) })
      }
      #expect(try await use(world.company.id).facts.resources.count == 3)
      #expect(try await use(other).facts.resources.isEmpty, "an empty one takes no room")
      #expect(directory.keeps == [world.company.id, other])
      let small = CompanyDirectory(limit: 2)
      for id in [other, world.company.id] {
        _ = try await world.database.read { try small.keptStanding(of: id, $0) }
      }
      #expect(small.keeps == [world.company.id], "what was used last stays, however large")
      _ = try await world.database.read { try small.keptStanding(of: other, $0) }
      #expect(small.keeps == [other])
    }
  }

  @Test("One company that cannot be read keeps no other from being settled (A-7)")
  func unreadable() async throws {
    try await withWorld { world in
      let other = try #require(world.stranger.user.companyID)
      // As if the machine had lost the zone's data; the name is the first in the list.
      try await world.database.write { transaction in
        _ = try transaction.execute(
          "UPDATE companies SET name = 'A', time_zone = 'Nowhere/Lost', revision = revision + 1 WHERE id = ?1",
          [SQLValue(other)])
      }
      await #expect(throws: DatabaseProblem.self) {
        try await world.database.read { _ = try CompanyDirectory().standing(of: other, $0) }
      }
      world.clock.advance(days: 400)
      await Reconciler(world.context).reconcile()
      let kinds = try await world.database.read { try $0.ledger(of: world.company.id) }.map(\.entry.kind)
      #expect(kinds == [.granted, .expired])
    }
  }
}
