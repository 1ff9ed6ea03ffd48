import Core
import Storage

extension Transaction {
  /// One page of a company's ledger. Rule T-4.
  func ledgerPage(
    _ query: TransactionQuery, of standing: CompanyStanding, counts: LedgerCounts
  ) throws -> [LedgerLine] {
    let company = standing.facts.company.id
    let offset = query.page * TransactionQuery.pageSize
    guard let order = query.sort.ledgerOrder else {
      return try linesByApp(query, offset: offset, of: standing, counts: counts)
    }
    return try ledgerLines(
      of: company,
      LedgerQuery(
        kind: query.kind, order: order, isAscending: query.isAscending, offset: offset, limit: TransactionQuery.pageSize
      ),
      total: counts.total(query.kind))
  }

  /// By the present names of the resources; contracts, which have none, are the first. The page is found by counting, so
  /// that a million lines need not be sorted by names that change.
  private func linesByApp(
    _ query: TransactionQuery, offset: Int, of standing: CompanyStanding, counts: LedgerCounts
  ) throws -> [LedgerLine] {
    let named = standing.facts.resources.sorted { ($0.name, $0.id) < ($1.name, $1.id) }.map { Optional($0.id) }
    let order = query.isAscending ? [nil] + named : named.reversed() + [nil]
    var lines: [LedgerLine] = []
    var skipped = 0
    for resource in order where lines.count < TransactionQuery.pageSize {
      let total = counts.total(of: resource, query.kind)
      let start = max(0, offset - skipped)
      skipped += total
      guard start < total else { continue }
      lines += try ledgerLines(
        of: standing.facts.company.id,
        LedgerQuery(
          kind: query.kind, source: .resource(resource), isAscending: query.isAscending, offset: start,
          limit: TransactionQuery.pageSize - lines.count), total: total)
    }
    return lines
  }
}

extension TransactionQuery.Column {
  /// Nil for the name of the app, which is no part of a line.
  fileprivate var ledgerOrder: LedgerQuery.Order? {
    switch self {
    case .date: .position
    case .app: nil
    case .transaction: .kind
    case .pack: .pack
    case .tokens: .amount
    case .remaining: .remaining
    }
  }
}
