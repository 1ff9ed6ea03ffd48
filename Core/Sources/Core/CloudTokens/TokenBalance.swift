/// A company's Cloud Tokens at one instant. Rule T-2: always derived, never stored.
public struct TokenBalance: Hashable, Sendable {
  /// Tokens of the contracts in force.
  public let total: CloudTokens
  /// Tokens that resources hold: what people see as consumed.
  public let allocated: CloudTokens

  public init(total: CloudTokens, allocated: CloudTokens) {
    self.total = total
    self.allocated = allocated
  }

  /// Negative where a contract ended while resources still hold its tokens. Rule T-5.
  public var available: CloudTokens { total - allocated }
  /// By how much the allocations exceed the contracts; zero where they fit. Rule T-5.
  public var shortfall: CloudTokens { max(.zero, allocated - total) }
}
