public import Core

/// Where a request of a person comes from; shown in the list of sessions and counted against guessing. Rule P-5.
public struct ClientOrigin: Hashable, Sendable {
  /// The address, without a port.
  public let address: String
  public let userAgent: String

  static let longestUserAgent = 300
  static let longestAddress = 64

  public init(address: String, userAgent: String) {
    self.address = String(address.prefix(Self.longestAddress))
    self.userAgent = String(userAgent.prefix(Self.longestUserAgent))
  }
}

/// Somebody who is signed in: proof of a session that is neither expired nor ended. Rule P-5.
public struct SignedIn: Sendable {
  public let session: Session
  public let caller: Caller
  /// To be sent back with every request that changes something.
  public let csrfToken: String

  public var user: User { caller.user }
}

/// A session that has just begun.
public struct NewSession: Sendable {
  public let session: Session
  public let user: User
  /// The cookie's value. Only its SHA-256 is kept.
  public let token: Sensitive<String>
  /// How long the cookie may live, in seconds: the absolute limit of a session.
  public let maxAgeSeconds: Int64
}

/// A session in its owner's list.
public struct SessionView: Sendable {
  public let session: Session
  /// True for the session that asks.
  public let isCurrent: Bool
}
