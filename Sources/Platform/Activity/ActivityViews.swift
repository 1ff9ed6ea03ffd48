public import Core

/// Which lines of the activity, on which page. Rule G-20.
public struct ActivityQuery: Hashable, Sendable {
  /// Lines of one page.
  public static let pageSize = 50
  /// Pages beyond it are empty in any case.
  static let lastPage = 1_000_000

  public var kind: ActivityKind?
  public var doer: ActivityFilter.Doer?
  /// Zero-based; a page past the end is empty.
  public let page: Int

  public init(kind: ActivityKind? = nil, doer: ActivityFilter.Doer? = nil, page: Int = 0) {
    self.kind = kind
    self.doer = doer
    self.page = min(max(0, page), Self.lastPage)
  }
}

/// One line of the activity as somebody may see it. Rule G-20.
public struct ActivityLine: Hashable, Sendable {
  public let position: Int64
  public let at: Instant
  /// The address is empty where the reader may not see it. Rule P-6.
  public let actor: ActivityActor
  public let kind: ActivityKind
  /// Nil for what concerns the company rather than one resource.
  public let resourceID: ResourceID?
  public let sentence: String
}

/// Somebody who did something, under the latest name that the activity has.
public struct ActivityPerson: Hashable, Sendable {
  public let id: UserID
  public let name: String
}

/// A page of the activity with what its filters offer. Rule G-20.
public struct ActivityPage: Sendable {
  public let company: CompanyView
  /// Nil for the activity of the whole company.
  public let resource: ResourceState?
  /// Newest first.
  public let lines: Page<ActivityLine>
  /// Everybody who did something there, by name.
  public let people: [ActivityPerson]
}
