/// What a resource is at one instant, derived from the facts of its company. Rules.
public struct ResourceState: Hashable, Sendable {
  public let resource: Resource
  public let status: ResourceStatus
  /// When what the status announces takes effect: the scheduled change, or the end of a suspended resource; nil for
  /// the others. Rule R-1.
  public internal(set) var statusChangesAt: Instant?
  /// What was bought, also while it is suspended.
  public let capacity: CapacityChange
  /// What the resource holds of the company's Cloud Tokens: nothing while suspended or once deprovisioned. Rule T-2.
  public let tokens: CloudTokens
  /// The change of capacity that waits for the end of the bundle month. Rule A-4.
  public let scheduledChange: CapacityChange?
  /// The end that waits for the end of a bundle month. Rule A-5.
  public let scheduledDeprovisioning: Deprovisioning?
  /// When the resource will be suspended if nothing is recorded until then; nil unless it is marked. Rule T-5.
  public let suspendsAt: Instant?
  /// When it was deprovisioned; nil before.
  public let endedAt: Instant?
  /// The current one; the last one where the resource was deprovisioned.
  public let bundleMonth: BundleMonth
  /// The latest instant at which something about the resource was recorded or took effect: a form that was made at an
  /// earlier one is out of date.
  public let revision: Instant

  public init(
    resource: Resource, status: ResourceStatus, statusChangesAt: Instant? = nil, capacity: CapacityChange,
    tokens: CloudTokens, scheduledChange: CapacityChange? = nil, scheduledDeprovisioning: Deprovisioning? = nil,
    suspendsAt: Instant? = nil, endedAt: Instant? = nil, bundleMonth: BundleMonth, revision: Instant
  ) {
    self.resource = resource
    self.status = status
    self.statusChangesAt = statusChangesAt
    self.capacity = capacity
    self.tokens = tokens
    self.scheduledChange = scheduledChange
    self.scheduledDeprovisioning = scheduledDeprovisioning
    self.suspendsAt = suspendsAt
    self.endedAt = endedAt
    self.bundleMonth = bundleMonth
    self.revision = revision
  }

  /// What the current bundle month permits. Rule U-4.
  public var allowance: Allowance { capacity.allowance }
  /// When the allowance is refilled next. Rule B-3.
  public var refillsAt: Instant { bundleMonth.end }
  /// True while a shortfall of the company will suspend the resource. Rule T-5.
  public var isMarked: Bool { suspendsAt != nil }
}

/// The statuses of a resource as people read them. Rule R-1.
public enum ResourceStatus: String, Hashable, Sendable, CaseIterable {
  case active = "ACTIVE"
  case planDowngradeScheduled = "PLAN DOWNGRADE SCHEDULED"
  case capacityDecreaseScheduled = "CAPACITY DECREASE SCHEDULED"
  case deprovisioningScheduled = "DEPROVISIONING SCHEDULED"
  case suspended = "SUSPENDED"
  case deprovisioned = "DEPROVISIONED"

  /// True where calls are admitted: a scheduled change leaves the resource working until it takes effect. Rules A-5, T-5.
  public var admitsCalls: Bool {
    switch self {
    case .active, .planDowngradeScheduled, .capacityDecreaseScheduled, .deprovisioningScheduled: true
    case .suspended, .deprovisioned: false
    }
  }
}
