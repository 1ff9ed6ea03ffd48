import Core
public import Storage
import Synchronization

/// The resources that calls ask for, kept in memory until the change feed names them. Decision 7.
public final class ResourceDirectory: Sendable {
  /// Resources kept at a time; where there are more, all are dropped and read anew.
  static let limit = 10_000

  private let database: Database
  private let feed: ChangeFeed
  private let companies: CompanyDirectory
  private let kept = Mutex(Kept())

  private struct Kept {
    var snapshots: [ResourceID: ResourceSnapshot] = [:]
    /// Counts what the feed dropped, so that what was read before a change is not kept after it.
    var drops: Int64 = 0
  }

  /// Shares what is kept of companies with the pages of people.
  public convenience init(_ context: PlatformContext, feed: ChangeFeed) {
    self.init(database: context.database, companies: context.companies, feed: feed)
  }

  /// Keeps companies for itself.
  public convenience init(database: Database, feed: ChangeFeed) {
    self.init(database: database, companies: CompanyDirectory(), feed: feed)
  }

  private init(database: Database, companies: CompanyDirectory, feed: ChangeFeed) {
    self.database = database
    self.companies = companies
    self.feed = feed
    feed.listen { [weak self] changes in self?.drop(changes) }
  }

  /// The snapshot in memory, where there is one that still holds at `now`. A feed that lags behind may have missed a
  /// change, so that nothing in memory is trusted then.
  func cached(_ id: ResourceID, at now: Instant) -> ResourceSnapshot? {
    guard feed.isFresh(at: now), let snapshot = kept.withLock({ $0.snapshots[id] }), now < snapshot.validUntil
    else { return nil }
    return snapshot
  }

  /// Reads the snapshot from storage; nil where there is no such resource.
  func load(_ id: ResourceID, at now: Instant) async throws -> ResourceSnapshot? {
    // A change from before the feed's first reading is never told: what is read until then is not kept.
    let isFollowed = feed.isFresh(at: now)
    let before = kept.withLock(\.drops)
    let standing = try await database.read { [companies] transaction -> CompanyStanding? in
      guard let resource = try transaction.resource(id) else { return nil }
      return try companies.keptStanding(of: resource.companyID, transaction)
    }
    guard let standing else { return nil }
    let timeline = standing.timeline
    let now = standing.now(WallClock(now: { now }))
    guard let state = timeline.state(of: id, at: now), let months = timeline.bundleMonths(of: id) else { return nil }
    let snapshot = ResourceSnapshot(
      company: standing.facts.company, zone: standing.facts.zone, months: months, state: state,
      nextEffect: timeline.nextEffect(after: now))
    kept.withLock { kept in
      guard isFollowed, kept.drops == before else { return }
      if kept.snapshots.count >= Self.limit { kept.snapshots.removeAll() }
      kept.snapshots[id] = snapshot
    }
    return snapshot
  }

  /// Forgets what changed; a change of the company concerns all its resources.
  private func drop(_ changes: [Change]) {
    let resources = changes.filter { $0.kind == .resource }.map { ResourceID($0.id) }
    let companies = Set(changes.filter { $0.kind == .company }.map { CompanyID($0.id) })
    guard !resources.isEmpty || !companies.isEmpty else { return }
    kept.withLock { kept in
      kept.drops += 1
      for id in resources { kept.snapshots[id] = nil }
      if !companies.isEmpty { kept.snapshots = kept.snapshots.filter { !companies.contains($0.value.company.id) } }
    }
  }
}
