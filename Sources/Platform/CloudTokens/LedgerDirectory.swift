import Core
import Storage
import Synchronization

/// How many lines the ledgers have, kept in memory: counting a million takes longer than a page may. A ledger is only
/// ever appended to, so each use counts what came since.
final class LedgerDirectory: Sendable {
  /// Companies kept at a time.
  static let limit = 50

  private let kept = Mutex<[CompanyID: LedgerCounts]>([:])

  /// The counts as `transaction` sees them.
  func counts(of company: CompanyID, _ transaction: Transaction) throws -> LedgerCounts {
    let last = try transaction.lastLedgerLine(of: company)?.position ?? 0
    var counts = kept.withLock { $0[company] } ?? LedgerCounts()
    // A transaction that began before another one's count sees fewer lines.
    if counts.upTo > last { counts = LedgerCounts() }
    if counts.upTo == last { return counts }
    counts.add(try transaction.ledgerCounts(of: company, after: counts.upTo), upTo: last)
    kept.withLock { [counts] kept in
      if kept.count >= Self.limit, kept[company] == nil { kept.removeAll() }
      if let known = kept[company], known.upTo > counts.upTo { return }
      kept[company] = counts
    }
    return counts
  }
}

/// How many lines of a ledger there are of each resource and kind.
struct LedgerCounts: Sendable {
  /// The position of the last line that is counted.
  private(set) var upTo: Int64 = 0
  private var lines: [ResourceID?: [LedgerEntry.Kind: Int]] = [:]
  private var totals: [LedgerEntry.Kind: Int] = [:]

  mutating func add(_ counts: [LedgerCount], upTo: Int64) {
    for count in counts {
      lines[count.resource, default: [:]][count.kind, default: 0] += count.lines
      totals[count.kind, default: 0] += count.lines
    }
    self.upTo = upTo
  }

  /// Of one kind, or of all.
  func total(_ kind: LedgerEntry.Kind?) -> Int { Self.total(totals, kind) }

  /// Of one resource, or (nil) of the contracts.
  func total(of resource: ResourceID?, _ kind: LedgerEntry.Kind?) -> Int { Self.total(lines[resource] ?? [:], kind) }

  private static func total(_ counts: [LedgerEntry.Kind: Int], _ kind: LedgerEntry.Kind?) -> Int {
    kind.map { counts[$0] ?? 0 } ?? counts.values.reduce(0, +)
  }
}
