import Core
import Storage

extension PlatformContext {
  /// Enters what became due in the company that `find` gives, in a transaction of its own; reads only where nothing is.
  /// What is shown afterwards is complete to the moment. Rule A-7.
  func settleIfDue(in find: @escaping @Sendable (Transaction) throws -> CompanyID) async throws {
    let due = try await read { transaction -> CompanyID? in
      let company = try find(transaction)
      return try companies.nextEffect(of: company, transaction).map { $0 <= clock.now() } == true ? company : nil
    }
    guard let due else { return }
    try await write(locking: .company(due)) { transaction in
      guard let standing = try companies.keptStanding(of: due, transaction) else { return }
      try settle(standing, upTo: clock.now(), transaction)
    }
  }

  /// Enters what took effect because time passed and is not entered yet: ledger entries, activity, and the end of the
  /// keys of deprovisioned resources. Idempotent. Call it in a write that locks the company. Rules T-3, A-6, A-7.
  func settle(_ standing: CompanyStanding, upTo instant: Instant, _ transaction: Transaction) throws {
    let company = standing.facts.company.id
    let settledAt = try transaction.settledAt(of: company)
    let due = standing.timeline.movements(after: settledAt, upTo: instant)
    if !due.isEmpty {
      let entries = due.map { movement in
        movement.entry(id: random.identifier(), company: company, pack: pack(of: movement, standing))
      }
      try transaction.append(LedgerLine.lines(of: entries, after: try transaction.lastLedgerLine(of: company)))
    }
    for effect in standing.timeline.effects(after: settledAt, upTo: instant) {
      if case .deprovisioned(let id) = effect.kind { try transaction.revokeKeys(of: id, at: effect.at) }
      try appendActivity([deed(of: effect, standing)], of: company, actor: .schedule, at: effect.at, transaction)
    }
    if let last = standing.timeline.lastEffect(upTo: instant) { try transaction.setSettled(company, at: last) }
  }

  /// The same for a company that was written to in `transaction`; nothing is recorded up to `instant` any more.
  func settle(_ company: CompanyID, upTo instant: Instant, _ transaction: Transaction) throws {
    guard let standing = try companies.standing(of: company, transaction) else { return }
    try settle(standing, upTo: instant, transaction)
    try transaction.setSettled(company, at: instant)
  }

  /// Rule T-4: the capacity that the resource has from then on, or had until it gave its tokens back.
  private func pack(of movement: TokenMovement, _ standing: CompanyStanding) -> String {
    guard case .resource(let id) = movement.source,
      let state = standing.timeline.state(of: id, at: movement.effectiveAt)
    else { return "Contract" }
    return Provisioning.packLabel(state.resource.type, state.capacity.capacity, state.allowance, catalog)
  }

  private func deed(of effect: CompanyTimeline.Effect, _ standing: CompanyStanding) -> ActivityDeed {
    func tokens(_ id: Identifier<Contract>) -> String {
      standing.facts.contracts.first { $0.id == id }?.tokens.inWords ?? "Cloud Tokens"
    }
    func state(_ id: ResourceID) -> ResourceState? { standing.timeline.state(of: id, at: effect.at) }
    func name(_ id: ResourceID) -> String { state(id)?.resource.name ?? id.text }
    switch effect.kind {
    case .contractBegan(let id): return ActivityDeed(.contract, "A contract over \(tokens(id)) began")
    case .contractEnded(let id): return ActivityDeed(.contract, "A contract over \(tokens(id)) ended")
    case .capacityChanged(let id):
      let label = state(id).map { catalog.planLabel($0) } ?? ""
      return ActivityDeed(.capacity, resource: id, "The scheduled change of “\(name(id))” to \(label) took effect")
    case .marked(let id):
      let day = state(id)?.suspendsAt.map { standing.facts.zone.day(of: $0).description } ?? ""
      return ActivityDeed(
        .capacity, resource: id,
        "“\(name(id))” will be suspended on \(day) unless Cloud Tokens return, because the contracts grant too few")
    case .suspended(let id):
      return ActivityDeed(
        .capacity, resource: id,
        "“\(name(id))” was suspended, because the contracts grant too few "
          + "Cloud Tokens")
    case .resumed(let id):
      return ActivityDeed(.capacity, resource: id, "“\(name(id))” resumed, because Cloud Tokens returned")
    case .deprovisioned(let id):
      return ActivityDeed(.capacity, resource: id, "“\(name(id))” was deprovisioned")
    }
  }
}
