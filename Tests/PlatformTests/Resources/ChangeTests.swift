import Core
import Storage
import TestSupport
import Testing

@testable import Platform

/// Changes of a resource through the platform, on every engine: one transaction with ledger and activity. Rules.
@Suite("Changing and ending a resource")
struct ChangeTests {
  private static let small = Capacity.plan(Identifier("text-s"))
  private static let medium = Capacity.plan(Identifier("text-m"))

  private func state(_ id: ResourceID, _ world: World) async throws -> ResourceState {
    try await world.services.resources.resource(id, for: .seeResource, as: world.ada).state
  }

  private func provision(_ capacity: Capacity, _ world: World) async throws -> ResourceID {
    var request = world.request()
    request.capacity = capacity
    return try await world.provision(request)
  }

  private func activity(_ world: World) async throws -> Int64 {
    try await world.database.read { try $0.activityHead(of: world.company.id).position }
  }

  @Test("A-2: a downgrade waits for the month's end and is then in the ledger, whether or not a server ran")
  func downgrade() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(Self.medium, world)
      let end = try await state(id, world).refillsAt
      let outcome = try await resources.adjustCapacity(
        of: id, to: Self.small, revision: nil, idempotencyKey: "down", as: world.ada)
      #expect(outcome.effect == .scheduled && outcome.effectiveAt == end && outcome.tokensAtOnce == 0)
      #expect(try await state(id, world).status == .planDowngradeScheduled)
      world.clock.set(end.adding(milliseconds: -1))
      await Reconciler(world.context).reconcile()
      #expect(try await world.services.cloudTokens.page(as: world.ada).balance.available == 140)
      world.clock.set(end.adding(seconds: 3_600))
      #expect(try await state(id, world).capacity.capacity == Self.small)
      await Reconciler(world.context).reconcile()
      await Reconciler(world.context).reconcile()
      let page = try await world.services.cloudTokens.page(as: world.ada)
      #expect(page.balance.available == 170)
      #expect(page.transactions.elements.map(\.transaction) == ["Released", "Allocated", "Granted"])
      #expect(page.transactions.elements.first?.entry.effectiveAt == end)
      #expect(page.transactions.elements.map(\.remaining.count) == [170, 140, 200])
      #expect(try await world.ledgerProblems() == [])
    }
  }

  @Test("A-2, A-4: cancelling keeps the plan; an upgrade takes the place of a scheduled downgrade")
  func cancelled() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(Self.small, world)
      let up = try await resources.adjustCapacity(
        of: id, to: Self.medium, revision: nil, idempotencyKey: "up", as: world.ada)
      #expect(up.effect == .increase && up.tokensAtOnce == 30)
      _ = try await resources.adjustCapacity(
        of: id, to: Self.small, revision: nil, idempotencyKey: "down", as: world.ada)
      #expect(ResourceAction.menu(of: try await state(id, world)) == [.adjustPlan, .cancelDowngrade, .deprovision])
      _ = try await resources.cancelCapacityChange(of: id, idempotencyKey: "no", as: world.ada)
      #expect(try await state(id, world).status == .active)
      let again = await platformError {
        _ = try await resources.cancelCapacityChange(of: id, idempotencyKey: "no again", as: world.ada)
      }
      guard case .conflict = again else { throw Unexpected() }
      world.clock.advance(days: 70)
      #expect(try await state(id, world).capacity.capacity == Self.medium)
    }
  }

  @Test("A-1: lacking tokens refuse an upgrade and change nothing: facts, ledger and activity stay")
  func lackingTokens() async throws {
    try await withWorld(tokens: 59) { world in
      let id = try await provision(Self.small, world)
      let before = try await (state(id, world), activity(world))
      let error = await platformError {
        _ = try await world.services.resources.adjustCapacity(
          of: id, to: Self.medium, revision: nil, idempotencyKey: "up", as: world.ada)
      }
      guard case .refused(let reasons) = try #require(error) else { throw Unexpected() }
      #expect(reasons.count == 1 && reasons[0].contains("30 Cloud Tokens"))
      let after = try await (state(id, world), activity(world))
      #expect(before == after)
    }
  }

  @Test("A dry run says what would happen and leaves nothing behind; a repeated submit does nothing twice (R-6)")
  func dryRunAndRepeat() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(Self.small, world)
      let before = try await (state(id, world), activity(world))
      let dry = try await resources.adjustCapacity(
        of: id, to: Self.medium, revision: nil, idempotencyKey: "", mode: .dryRun, as: world.ada)
      #expect(dry.tokensAtOnce == 30 && dry.allowance.contains("5M input"))
      #expect(try await (state(id, world), activity(world)) == before)
      let first = try await resources.adjustCapacity(
        of: id, to: Self.medium, revision: before.0.revision, idempotencyKey: "up", as: world.ada)
      let second = try await resources.adjustCapacity(
        of: id, to: Self.medium, revision: before.0.revision, idempotencyKey: "up", as: world.ada)
      #expect(first == second)
      #expect(try await activity(world) == before.1 + 1)
      #expect(try await world.ledgerProblems() == [])
    }
  }

  @Test("A form of an earlier revision is told so; other companies' resources are not there; members may not (P-6)")
  func staleAndForeign() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(.units(30), world)
      let revision = try await state(id, world).revision
      world.clock.advance(seconds: 5)
      let edited = try await resources.edit(
        id, ResourceEdit(name: "Renamed"), capacity: .units(30), revision: revision, idempotencyKey: "a", as: world.ada)
      #expect(edited == EditOutcome(capacity: nil, hasChanged: true))
      let stale = await platformError {
        _ = try await resources.edit(
          id, ResourceEdit(name: "Again"), capacity: nil, revision: revision, idempotencyKey: "b", as: world.ada)
      }
      guard case .conflict(let sentence) = stale else { throw Unexpected() }
      #expect(sentence.contains("“Renamed” was changed while this form was open"))
      let foreign = await platformError {
        _ = try await resources.deprovision(id, idempotencyKey: "c", as: world.stranger)
      }
      guard case .notFound = foreign else { throw Unexpected() }
      try await world.context.write { try $0.addToTeam(world.bram.id, id, at: world.clock.now) }
      let member = await platformError {
        _ = try await resources.deprovision(id, idempotencyKey: "c", as: world.bram)
      }
      guard case .forbidden = member else { throw Unexpected() }
      let wrong = await platformError {
        _ = try await resources.edit(
          id, ResourceEdit(name: " "), capacity: .units(0), revision: nil, idempotencyKey: "d", as: world.ada)
      }
      guard case .invalid(let input) = wrong else { throw Unexpected() }
      #expect(input.problems.map(\.field) == ["name", "capacity"])
    }
  }

  @Test("A-3: a decrease that the month's consumption does not fit is scheduled, one that fits is immediate")
  func decrease() async throws {
    try await withWorld(running: Consumption(units: GenAIUnits(whole: 500))) { world in
      let resources = world.services.resources
      let id = try await provision(.units(30), world)
      try await world.use(id, input: 1_000_000)
      // 1,000 units used and 500 reserved: fourteen tokens are too few, fifteen enough.
      let later = try await resources.adjustCapacity(
        of: id, to: .units(14), revision: nil, idempotencyKey: "14", as: world.ada)
      #expect(later.effect == .scheduled)
      let now = try await resources.adjustCapacity(
        of: id, to: .units(15), revision: nil, idempotencyKey: "15", as: world.ada)
      #expect(now.effect == .decrease && now.tokensAtOnce == -15 && now.replacesScheduled)
      #expect(try await state(id, world).status == .active)
      #expect(try await world.services.cloudTokens.page(as: world.ada).balance.available == 185)
      #expect(try await world.ledgerProblems() == [])
    }
  }

  @Test("A-5, A-6: a resource works until its month's end; then its keys end and its tokens return")
  func deprovisioning() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(.units(30), world)
      let key = try await world.createKey(id)
      let end = try await state(id, world).refillsAt
      let outcome = try await resources.deprovision(
        id, idempotencyKey: "end", as: world.ada)
      #expect(outcome.ends.map(\.at) == [end])
      #expect(try await state(id, world).status == .deprovisioningScheduled)
      let locked = await platformError {
        _ = try await resources.adjustCapacity(
          of: id, to: .units(60), revision: nil, idempotencyKey: "more", as: world.ada)
      }
      guard case .conflict = locked else { throw Unexpected() }
      _ = try await resources.cancelDeprovisioning(of: id, idempotencyKey: "stay", as: world.ada)
      #expect(try await state(id, world).status == .active)
      world.clock.advance(seconds: 1)
      _ = try await resources.deprovision(id, idempotencyKey: "end 2", as: world.ada)
      world.clock.set(end)
      #expect(try await state(id, world).status == .deprovisioned)
      await Reconciler(world.context).reconcile()
      let revoked = try await world.database.read { try $0.key(key.key.id)?.revokedAt }
      #expect(revoked == end)
      #expect(try await resources.overview(as: world.ada).isEmpty)
      let row = try #require(try await resources.controlCenter(as: world.ada).rows.first)
      #expect(row.state.status == .deprovisioned && row.menu.isEmpty)
      #expect(
        try await world.services.cloudTokens.page(as: world.ada).balance == TokenBalance(total: 200, allocated: 0))
      #expect(try await world.ledgerProblems() == [])
    }
  }

  @Test("A-5: an embeddings resource ends only with the knowledge bases that were shown, decided under the lock")
  func together() async throws {
    try await withWorld(tokens: 400) { world in
      let resources = world.services.resources
      let search = try await world.embeddings()
      let manuals = try await world.knowledgeBase("Manuals", search)
      func end(_ together: Set<ResourceID>?) async throws -> [ResourceID] {
        try await resources.deprovision(
          search, together: together, idempotencyKey: world.submit(), as: world.ada
        ).ends.map(\.resource)
      }
      let preview = try await resources.deprovisioningPreview(of: search, as: world.ada)
      #expect(preview.ends.map(\.resource) == [manuals, search])
      #expect(try await state(manuals, world).scheduledDeprovisioning == nil, "a preview changes nothing")
      #expect(try await conflict { _ = try await end(nil) }.contains("can only be deprovisioned together with it"))
      let laws = try await world.knowledgeBase("Laws", search)
      #expect(try await conflict { _ = try await end([manuals]) }.contains("“Laws” would end as well. Look"))
      #expect(try await conflict { _ = try await end([]) }.contains("“Manuals”, “Laws” would end as well."))
      _ = try await resources.deprovision(manuals, idempotencyKey: "manuals", as: world.ada)
      let fewer = try await conflict { _ = try await end([manuals, laws]) }
      #expect(fewer.contains("“Manuals” would not."))
      #expect(try await state(laws, world).scheduledDeprovisioning == nil)
      #expect(try await end([laws]) == [laws, search])
    }
  }

  @Test("A-4: where the capacity can't change, the menu offers no cancellation of its change either")
  func menu() async throws {
    try await withWorld { world in
      let resources = world.services.resources
      let id = try await provision(Self.medium, world)
      _ = try await resources.adjustCapacity(
        of: id, to: Self.small, revision: nil, idempotencyKey: "down", as: world.ada)
      #expect(ResourceAction.menu(of: try await state(id, world)).contains(.cancelDowngrade))
      world.clock.advance(seconds: 1)
      _ = try await resources.deprovision(id, idempotencyKey: "end", as: world.ada)
      #expect(ResourceAction.menu(of: try await state(id, world)) == [.cancelDeprovisioning])
      let refused = try await conflict {
        _ = try await resources.cancelCapacityChange(of: id, idempotencyKey: "no", as: world.ada)
      }
      #expect(refused.contains("is scheduled for deprovisioning, so its capacity can't change."))
      #expect(try await state(id, world).scheduledChange != nil)
    }
  }

  @Test("G-20: every change is in the chain of activity, each line behind the hash of the one before")
  func chain() async throws {
    try await withWorld { world in
      let id = try await provision(Self.small, world)
      let before = try await activity(world)
      _ = try await world.services.resources.adjustCapacity(
        of: id, to: Self.medium, revision: nil, idempotencyKey: "up", as: world.ada)
      _ = try await world.services.resources.deprovision(
        id, idempotencyKey: "end", as: world.ada)
      #expect(try await activity(world) == before + 2)
    }
  }

  @Test("R-6: a submit key that cannot be kept is refused with a sentence, not by the database")
  func submitKeys() async throws {
    try await withWorld { world in
      for key in ["", "a\u{0}b", String(repeating: "x", count: 101)] {
        let problem = await platformError {
          _ = try await world.services.resources.provision(world.request(), idempotencyKey: key, as: world.ada)
        }
        #expect(problem == .invalid("idempotencyKey", "Open the form again: it has no valid submit key."), "\(key)")
      }
    }
  }
}
