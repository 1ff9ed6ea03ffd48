/// What was recorded about a company since its facts were read. ``CompanyTimeline/adding(_:after:settledAt:)``.
public struct LaterFacts: Sendable {
  public var company: Company
  /// All of them: they are few.
  public var contracts: [Contract]
  /// All of them: they are few.
  public var accounts: [PlatformAccount]
  /// New ones, and those whose name, environment or models changed.
  public var resources: [Resource]
  /// New ones, and those that were cancelled.
  public var capacityChanges: [CapacityChange]
  /// New ones, and those that were cancelled.
  public var deprovisionings: [Deprovisioning]

  public init(
    company: Company, contracts: [Contract], accounts: [PlatformAccount], resources: [Resource] = [],
    capacityChanges: [CapacityChange] = [], deprovisionings: [Deprovisioning] = []
  ) {
    self.company = company
    self.contracts = contracts
    self.accounts = accounts
    self.resources = resources
    self.capacityChanges = capacityChanges
    self.deprovisionings = deprovisionings
  }
}
