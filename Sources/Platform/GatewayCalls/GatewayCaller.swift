public import Core

/// An application that proved to hold a key of a resource.
public struct GatewayCaller: Sendable {
  /// Milliseconds for which what was found is trusted before admission asks again. Together with the change feed's
  /// usual lag it stays far below the second of rule G-13.
  static let longestTrust: Int64 = 100

  typealias Renewal = @Sendable () async throws(GatewayFailure) -> GatewayCaller

  public let key: ResourceKey
  public let snapshot: ResourceSnapshot
  private let foundAt: Instant
  private let renewal: Renewal?
  /// The place that the caller's call holds until it is over. Rule L-1.
  public private(set) var place: CallPlace?
  /// The room that the body of the caller's request takes until nobody needs it any more. Rule L-1.
  public private(set) var room: BodyRoom?

  /// A caller that is taken as it is.
  public init(key: ResourceKey, snapshot: ResourceSnapshot) {
    self.key = key
    self.snapshot = snapshot
    foundAt = Instant(milliseconds: 0)
    renewal = nil
  }

  /// A caller as found at `foundAt`; `renewal` finds it again.
  init(key: ResourceKey, snapshot: ResourceSnapshot, foundAt: Instant, renewal: @escaping Renewal) {
    self.key = key
    self.snapshot = snapshot
    self.foundAt = foundAt
    self.renewal = renewal
  }

  /// The caller as of `now`: while a body arrived or a call waited the key may have been revoked, the bundle month may
  /// have ended, the capacity may have changed. Throws where the caller may not call any more. Rules G-13, B-4, U-5.
  func renewed(at now: Instant) async throws(GatewayFailure) -> GatewayCaller {
    guard let renewal, now.millisecondsSince(foundAt) > Self.longestTrust || now >= snapshot.validUntil else {
      return self
    }
    return try await renewal()
  }

  /// The same caller, for a call that holds `place` and whose body takes `room`.
  public func holding(_ place: CallPlace, _ room: BodyRoom) -> GatewayCaller {
    var caller = self
    caller.place = place
    caller.room = room
    return caller
  }

  public var resource: Resource { snapshot.resource }
  public var payer: Payer { key.companionOf == nil ? .key(key.id) : .companionKey(key.id) }
}

/// What calls need to know of a resource, true from when it was read until the end of its bundle month or the next
/// change of it.
public struct ResourceSnapshot: Sendable {
  public let company: Company
  public let zone: CompanyZone
  public let months: BundleMonths
  public let state: ResourceState
  /// When something of the company takes effect next.
  private let nextEffect: Instant?

  public init(
    company: Company, zone: CompanyZone, months: BundleMonths, state: ResourceState, nextEffect: Instant? = nil
  ) {
    self.company = company
    self.zone = zone
    self.months = months
    self.state = state
    self.nextEffect = nextEffect
  }

  /// A new month may have another state, and so may a resource that waits for Cloud Tokens.
  public var validUntil: Instant { min(state.bundleMonth.end, nextEffect ?? state.bundleMonth.end) }
  public var resource: Resource { state.resource }
}
