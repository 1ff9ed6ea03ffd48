/// Why nothing was provisioned.
public enum ProvisioningRefusal: Error, Hashable, Sendable {
  /// The input is wrong: every problem, each with its field. ``ProvisionField`` names the fields.
  case invalid(InvalidInput)
  /// The input is right, but self-service isn't open for it: every reason. Rules E-1 to E-4.
  case ineligible([IneligibilityReason])
}

/// All that one provisioning records; stored together or not at all. Rule R-6.
public struct ProvisionedResource: Hashable, Sendable {
  public let resource: Resource
  public let capacityChange: CapacityChange
  public let ledgerEntry: LedgerEntry
  /// The terms whose acknowledgement is to be recorded. Rule R-7.
  public let terms: [ServiceTerms]
  /// True where the facts already hold the resource: a repeated submit, with nothing left to store. Rule R-6.
  public let wasProvisionedBefore: Bool

  public init(
    resource: Resource, capacityChange: CapacityChange, ledgerEntry: LedgerEntry, terms: [ServiceTerms],
    wasProvisionedBefore: Bool = false
  ) {
    self.resource = resource
    self.capacityChange = capacityChange
    self.ledgerEntry = ledgerEntry
    self.terms = terms
    self.wasProvisionedBefore = wasProvisionedBefore
  }
}
