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

  /// The same without changes of capacity and deprovisionings, for those who keep a timeline made of them.
  public var withoutChanges: CompanyFacts {
    CompanyFacts(company: company, zone: zone, contracts: contracts, resources: resources, accounts: accounts)
  }

  /// ``withoutChanges`` with what was recorded since.
  public func withoutChanges(adding later: LaterFacts) -> CompanyFacts {
    var facts = CompanyFacts(
      company: later.company, zone: zone, contracts: later.contracts, resources: resources, accounts: later.accounts)
    guard !later.resources.isEmpty else { return facts }
    var newer = Dictionary(later.resources.map { ($0.id, $0) }, uniquingKeysWith: { _, last in last })
    facts.resources = resources.map { newer.removeValue(forKey: $0.id) ?? $0 }
    facts.resources += newer.values.sorted { ($0.provisionedAt, $0.id) < ($1.provisionedAt, $1.id) }
    return facts
  }
}
