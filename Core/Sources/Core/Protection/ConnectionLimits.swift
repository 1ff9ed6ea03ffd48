/// How many connections a listener may have. Rule L-1.
public struct ConnectionLimits: Hashable, Sendable {
  /// Connections at a time.
  public let total: Int
  /// Connections of one address at a time; nil for no limit.
  public let perAddress: Int?
  /// Connections beyond `total` for a moment: those that are being told no, and as many that are being closed.
  public let spare: Int

  public init(total: Int, perAddress: Int?) {
    precondition(total > 0 && (perAddress ?? 1) > 0)
    self.total = total
    self.perAddress = perAddress
    spare = max(Self.fewestSpare, min(total / 8, Self.mostSpare))
  }

  private static let fewestSpare = 2
  private static let mostSpare = 64
}

/// Why a connection is not taken. Rule L-1.
public enum ConnectionRefusal: Hashable, Sendable {
  case address
  case total
}
