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
      let before = try #require(try await world.database.read { try $0.factsState(of: world.company.id) })
      for step in 0..<80 {
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
      let after = try #require(try await world.database.read { try $0.factsState(of: world.company.id) })
      #expect(after.revision - before.revision > 15, "most changes are carried out, seed \(seed)")
    }
  }

  /// One thing that somebody, or time, does; the new resource where there is one.
  private func change(
    _ id: ResourceID, _ key: String, _ mode: ChangeMode, _ world: World, _ random: inout SeededRandom
  ) async throws -> ResourceID? {
    let resources = world.services.resources
    switch Int.random(in: 0..<12, using: &random) {
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
        id, idempotencyKey: key, mode: mode, as: world.ada)
    case 5: _ = try await resources.cancelDeprovisioning(of: id, idempotencyKey: key, mode: mode, as: world.ada)
    case 6: _ = try await resources.cancelCapacityChange(of: id, idempotencyKey: key, mode: mode, as: world.ada)
    case 7: try await grant(key, world, &random)
    case 8: try await subscribe(world, &random)
    case 9: try await rename(key, world)
    case 10: world.clock.advance(days: Int64.random(in: 1...40, using: &random))
    default: await Reconciler(world.context).reconcile()
    }
    return nil
  }

  private func grant(_ key: String, _ world: World, _ random: inout SeededRandom) async throws {
    let days = Int64.random(in: 20...200, using: &random)
    try await company(world) { work in
      try work.transaction.insert(
        Contract(
          id: Identifier("contract-\(key)"), companyID: world.company.id, tokens: 40, startsAt: work.now,
          endsAt: work.now.adding(milliseconds: days * 86_400_000), recordedAt: work.now))
    }
  }

  private func subscribe(_ world: World, _ random: inout SeededRandom) async throws {
    let isActive = Bool.random(using: &random)
    try await company(world) { work in
      let accounts = work.facts.accounts.map { account in
        PlatformAccount(
          id: account.id, companyID: account.companyID,
          subscriptions: account.subscriptions.map {
            PlatformAccount.Subscription(
              isEnterprise: $0.isEnterprise, isActive: isActive, priceListYear: $0.priceListYear)
          })
      }
      try work.transaction.replacePlatformAccounts(of: world.company.id, by: accounts)
    }
  }

  private func rename(_ key: String, _ world: World) async throws {
    try await company(world) { work in
      var company = work.facts.company
      company.name = "Northwind \(key)"
      try work.transaction.update(company)
    }
  }

  private func company(
    _ world: World, _ body: @escaping @Sendable (inout CompanyWork) throws -> Void
  ) async throws {
    _ = try await world.context.change(
      world.company.id, as: .operator, scope: "test", idempotencyKey: world.context.random.text(length: 12)
    ) { work in
      try body(&work)
      return true
    }
  }

  @Test("A reader that begins one millisecond late is noticed: the comparison can fail")
  func canary() async throws {
    try await withWorld { world in
      let id = try await world.provision()
      let read: @Sendable (Transaction) throws -> CompanyStanding? = {
        try world.context.companies.keptStanding(of: world.company.id, $0)
      }
      let known = try #require(try await world.database.read(read))
      _ = try await world.services.resources.adjustCapacity(
        of: id, to: .units(40), revision: nil, idempotencyKey: "more", as: world.ada)
      let (state, exact, late) = try await world.database.read { transaction in
        (
          try transaction.factsState(of: world.company.id),
          try transaction.laterFacts(of: world.company.id, after: known.settledAt),
          try transaction.factsState(of: world.company.id).flatMap {
            try transaction.laterFacts(of: world.company.id, after: $0.settledAt)
          }
        )
      }
      let now = try #require(state).settledAt
      func tokens(_ later: LaterFacts?) throws -> CloudTokens? {
        known.adding(try #require(later), revision: known.revision + 1, settledAt: now)
          .timeline.state(of: id, at: now)?.tokens
      }
      #expect(try tokens(exact) == 40)
      #expect(try tokens(late) == 30)
    }
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
