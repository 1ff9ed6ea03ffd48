public import Core
public import Storage

/// Usage entries as facts, in the order of their admission, for the operator. Rule M-6.
public struct UsageExport: Sendable {
  /// Entries that are read at once.
  public static let pageSize = 1_000

  private let database: Database

  /// A database that was opened to be read is enough.
  public init(database: Database) { self.database = database }

  /// Gives the entries admitted during `[from, to)` page by page; each page is read only when the one before was taken.
  ///
  /// `tail` are entries that the metering journal holds and the tables may not have yet, of any resource and in any
  /// order; each stands at its place, once. ``PlatformError/notFound(_:)`` for an unknown resource.
  public func pages(
    of resource: ResourceID, from: Instant? = nil, to: Instant? = nil, tail: [UsageEntry] = [],
    _ body: ([UsageEntry]) async throws -> Void
  ) async throws {
    guard try await database.read({ try $0.resource(resource) != nil }) else {
      throw PlatformError.notFound("There is no resource \"\(resource)\".")
    }
    var waiting = tail.filter { entry in
      let admittedAt = entry.call.admittedAt
      return entry.call.resourceID == resource && from.map { $0 <= admittedAt } ?? true
        && to.map { admittedAt < $0 } ?? true
    }
    var cursor: UsageCursor?
    while true {
      let page = try await database.read { [cursor] transaction in
        try transaction.usageEntries(of: resource, from: from, to: to, after: cursor, limit: Self.pageSize)
      }
      let isLast = page.count < Self.pageSize
      // What the tables have by now stands on the page with the same place.
      let due = waiting.filter { entry in isLast || page.last.map { !Self.isBefore($0, entry) } ?? true }
      if !due.isEmpty {
        let ids = Set(due.map(\.call.requestID))
        waiting.removeAll { ids.contains($0.call.requestID) }
      }
      let merged = Self.merged(page, due)
      if !merged.isEmpty { try await body(merged) }
      guard !isLast, let last = page.last else { return }
      cursor = UsageCursor(last)
    }
  }

  private static func merged(_ page: [UsageEntry], _ due: [UsageEntry]) -> [UsageEntry] {
    guard !due.isEmpty else { return page }
    var ids = Set(page.map(\.call.requestID))
    return (page + due.filter { ids.insert($0.call.requestID).inserted }).sorted(by: isBefore)
  }

  private static func isBefore(_ a: UsageEntry, _ b: UsageEntry) -> Bool {
    (a.call.admittedAt, a.call.requestID) < (b.call.admittedAt, b.call.requestID)
  }
}
