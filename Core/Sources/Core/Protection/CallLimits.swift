/// How many calls may run, and how often a key may call. Rule L-1.
public struct CallLimits: Hashable, Sendable {
  /// Calls that run at a time under one key; nil for no limit.
  public let perKey: Int?
  /// Calls that run at a time for one resource, over all its keys; nil for no limit.
  public let perResource: Int?
  /// Calls that run at a time in all.
  public let total: Int
  /// Calls of one key in a minute; nil for no limit.
  public let perMinute: Int?
  /// Keys that are remembered at a time.
  public let remembered: Int

  /// No limits but that of memory.
  public static let none = CallLimits(perKey: nil, perResource: nil, total: .max, perMinute: nil)

  public init(perKey: Int?, perResource: Int?, total: Int, perMinute: Int?, remembered: Int = 100_000) {
    let most = CallRate.mostPerMinute
    precondition((perKey ?? 1) > 0 && (perResource ?? 1) > 0 && total > 0 && remembered > 0)
    precondition(perMinute.map { (1...most).contains($0) } ?? true)
    self.perKey = perKey
    self.perResource = perResource
    self.total = total
    self.perMinute = perMinute
    self.remembered = remembered
  }
}

/// Why a call may not begin now. A retry may mend each of them. Rules L-1, F-1.
public enum CallLimitRefusal: Error, Hashable, Sendable {
  /// The key has as many calls running as a key may have.
  case key(limit: Int)
  /// The resource has as many calls running as a resource may have.
  case resource(limit: Int)
  /// The gateway has as many calls running as it has connections for.
  case everywhere
  /// The key has made its calls of a minute; the next one is possible after `wait` milliseconds, at least 1.
  case rate(perMinute: Int, wait: Int64)
}
