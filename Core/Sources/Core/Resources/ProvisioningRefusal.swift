/// Why nothing was provisioned.
public enum ProvisioningRefusal: Error, Hashable, Sendable {
  /// The input is wrong: every problem, each with its field. ``ProvisionField`` names the fields.
  case invalid(InvalidInput)
  /// The input is right, but self-service isn't open for it: every reason. Rules E-1 to E-4.
  case ineligible([IneligibilityReason])
}

/// All that one provisioning records; stored together, with the movement of tokens that follows from it, or not at all.
/// Rule R-6.
public struct ProvisionedResource: Hashable, Sendable {
  public let resource: Resource
  public let capacityChange: CapacityChange
  /// The terms whose acknowledgement is to be recorded. Rule R-7.
  public let terms: [ServiceTerms]

  public init(resource: Resource, capacityChange: CapacityChange, terms: [ServiceTerms]) {
    self.resource = resource
    self.capacityChange = capacityChange
    self.terms = terms
  }
}
