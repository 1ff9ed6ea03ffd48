import Foundation

/// How many files and connections the process may have open at once. Rule L-1.
enum OpenFiles {
  /// Beyond it a table in the kernel grows for nothing.
  private static let most: rlim_t = 65_536

  /// Raises the limit as far as the system permits without being asked. The usual 1,024 are fewer than the idle
  /// connections that one stranger can open.
  static func raiseLimit() {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur < min(limit.rlim_max, most) else { return }
    limit.rlim_cur = min(limit.rlim_max, most)
    setrlimit(resource, &limit)
  }

  /// How many files and connections the process may have open at once.
  static var limit: Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return usual }
    return Int(min(limit.rlim_cur, most))
  }

  /// Throws a ``SettingsProblem`` where the process may have too few for a server.
  static func check(_ limit: Int = limit) throws {
    guard limit < ConnectionShares.fewestFiles else { return }
    throw SettingsProblem([
      "The system permits this program \(limit) open files; it needs \(ConnectionShares.fewestFiles). Raise the limit "
        + "with ulimit -n, or LimitNOFILE= of the systemd unit."
    ])
  }

  private static let usual = 1_024
}
