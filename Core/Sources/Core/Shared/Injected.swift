/// Where time comes from. Injected, so that tests choose it.
public struct WallClock: Sendable {
  public let now: @Sendable () -> Instant

  public init(now: @escaping @Sendable () -> Instant) { self.now = now }
}

/// Where randomness comes from: `bytes(n)` gives `n` unpredictable bytes. Injected, so that tests can repeat it.
public struct RandomSource: Sendable {
  public let bytes: @Sendable (Int) -> [UInt8]

  public init(bytes: @escaping @Sendable (Int) -> [UInt8]) { self.bytes = bytes }
}

/// SHA-256, injected because Core has no dependencies.
public typealias SHA256Function = @Sendable ([UInt8]) -> [UInt8]
