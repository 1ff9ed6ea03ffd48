/// What a resource is at one instant, derived from the facts. Rules.
public struct ResourceState: Hashable, Sendable {
  public let resource: Resource
  public let status: ResourceStatus
  /// When a scheduled status takes effect; nil for the others. Rule R-1.
  public let statusChangesAt: Instant?
  public let capacity: Capacity
  /// What the resource holds of the company's Cloud Tokens. Rule T-2.
  public let tokens: CloudTokens
  /// What the current bundle month permits. Rule U-4.
  public let allowance: Allowance
  public let bundleMonth: BundleMonth

  public init(
    resource: Resource, status: ResourceStatus, statusChangesAt: Instant? = nil, capacity: Capacity,
    tokens: CloudTokens, allowance: Allowance, bundleMonth: BundleMonth
  ) {
    self.resource = resource
    self.status = status
    self.statusChangesAt = statusChangesAt
    self.capacity = capacity
    self.tokens = tokens
    self.allowance = allowance
    self.bundleMonth = bundleMonth
  }

  /// When the allowance is refilled next. Rule B-3.
  public var refillsAt: Instant { bundleMonth.end }
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
