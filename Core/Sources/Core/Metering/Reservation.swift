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

/// What became of a reservation.
public enum SettlementOutcome: Hashable, Sendable {
  case settled
  /// The provider reported more than was reserved, by this much in each measure: counted by a metric. Rule U-5.
  case overran(by: Consumption)
  /// Nothing was held under that id: it was settled or released before. Nothing changed.
  case notOpen
}
