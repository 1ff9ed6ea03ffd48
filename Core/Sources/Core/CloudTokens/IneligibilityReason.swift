/// One reason why a company may not use self-service, in a sentence of its own. Rules E-1 to E-4.
public struct IneligibilityReason: Hashable, Sendable {
  public enum Condition: String, Hashable, Sendable, CaseIterable {
    /// E-1: more tokens asked for than available.
    case insufficientTokens
    /// E-2: the subscription is older than the FY21 price list.
    case outdatedPriceList
    /// E-3: no platform account, or several.
    case notASingleAccount
    /// E-4: no active enterprise subscription.
    case noEnterpriseSubscription
    /// E-4: several active enterprise subscriptions.
    case severalEnterpriseSubscriptions
  }

  public let condition: Condition
  public let sentence: String

  public init(_ condition: Condition, _ sentence: String) {
    self.condition = condition
    self.sentence = sentence
  }
}
