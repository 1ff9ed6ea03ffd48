import Logging
import Platform
import ServiceLifecycle

/// Runs the listeners, and sees to it that a stop is known everywhere at once and that calls which outlast its time end
/// with a word to their callers rather than with a broken connection. Rule L-2.
struct GracefulStop: Service {
  /// Seconds that callers have to take what they are told at the end; then connections are broken.
  static let partingSeconds = 5

  let listeners: any Service
  let notice: StopNotice
  /// What running calls have from the signal on.
  let time: Duration
  let logger: Logger
  /// Calls that are admitted and not settled.
  let openCalls: @Sendable () -> Int
  /// Ends what calls still wait for, so that each notices that the time is over.
  let cut: @Sendable () async -> Void

  func run() async throws {
    try await withThrowingTaskGroup(of: Bool.self) { group in
      group.addTask {
        try await listeners.run()
        return true
      }
      group.addTask {
        await watch()
        return false
      }
      while let hasEnded = try await group.next(), !hasEnded {}
      group.cancelAll()
    }
  }

  private func watch() async {
    guard (try? await gracefulShutdown()) != nil else { return }
    notice.begin()
    logger.notice(
      "Stopping: \(Self.calls(openCalls())) still running; they have up to \(time.components.seconds) s to finish.")
    guard (try? await Task.sleep(for: time)) != nil else { return }
    notice.end()
    logger.warning(
      """
      The time to finish is over: \(Self.calls(openCalls())) still running. Each is settled as far as it came, and its \
      caller is told that the server is stopping.
      """)
    await cut()
  }

  static func calls(_ count: Int) -> String { count == 1 ? "1 call is" : "\(count) calls are" }
}
