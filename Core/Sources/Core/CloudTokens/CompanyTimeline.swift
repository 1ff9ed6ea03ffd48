/// What the recorded facts of a company mean at any instant: a pure function of facts and time. Rules T-2, A-7.
///
/// Nothing happens at the instants in between: a change takes effect because time passed it, whether or not a server
/// ran. Further kinds of facts (scheduled changes, deprovisionings, suspensions) come in through
/// ``ResourceHistory`` and leave this interface as it is.
public struct CompanyTimeline: Sendable {
  private let zone: CompanyZone
  private let contracts: [Contract]
  private let histories: [ResourceID: ResourceHistory]

  public init(_ facts: CompanyFacts) {
    zone = facts.zone
    contracts = facts.contracts
    let changes = Dictionary(grouping: facts.capacityChanges, by: \.resourceID)
    histories = Dictionary(
      facts.resources.map { resource in
        (resource.id, ResourceHistory(resource, changes: changes[resource.id] ?? [], zone: facts.zone))
      },
      uniquingKeysWith: { first, _ in first })
  }

  /// The balance at `instant`; what takes effect at that very instant counts. Rule T-2.
  public func balance(at instant: Instant) -> TokenBalance {
    let total = contracts.reduce(CloudTokens.zero) { sum, contract in
      contract.isInForce(at: instant) ? sum + contract.tokens : sum
    }
    let allocated = histories.values.reduce(CloudTokens.zero) { $0 + $1.allocated(at: instant) }
    return TokenBalance(total: total, allocated: allocated)
  }

  /// The state of a resource at `instant`; nil where it is unknown or not yet provisioned.
  public func state(of resource: ResourceID, at instant: Instant) -> ResourceState? {
    histories[resource]?.state(at: instant)
  }

  /// The bundle months of a resource; nil where it is unknown. Rule B-1.
  public func bundleMonths(of resource: ResourceID) -> BundleMonths? {
    histories[resource]?.months
  }

  /// The allowances in force during `[from, to)`, oldest first, each with the instant from which it holds: the steps of
  /// the limit line. Rule G-5.
  public func allowances(of resource: ResourceID, from: Instant, to: Instant) -> [AllowanceStep] {
    histories[resource]?.allowances(from: from, to: to) ?? []
  }
}

/// An allowance and the instant from which it holds.
public struct AllowanceStep: Hashable, Sendable {
  public let from: Instant
  public let allowance: Allowance

  public init(from: Instant, allowance: Allowance) {
    self.from = from
    self.allowance = allowance
  }
}
