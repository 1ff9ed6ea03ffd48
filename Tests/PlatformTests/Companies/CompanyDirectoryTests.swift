import Core
import Storage
import TestSupport
import Testing

@testable import Platform

/// What is kept of a company is what would be read anew, whatever happens to it. Rule A-7.
@Suite("Companies in memory")
struct CompanyDirectoryTests {
  private static let capacities: [Capacity] = [
    .units(5), .units(12), .units(30), .plan(Identifier("text-s")), .plan(Identifier("text-m")),
  ]

  @Test("After any change, dry run or passing of time, what is kept is what a new reader finds")
  func kept() async throws {
    try await withWorld(tokens: 400) { world in
      var random = SeededRandom.fresh()
      let seed = random.seed
      var ids = [try await world.provision()]
      for step in 0..<60 {
        let mode: ChangeMode = Int.random(in: 0..<4, using: &random) == 0 ? .dryRun : .commit
        let id = random.pick(ids)
        do {
          let new = try await change(id, "\(step)", mode, world, &random)
          if let new { ids.append(new) }
        } catch is PlatformError {
          // Refused as it may be: nothing must have changed.
        }
        try await compare(world, "step \(step), seed \(seed)")
      }
      #expect(try await world.ledgerProblems() == [])
    }
  }

  /// One thing that somebody, or time, does; the new resource where there is one.
  private func change(
    _ id: ResourceID, _ key: String, _ mode: ChangeMode, _ world: World, _ random: inout SeededRandom
  ) async throws -> ResourceID? {
    let resources = world.services.resources
    switch Int.random(in: 0..<9, using: &random) {
    case 0:
      let outcome = try await resources.provision(
        world.request("Resource \(key)", tokens: 10), idempotencyKey: key, mode: mode, as: world.ada)
      return mode == .commit ? outcome.resource : nil
    case 1, 2:
      _ = try await resources.adjustCapacity(
        of: id, to: random.pick(Self.capacities), revision: nil, idempotencyKey: key, mode: mode, as: world.ada)
    case 3:
      _ = try await resources.edit(
        id, ResourceEdit(name: "Name \(key)"), capacity: nil, revision: nil, idempotencyKey: key, mode: mode,
        as: world.ada)
    case 4:
      _ = try await resources.deprovision(
        id, withKnowledgeBases: true, idempotencyKey: key, mode: mode, as: world.ada)
    case 5: _ = try await resources.cancelDeprovisioning(of: id, idempotencyKey: key, mode: mode, as: world.ada)
    case 6: _ = try await resources.cancelCapacityChange(of: id, idempotencyKey: key, mode: mode, as: world.ada)
    case 7: world.clock.advance(days: Int64.random(in: 1...40, using: &random))
    default: await Reconciler(world.context).reconcile()
    }
    return nil
  }

  private func compare(_ world: World, _ place: String) async throws {
    let (context, company) = (world.context, world.company.id)
    let (kept, fresh) = try await world.database.read { transaction in
      (
        try context.companies.keptStanding(of: company, transaction),
        try CompanyDirectory().standing(of: company, transaction)
      )
    }
    guard let kept, let fresh else { throw Unexpected() }
    #expect(kept.revision == fresh.revision && kept.settledAt == fresh.settledAt, "\(place)")
    #expect(kept.facts == fresh.facts, "\(place)")
    let now = fresh.now(context.clock)
    for instant in [now, now.adding(milliseconds: 20 * 86_400_000), now.adding(milliseconds: 500 * 86_400_000)] {
      #expect(kept.timeline.balance(at: instant) == fresh.timeline.balance(at: instant), "\(place)")
      #expect(kept.timeline.nextEffect(after: instant) == fresh.timeline.nextEffect(after: instant), "\(place)")
      for resource in fresh.facts.resources {
        let id = resource.id
        #expect(kept.timeline.state(of: id, at: instant) == fresh.timeline.state(of: id, at: instant), "\(place)")
      }
    }
    let far = Instant.distantFuture
    #expect(
      Array(kept.timeline.movements(after: now, upTo: far)) == Array(fresh.timeline.movements(after: now, upTo: far)),
      "\(place)")
    let rows = context.controlCenter.rows(of: kept, at: now, catalog: context.catalog)
    let made = ControlCenterDirectory().rows(of: fresh, at: now, catalog: context.catalog)
    #expect(rows.map { "\($0)" } == made.map { "\($0)" }, "\(place)")
  }
}
