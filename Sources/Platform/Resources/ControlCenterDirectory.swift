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
    /// In the order of provisioning, newest first.
    let rows: [ControlCenterRow]
  }

  private let kept = Mutex<[CompanyID: Rows]>([:])

  /// The rows of `standing` at `now`.
  func rows(of standing: CompanyStanding, at now: Instant, catalog: Catalog) -> [ControlCenterRow] {
    let id = standing.facts.company.id
    if let known = kept.withLock({ $0[id] }), known.revision == standing.revision, known.from <= now,
      now < known.until
    {
      return known.rows
    }
    let made = Self.make(standing, at: now, catalog: catalog)
    kept.withLock { kept in
      if kept.count >= Self.limit { kept.removeAll() }
      kept[id] = made
    }
    return made.rows
  }

  private static func make(_ standing: CompanyStanding, at now: Instant, catalog: Catalog) -> Rows {
    let rows = standing.facts.resources.reversed().compactMap { resource -> ControlCenterRow? in
      guard let state = standing.timeline.state(of: resource.id, at: now) else { return nil }
      return ControlCenterRow(state, standing, catalog)
    }
    let refill = rows.filter { $0.state.endedAt == nil }.map(\.state.refillsAt).min()
    let effect = standing.timeline.nextEffect(after: now)
    return Rows(
      revision: standing.revision, from: now, until: [refill, effect].compactMap { $0 }.min() ?? .distantFuture,
      rows: rows)
  }
}
