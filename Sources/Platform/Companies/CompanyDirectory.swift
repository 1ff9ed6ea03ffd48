import Core
import Storage
import Synchronization

/// Companies as last read, kept in memory: replaying the facts of ten thousand resources takes longer than a page may.
///
/// Never stale: each use compares the revision that the database has in the same transaction. Rule A-7.
final class CompanyDirectory: Sendable {
  /// Resources of all kept companies together; where there are more, those that were not asked for longest are dropped.
  private let limit: Int
  private let kept = Mutex(Kept())
  private let reading = Mutex(())

  init(limit: Int = 100_000) { self.limit = limit }

  /// The companies in memory.
  var keeps: Set<CompanyID> { Set(kept.withLock { $0.standings.keys }) }

  private struct Kept {
    var standings: [CompanyID: (standing: CompanyStanding, use: Int)] = [:]
    /// When something takes effect next, by how far the facts had come.
    var effects: [CompanyID: (state: Transaction.FactsState, next: Instant?)] = [:]
    private var uses = 0

    mutating func standing(of id: CompanyID) -> CompanyStanding? {
      uses += 1
      standings[id]?.use = uses
      return standings[id]?.standing
    }

    mutating func keep(_ standing: CompanyStanding, limit: Int) {
      uses += 1
      standings[standing.facts.company.id] = (standing, uses)
      var resources = standings.values.reduce(0) { $0 + $1.standing.facts.resources.count }
      while resources > limit, standings.count > 1, let oldest = standings.min(by: { $0.value.use < $1.value.use }) {
        resources -= oldest.value.standing.facts.resources.count
        standings[oldest.key] = nil
      }
    }
  }

  /// The company as `transaction` sees it; nil where there is none. From what is kept, only what was recorded since is
  /// read and derived.
  func standing(of id: CompanyID, _ transaction: Transaction) throws -> CompanyStanding? {
    try standing(of: id, transaction, keeps: false)
  }

  private func standing(of id: CompanyID, _ transaction: Transaction, keeps: Bool) throws -> CompanyStanding? {
    guard let state = try transaction.factsState(of: id) else { return nil }
    if let known = kept.withLock({ $0.standing(of: id) }), known.settledAt <= state.settledAt {
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
    // One after the other: several at once would read the same long history, and need memory for each.
    return try reading.withLock { _ in
      if let known = kept.withLock({ $0.standing(of: id) }), known.revision == state.revision,
        known.settledAt == state.settledAt
      {
        return known
      }
      guard let facts = try transaction.companyFacts(id) else { return nil }
      let standing = CompanyStanding(facts, revision: state.revision, settledAt: state.settledAt)
      if keeps { keep(standing) }
      return standing
    }
  }

  /// The same, kept for the next one: for transactions that see only what was committed.
  func keptStanding(of id: CompanyID, _ transaction: Transaction) throws -> CompanyStanding? {
    guard let standing = try standing(of: id, transaction, keeps: true) else { return nil }
    keep(standing)
    return standing
  }

  private func keep(_ standing: CompanyStanding) {
    kept.withLock { kept in
      if let known = kept.standing(of: standing.facts.company.id),
        (known.revision, known.settledAt) >= (standing.revision, standing.settledAt)
      {
        return
      }
      kept.keep(standing, limit: limit)
    }
  }

  /// When something of the company takes effect next that is not entered yet; nil where nothing will. Needs the company
  /// in memory only after something changed. Rule A-7.
  func nextEffect(of id: CompanyID, _ transaction: Transaction) throws -> Instant? {
    guard let state = try transaction.factsState(of: id) else { return nil }
    if let known = kept.withLock({ $0.effects[id] }), known.state == state { return known.next }
    guard let standing = try keptStanding(of: id, transaction) else { return nil }
    let next = standing.timeline.nextEffect(after: state.settledAt)
    kept.withLock { $0.effects[id] = (state, next) }
    return next
  }
}
