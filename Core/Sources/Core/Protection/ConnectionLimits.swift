/// How many connections a listener may have. Rule L-1.
public struct ConnectionLimits: Hashable, Sendable {
  /// Connections at a time.
  public let total: Int
  /// Connections of one address at a time; nil for no limit.
  public let perAddress: Int?
  /// Connections beyond `total` that are being closed to make room.
  public let closing: Int
  /// Connections beyond `total` that are being told why they are refused.
  public let told: Int

  public init(total: Int, perAddress: Int?) {
    precondition(total > 0 && (perAddress ?? 1) > 0)
    self.total = total
    self.perAddress = perAddress
    closing = max(Self.fewest, min(total / 2, Self.mostClosing))
    told = max(Self.fewest, min(total / 8, Self.mostTold))
  }

  /// Connections beyond the total at the worst.
  public var beyond: Int { closing + told }

  private static let fewest = 2
  private static let mostClosing = 256
  private static let mostTold = 64
}

/// Why a connection is not taken. Rule L-1.
public enum ConnectionRefusal: Hashable, Sendable {
  case address
  case total
}
