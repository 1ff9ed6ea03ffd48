/// How much memory the bodies of requests may take together, in bytes. Rule L-1.
public struct BodyLimits: Hashable, Sendable {
  public let total: Int
  /// Of one key's requests together.
  public let perKey: Int
  /// Of all requests for one resource together, over all its keys.
  public let perResource: Int
  /// A body up to this size is small.
  public let small: Int
  /// What larger bodies leave to small ones.
  public let reserve: Int

  public init(total: Int, perKey: Int, perResource: Int, small: Int = 0, reserve: Int = 0) {
    precondition(perKey > 0 && perKey <= perResource && perResource <= total && small >= 0)
    precondition((0..<total).contains(reserve))
    self.total = total
    self.perKey = perKey
    self.perResource = perResource
    self.small = small
    self.reserve = reserve
  }
}

/// Why no more of a body can be read now. A retry may mend each of them. Rules L-1, F-1.
public enum BodyLimitRefusal: Error, Hashable, Sendable {
  /// The key's requests hold as much as a key's may.
  case key(limit: Int)
  /// The resource's requests hold as much as a resource's may.
  case resource(limit: Int)
  /// All requests together hold as much as there is.
  case everywhere
}
