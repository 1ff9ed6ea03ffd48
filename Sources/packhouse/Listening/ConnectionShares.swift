import Core

/// How many connections each listener may have, and how many calls may run, so that files, the database and connections
/// to providers always find a descriptor: where one is missing parts of the system end the process. Rule L-1.
struct ConnectionShares: Hashable, Sendable {
  /// Descriptors for files, the database, the journal and the system itself.
  static let reserve = 160
  /// Fewer open files than this are too few for a server.
  static let fewestFiles = 256

  let gateway: Int
  let portal: Int
  let operations: Int
  /// Calls that run at a time: each may hold a connection to a provider.
  let calls: Int

  /// - Parameters:
  ///   - wanted: connections that the gateway and the portal are to have at most.
  ///   - openFiles: what the system permits.
  init(wanted: Int, openFiles: Int) {
    // Up to five eighths of a listener's share are on top of it, for the moments of closing and refusing.
    let rest = max(Self.fewestFiles, openFiles) - Self.reserve
    gateway = min(wanted, rest * 3 / 10)
    calls = gateway
    portal = min(wanted, rest / 12)
    operations = min(wanted, max(4, rest / 32))
  }
}
