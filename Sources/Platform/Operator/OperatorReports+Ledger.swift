import Core
import Storage

extension OperatorReports {
  /// Recomputes the ledger of one company, or of all, from its facts, and tells every difference. Rule T-3.
  public func verifyLedger(of reference: String?) async throws -> [LedgerReport] {
    let companies = try await database.read { transaction in
      try reference.map { [try transaction.company(named: $0)] } ?? transaction.companies()
    }
    var reports: [LedgerReport] = []
    // One company at a time: the facts of all might not fit the memory.
    for company in companies {
      let report = try await database.read { transaction -> LedgerReport? in
        guard let facts = try transaction.companyFacts(company.id) else { return nil }
        let lines = try transaction.ledger(of: company.id)
        let settledAt = try transaction.settledAt(of: company.id)
        return LedgerReport(
          facts, lines: lines, settledAt: settledAt,
          otherAmounts: try transaction.ledgerEntriesOfOtherAmount(of: company.id))
      }
      if let report { reports.append(report) }
    }
    return reports
  }
}

/// What `packhouse ledger verify` found in one company.
public struct LedgerReport: Codable, Hashable, Sendable {
  public let company: String
  public let companyName: String
  /// Ledger entries that were read.
  public let entries: Int
  /// Up to when the ledger is complete; what became due since then is entered with the next change.
  public let completeUpTo: String
  /// What the entries leave available.
  public let available: Int64
  public let agrees: Bool
  /// One sentence for each difference, at most ``mostDifferences``.
  public let differences: [String]
  /// How many more there are.
  public let furtherDifferences: Int

  static let mostDifferences = 100

  init(_ facts: CompanyFacts, lines: [LedgerLine], settledAt: Instant, otherAmounts: [String]) {
    company = facts.company.id.text
    companyName = facts.company.name
    entries = lines.count
    completeUpTo = settledAt.utcText
    available = lines.last?.remaining.count ?? 0
    let found =
      LedgerVerification.problems(in: facts, lines: lines, settledAt: settledAt)
      + otherAmounts.map { "Ledger entry \($0) is sorted by another amount than it moves." }
    differences = Array(found.prefix(Self.mostDifferences))
    furtherDifferences = found.count - differences.count
    agrees = found.isEmpty
  }
}
