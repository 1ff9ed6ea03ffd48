/// The fact that somebody scheduled the end of a resource. Rule A-5.
public struct Deprovisioning: Hashable, Sendable {
  public let resourceID: ResourceID
  /// When somebody decided it. No two of a resource share it.
  public let recordedAt: Instant
  /// The end of a bundle month of the resource.
  public let effectiveAt: Instant
  /// Set where it was cancelled before it took effect.
  public let cancelledAt: Instant?

  public init(resourceID: ResourceID, recordedAt: Instant, effectiveAt: Instant, cancelledAt: Instant? = nil) {
    self.resourceID = resourceID
    self.recordedAt = recordedAt
    self.effectiveAt = effectiveAt
    self.cancelledAt = cancelledAt
  }

  /// True where it took effect or will.
  public var counts: Bool { cancelledAt.map { $0 >= effectiveAt } ?? true }

  /// True from the decision until the effect or the cancellation. Rule A-4: at most one of a resource at a time.
  public func isPending(at instant: Instant) -> Bool {
    recordedAt <= instant && instant < effectiveAt && cancelledAt.map { instant < $0 } ?? true
  }

  /// The same, cancelled.
  public func cancelled(at instant: Instant) -> Deprovisioning {
    Deprovisioning(
      resourceID: resourceID, recordedAt: recordedAt, effectiveAt: effectiveAt, cancelledAt: instant)
  }
}
