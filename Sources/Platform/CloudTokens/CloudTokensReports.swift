public import Core
import Storage

/// The "Cloud Tokens" page. Rule T-4.
public struct CloudTokensReports: Sendable {
  let context: PlatformContext

  init(_ context: PlatformContext) { self.context = context }

  /// The figures, contracts and transactions. ``PlatformError/forbidden(_:)`` for all but company admins.
  public func page(_ query: TransactionQuery = TransactionQuery(), as caller: Caller) async throws -> CloudTokensPage {
    let now = context.clock.now()
    let facts = try await context.read { try $0.homeFacts(for: .seeCloudTokens, as: caller) }
    let timeline = CompanyTimeline(facts)
    return CloudTokensPage(
      company: CompanyView(facts), balance: timeline.balance(at: now),
      contracts: facts.contracts.map { ContractRow($0, zone: facts.zone, at: now) },
      allocation: facts.resources
        .map { AllocationRow(resource: $0, tokens: timeline.state(of: $0.id, at: now)?.tokens ?? .zero) }
        .filter { $0.tokens > .zero }
        .sorted { ($1.tokens, $0.resource.name, $0.resource.id) < ($0.tokens, $1.resource.name, $1.resource.id) },
      transactions: query.page(of: Self.rows(facts, at: now)))
  }

  /// The movements that have taken effect, newest first.
  private static func rows(_ facts: CompanyFacts, at now: Instant) -> [TransactionRow] {
    let names = Dictionary(facts.resources.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    return TokenLedger(facts.ledger).transactions(upTo: now).map { transaction in
      let entry = transaction.entry
      return TransactionRow(
        entry: entry, date: facts.zone.day(of: entry.effectiveAt), app: entry.resourceID.flatMap { names[$0] },
        transaction: entry.kind.label, pack: entry.pack, tokens: entry.availableChange,
        remaining: transaction.remaining)
    }
  }
}

extension ContractRow {
  init(_ contract: Contract, zone: CompanyZone, at now: Instant) {
    self.init(
      contract: contract, startDay: zone.day(of: contract.startsAt), endDay: zone.day(of: contract.endsAt),
      isInForce: contract.isInForce(at: now))
  }
}

extension TransactionQuery {
  /// Filtered, sorted and cut. Equal rows keep the order of time, the newest first.
  func page(of rows: [TransactionRow]) -> Page<TransactionRow> {
    let kept = rows.filter { kind == nil || $0.entry.kind == kind }
    let sorted = kept.enumerated().sorted { a, b in
      if isBefore(a.element, b.element) { return isAscending }
      if isBefore(b.element, a.element) { return !isAscending }
      // Rows come newest first; going up through dates means going back through them.
      return sort == .date && isAscending ? a.offset > b.offset : a.offset < b.offset
    }
    let first = min(sorted.count, page * Self.pageSize)
    return Page(
      elements: sorted.dropFirst(first).prefix(Self.pageSize).map(\.element), number: page,
      size: Self.pageSize, totalElements: sorted.count)
  }

  private func isBefore(_ a: TransactionRow, _ b: TransactionRow) -> Bool {
    switch sort {
    case .date: a.entry.effectiveAt < b.entry.effectiveAt
    case .app: (a.app ?? "").lowercased() < (b.app ?? "").lowercased()
    case .transaction: a.transaction < b.transaction
    case .pack: a.pack < b.pack
    case .tokens: a.tokens < b.tokens
    case .remaining: a.remaining < b.remaining
    }
  }
}
