/// What is held for one attempt until it is settled or released. Rule U-5.
public struct Reservation: Hashable, Sendable {
  public let requestID: RequestID
  /// Input at its dearest class and every output token that `maxTokens` permits.
  public let consumption: Consumption
  /// `max_tokens` to send to the provider, so that the reservation holds; nil for embeddings.
  public let maxTokens: Int?
  /// True where `maxTokens` is less than was asked for; the answer then carries `x-packhouse-max-tokens`.
  public let isLowered: Bool

  public init(requestID: RequestID, consumption: Consumption, maxTokens: Int?, isLowered: Bool) {
    self.requestID = requestID
    self.consumption = consumption
    self.maxTokens = maxTokens
    self.isLowered = isLowered
  }
}

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

/// What became of a reservation.
public enum SettlementOutcome: Hashable, Sendable {
  case settled
  /// The provider reported more than was reserved, by this much in each measure: counted by a metric. Rule U-5.
  case overran(by: Consumption)
  /// Nothing was held under that id: it was settled or released before. Nothing changed.
  case notOpen
}
