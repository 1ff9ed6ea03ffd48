import Foundation

/// Starts the program anew, once, so that a crash leaves no content behind. Rule V-1, decision 17.
///
/// Swift's backtracer prints memory beside registers, and it reads its settings before `main`; a core file holds
/// everything.
enum Relaunch {
  static func withoutCrashDumps() throws {
    var limit = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
    let name = "SWIFT_BACKTRACE"
    let wanted = "enable=no"
    guard ProcessInfo.processInfo.environment[name] != wanted else { return }
    setenv(name, wanted, 1)
    var arguments: [UnsafeMutablePointer<CChar>?] = CommandLine.arguments.map { strdup($0) }
    arguments.append(nil)
    execv("/proc/self/exe", arguments)
    // Only where that failed does anything follow: run on, for the core limit holds already.
  }
}
