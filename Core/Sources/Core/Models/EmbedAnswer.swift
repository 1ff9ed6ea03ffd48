/// Vectors in the order of the inputs, and what they cost.
public struct EmbedAnswer: Sendable, Equatable {
  /// One float vector an input; empty where only other number forms were asked for.
  public var vectors: Sensitive<[[Float]]>
  /// Other number forms that the provider computed, as JSON values by type name.
  public var otherTypes: [String: RawJSON]
  /// Nil where the provider reported none; the charge is then an estimate. Rule M-3.
  public var usage: TokenUsage?

  public init(vectors: Sensitive<[[Float]]>, otherTypes: [String: RawJSON] = [:], usage: TokenUsage?) {
    self.vectors = vectors
    self.otherTypes = otherTypes
    self.usage = usage
  }
}
