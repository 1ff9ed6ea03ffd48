public import Core

/// An application that proved to hold a key of a resource.
public struct GatewayCaller: Sendable {
  public let key: ResourceKey
  public let snapshot: ResourceSnapshot

  public init(key: ResourceKey, snapshot: ResourceSnapshot) {
    self.key = key
    self.snapshot = snapshot
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

  public init(company: Company, zone: CompanyZone, months: BundleMonths, state: ResourceState) {
    self.company = company
    self.zone = zone
    self.months = months
    self.state = state
  }

  /// A new month may have another state.
  public var validUntil: Instant { state.bundleMonth.end }
  public var resource: Resource { state.resource }
}
