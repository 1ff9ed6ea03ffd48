/// A signed-in browser. Rule P-5. The token that proves it is no part of it: only its hash is stored, beside.
public struct Session: Hashable, Sendable {
  /// Milliseconds without a request after which a session ends: 12 hours.
  public static let longestIdle: Int64 = 12 * 3_600_000
  /// Milliseconds after which a session ends in any case: 7 days.
  public static let longestLife: Int64 = 7 * 24 * 3_600_000
  /// Milliseconds that `lastSeenAt` may lag behind: one write in five minutes rather than one a request.
  public static let seenResolution: Int64 = 300_000
  /// Characters of the user agent that are kept.
  public static let longestUserAgent = 300

  public let id: Identifier<Session>
  public let userID: UserID
  public let createdAt: Instant
  public var lastSeenAt: Instant
  /// Of the network, as seen when signing in.
  public let address: String
  public let userAgent: String

  public init(
    id: Identifier<Session>, userID: UserID, createdAt: Instant, lastSeenAt: Instant, address: String,
    userAgent: String
  ) {
    self.id = id
    self.userID = userID
    self.createdAt = createdAt
    self.lastSeenAt = lastSeenAt
    self.address = address
    self.userAgent = String(userAgent.prefix(Self.longestUserAgent))
  }

  /// When it ends unless it is used before; using it never moves the end of its life.
  public var expiresAt: Instant {
    min(lastSeenAt.adding(milliseconds: Self.longestIdle), createdAt.adding(milliseconds: Self.longestLife))
  }

  public func isExpired(at instant: Instant) -> Bool { instant >= expiresAt }

  /// True where a request at `instant` is worth recording as the last one.
  public func needsTouch(at instant: Instant) -> Bool {
    instant.millisecondsSince(lastSeenAt) >= Self.seenResolution
  }
}
