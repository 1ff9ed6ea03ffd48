import Core
import Storage
import Synchronization

/// Companies as last read, kept in memory: replaying the facts of ten thousand resources takes longer than a page may.
///
/// Never stale: each use compares the revision that the database has in the same transaction. Rule A-7.
final class CompanyDirectory: Sendable {
  /// Resources of all kept companies together; where there are more, all are dropped and read anew.
  static let limit = 100_000

  private let kept = Mutex<[CompanyID: CompanyStanding]>([:])

  /// The company as `transaction` sees it; nil where there is none. From what is kept, only what was recorded since is
  /// read and derived.
  func standing(of id: CompanyID, _ transaction: Transaction) throws -> CompanyStanding? {
    guard let state = try transaction.factsState(of: id) else { return nil }
    if let known = kept.withLock({ $0[id] }), known.settledAt <= state.settledAt {
      if known.revision == state.revision {
        return known.settledAt == state.settledAt ? known : known.settled(at: state.settledAt)
      }
      if known.revision < state.revision, let later = try transaction.laterFacts(of: id, after: known.settledAt),
        // In another zone every day and month would be another one.
        later.company.timeZone == known.facts.company.timeZone
      {
        return known.adding(later, revision: state.revision, settledAt: state.settledAt)
      }
    }
    guard let facts = try transaction.companyFacts(id) else { return nil }
    return CompanyStanding(facts, revision: state.revision, settledAt: state.settledAt)
  }

  /// The same, kept for the next one: for transactions that see only what was committed.
  func keptStanding(of id: CompanyID, _ transaction: Transaction) throws -> CompanyStanding? {
    guard let standing = try standing(of: id, transaction) else { return nil }
    kept.withLock { kept in
      if let known = kept[id], (known.revision, known.settledAt) >= (standing.revision, standing.settledAt) { return }
      let others = kept.reduce(0) { $0 + ($1.key == id ? 0 : $1.value.facts.resources.count) }
      if others + standing.facts.resources.count > Self.limit { kept.removeAll() }
      kept[id] = standing
    }
    return standing
  }
}
