/// What was bought for a resource. Rule C-9.
public enum Capacity: Hashable, Sendable {
  /// Any whole number of Cloud Tokens, each worth 100 GenAI Units a bundle month.
  case units(CloudTokens)
  /// A fixed size of the catalog.
  case plan(Identifier<Plan>)
}

/// The fact that a resource has a capacity from an instant on. The first one is written by provisioning. Kept with its
/// price and allowance of the day of recording, so that a catalog change never moves history.
public struct CapacityChange: Hashable, Sendable {
  public let resourceID: ResourceID
  public let capacity: Capacity
  /// What it allocates of the company's Cloud Tokens.
  public let tokens: CloudTokens
  public let allowance: Allowance
  /// When somebody decided it. No two changes of a resource share it.
  public let recordedAt: Instant
  /// The same instant, or the end of the bundle month for a scheduled change. Rules.
  public let effectiveAt: Instant
  /// Set where a scheduled change was cancelled before it took effect. Rule A-4.
  public let cancelledAt: Instant?

  /// `recordedAt` is `effectiveAt` where nothing else is said: the change is immediate.
  public init(
    resourceID: ResourceID, capacity: Capacity, tokens: CloudTokens, allowance: Allowance, recordedAt: Instant? = nil,
    effectiveAt: Instant, cancelledAt: Instant? = nil
  ) {
    self.resourceID = resourceID
    self.capacity = capacity
    self.tokens = tokens
    self.allowance = allowance
    self.recordedAt = recordedAt ?? effectiveAt
    self.effectiveAt = effectiveAt
    self.cancelledAt = cancelledAt
  }

  /// True where it took effect or will.
  public var counts: Bool { cancelledAt.map { $0 >= effectiveAt } ?? true }

  /// True from the decision until the effect or the cancellation. Rule A-4: at most one of a resource at a time.
  public func isPending(at instant: Instant) -> Bool {
    recordedAt <= instant && instant < effectiveAt && cancelledAt.map { instant < $0 } ?? true
  }

  /// The same change, cancelled.
  public func cancelled(at instant: Instant) -> CapacityChange {
    CapacityChange(
      resourceID: resourceID, capacity: capacity, tokens: tokens, allowance: allowance, recordedAt: recordedAt,
      effectiveAt: effectiveAt, cancelledAt: instant)
  }
}
