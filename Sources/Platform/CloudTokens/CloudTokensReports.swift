public import Core
import Storage

/// The "Cloud Tokens" page. Rule T-4.
public struct CloudTokensReports: Sendable {
  /// Movements that are announced, at most.
  static let longestOutlook = 100

  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// The figures, contracts and transactions. ``PlatformError/forbidden(_:)`` for all but company admins.
  public func page(_ query: TransactionQuery = TransactionQuery(), as caller: Caller) async throws -> CloudTokensPage {
    let context = context
    try await context.settleIfDue {
      try $0.authorizedStanding(for: .seeCloudTokens, as: caller, context).facts.company.id
    }
    return try await context.read { transaction in
      let standing = try transaction.authorizedStanding(for: .seeCloudTokens, as: caller, context)
      let company = standing.facts.company.id
      let now = standing.now(context.clock)
      let rows = context.controlCenter.rows(of: standing, at: now, catalog: context.catalog)
      let counts = try context.ledgers.counts(of: company, transaction)
      let lines = try transaction.ledgerPage(query, of: standing, counts: counts)
      return CloudTokensPage(
        company: CompanyView(standing.facts), balance: standing.timeline.balance(at: now),
        contracts: standing.facts.contracts.map { ContractRow($0, zone: standing.facts.zone, at: now) },
        allocation: AllocationRow.all(rows), marked: rows.filter { $0.suspensionDay != nil },
        outlook: Self.outlook(standing, after: now),
        transactions: Page(
          elements: lines.map { TransactionRow($0, standing, at: now) }, number: query.page,
          size: TransactionQuery.pageSize, totalElements: counts.total(query.kind)))
    }
  }

  /// Tokens that come back and contracts that begin or end, soonest first, if nothing is recorded until then. Rule T-4.
  private static func outlook(_ standing: CompanyStanding, after now: Instant) -> [OutlookRow] {
    standing.timeline.movements(after: now, first: longestOutlook).map { movement in
      let resource: ResourceState? =
        switch movement.source {
        case .contract: nil
        case .resource(let id): standing.timeline.state(of: id, at: movement.effectiveAt)
        }
      return OutlookRow(movement: movement, day: standing.facts.zone.day(of: movement.effectiveAt), resource: resource)
    }
  }
}

extension ContractRow {
  init(_ contract: Contract, zone: CompanyZone, at now: Instant) {
    self.init(
      contract: contract, startDay: zone.day(of: contract.startsAt), endDay: zone.day(of: contract.endsAt),
      isInForce: contract.isInForce(at: now), isOver: contract.endsAt <= now,
      daysLeft: max(0, zone.day(of: contract.endsAt).number - zone.day(of: now).number))
  }
}

extension AllocationRow {
  /// Those that hold tokens, the largest first.
  static func all(_ rows: [ControlCenterRow]) -> [AllocationRow] {
    rows.map { AllocationRow(resource: $0.resource, tokens: $0.state.tokens) }
      .filter { $0.tokens > .zero }
      .sorted { ($1.tokens, $0.resource.name, $0.resource.id) < ($0.tokens, $1.resource.name, $1.resource.id) }
  }
}

extension TransactionRow {
  init(_ line: LedgerLine, _ standing: CompanyStanding, at now: Instant) {
    let entry = line.entry
    self.init(
      entry: entry, date: standing.facts.zone.day(of: entry.effectiveAt),
      app: entry.resourceID.flatMap { standing.timeline.state(of: $0, at: now)?.resource.name },
      transaction: entry.kind.label, pack: entry.pack, tokens: entry.availableChange, remaining: line.remaining)
  }
}
