import Core
import Synchronization

/// The rows of the Control Center's lists, kept until something of the company changes: ten thousand rows take longer
/// to make than a page may.
final class ControlCenterDirectory: Sendable {
  /// Companies kept at a time.
  static let limit = 50

  struct Rows: Sendable {
    let revision: Int64
    /// The instants `[from, until)` at which every row is as kept.
    let from: Instant
    let until: Instant
    let zone: CompanyZone
    /// In the order of provisioning, newest first.
    let rows: [ControlCenterRow]
  }

  private let kept = Mutex<[CompanyID: Rows]>([:])

  /// The rows of `standing` at `now`.
  func rows(of standing: CompanyStanding, at now: Instant, catalog: Catalog) -> [ControlCenterRow] {
    let id = standing.facts.company.id
    let known = kept.withLock { $0[id] }
    if let known, known.revision == standing.revision, known.from <= now, now < known.until { return known.rows }
    let made = Self.make(standing, at: now, catalog: catalog, from: known)
    kept.withLock { kept in
      if kept.count >= Self.limit { kept.removeAll() }
      kept[id] = made
    }
    return made.rows
  }

  /// Rows of `known` whose resources are as they were stay: making a row takes longer than comparing what it is made of.
  private static func make(
    _ standing: CompanyStanding, at now: Instant, catalog: Catalog, from known: Rows?
  ) -> Rows {
    let zone = standing.facts.zone
    let old = known.map { $0.zone == zone ? $0.rows : [] } ?? []
    let rows = standing.facts.resources.enumerated().reversed().compactMap { position, resource -> ControlCenterRow? in
      guard let state = standing.timeline.state(of: resource.id, at: now) else { return nil }
      // Later resources stand before it, so that a resource keeps its place counted from the end. A knowledge base shows
      // another one's name, and whether a marked resource will be suspended depends on others.
      if position < old.count, resource.embeddingsResource == nil, !state.isMarked,
        old[old.count - 1 - position].state == state
      {
        return old[old.count - 1 - position]
      }
      return ControlCenterRow(state, standing, at: now, catalog)
    }
    let refill = rows.lazy.filter { $0.state.endedAt == nil }.map(\.state.refillsAt).min()
    let effect = standing.timeline.nextEffect(after: now)
    return Rows(
      revision: standing.revision, from: now, until: [refill, effect].compactMap { $0 }.min() ?? .distantFuture,
      zone: zone, rows: rows)
  }
}
