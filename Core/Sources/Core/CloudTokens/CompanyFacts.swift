/// Everything recorded about one company that its state depends on. Facts only: what they mean at an instant is derived
/// by ``CompanyTimeline``. Rules T-3, A-7.
public struct CompanyFacts: Hashable, Sendable {
  public let company: Company
  /// The zone that `company.timeZone` names.
  public let zone: CompanyZone
  public let contracts: [Contract]
  public let resources: [Resource]
  public let capacityChanges: [CapacityChange]
  public let ledger: [LedgerEntry]
  public let accounts: [PlatformAccount]

  public init(
    company: Company, zone: CompanyZone, contracts: [Contract] = [], resources: [Resource] = [],
    capacityChanges: [CapacityChange] = [], ledger: [LedgerEntry] = [], accounts: [PlatformAccount] = []
  ) {
    self.company = company
    self.zone = zone
    self.contracts = contracts
    self.resources = resources
    self.capacityChanges = capacityChanges
    self.ledger = ledger
    self.accounts = accounts
  }
}
