/// Everything recorded about one company that its state depends on. Facts only: what they mean at an instant is derived
/// by ``CompanyTimeline``. The ledger is no part of it: it bears witness against the facts. Rules T-3, A-7.
public struct CompanyFacts: Hashable, Sendable {
  public var company: Company
  /// The zone that `company.timeZone` names.
  public let zone: CompanyZone
  public var contracts: [Contract]
  /// In the order of provisioning.
  public var resources: [Resource]
  public var capacityChanges: [CapacityChange]
  public var deprovisionings: [Deprovisioning]
  public var accounts: [PlatformAccount]

  public init(
    company: Company, zone: CompanyZone, contracts: [Contract] = [], resources: [Resource] = [],
    capacityChanges: [CapacityChange] = [], deprovisionings: [Deprovisioning] = [], accounts: [PlatformAccount] = []
  ) {
    self.company = company
    self.zone = zone
    self.contracts = contracts
    self.resources = resources
    self.capacityChanges = capacityChanges
    self.deprovisionings = deprovisionings
    self.accounts = accounts
  }
}
