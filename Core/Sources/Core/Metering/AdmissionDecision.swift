/// Whether an attempt may be made. Rules U-5, U-6.
public enum AdmissionDecision: Hashable, Sendable {
  case admitted(Reservation)
  case refused(AdmissionRefusal)
}

/// Why an attempt may not be made, with the figures that the caller is told. Rule U-6.
public struct AdmissionRefusal: Error, Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable {
    /// What is settled leaves no room; only the refill or more capacity helps.
    case exhausted
    /// Only running reservations are in the way; a retry may succeed.
    case contended
  }

  /// Whose limit it is.
  public enum Limit: String, Hashable, Sendable {
    case resource
    /// The key's own monthly limit. Rule U-8.
    case key
  }

  public let kind: Kind
  public let limit: Limit
  public let settled: Consumption
  public let reserved: Consumption
  /// The least that the attempt would have had to reserve.
  public let needed: Consumption
  public let allowance: Allowance

  public init(
    kind: Kind, limit: Limit = .resource, settled: Consumption, reserved: Consumption, needed: Consumption,
    allowance: Allowance
  ) {
    self.kind = kind
    self.limit = limit
    self.settled = settled
    self.reserved = reserved
    self.needed = needed
    self.allowance = allowance
  }
}
