import Core

/// What clients can take of the server, as it is set. Rule L-1.
struct ProtectionSettings: Hashable, Sendable {
  private static let fewestConnections = 16
  private static let most = 1_000_000

  let connections: Int
  let connectionsPerAddress: Int?
  let callsPerKey: Int?
  let callsPerResource: Int?
  let callsPerMinute: Int?

  init(_ reader: inout SettingReader) {
    connections = reader.number(.connections, in: Self.fewestConnections...Self.most)
    connectionsPerAddress = Self.limit(reader.number(.connectionsPerAddress, in: 0...Self.most))
    callsPerKey = Self.limit(reader.number(.callsPerKey, in: 0...Self.most))
    callsPerResource = Self.limit(reader.number(.callsPerResource, in: 0...Self.most))
    callsPerMinute = Self.limit(reader.number(.callsPerMinute, in: 0...Self.most))
  }

  /// What is left of it where the system permits `openFiles`.
  func shares(openFiles: Int) -> ConnectionShares { ConnectionShares(wanted: connections, openFiles: openFiles) }

  func callLimits(_ shares: ConnectionShares) -> CallLimits {
    CallLimits(perKey: callsPerKey, perResource: callsPerResource, total: shares.calls, perMinute: callsPerMinute)
  }

  func connectionLimits(_ share: Int) -> ConnectionLimits {
    ConnectionLimits(total: share, perAddress: connectionsPerAddress)
  }

  /// 0 is none.
  private static func limit(_ number: Int) -> Int? { number == 0 ? nil : number }
}
