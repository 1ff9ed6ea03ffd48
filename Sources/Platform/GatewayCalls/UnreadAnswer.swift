import Core
import Synchronization

/// A running call whose client is gone. Whoever holds it has it drained; where nobody does, it is settled by its end as
/// what is known by then. Rules M-1, M-3: never zero, never a full refund, and never not at all.
final class UnreadAnswer: Sendable {
  private let slot: Mutex<GatewayCallRun?>
  /// Milliseconds from when the client's going was noticed.
  private let patience: Int64
  private let wait: @Sendable (Int64) async -> Void

  /// - Parameters:
  ///   - patience: milliseconds for which the answer is drained at most, whatever it is that is waited for meanwhile.
  ///   - wait: returns so many milliseconds later, or when its task is cancelled.
  init(_ run: sending GatewayCallRun, patience: Int64, wait: @escaping @Sendable (Int64) async -> Void) {
    var run = run
    run.clientGone()
    slot = Mutex(run)
    self.patience = patience
    self.wait = wait
  }

  deinit {
    if var run = slot.withLock({ slot in slot.take() }) { run.endAtOnce() }
  }

  /// Reads on for the true usage, until its time is over or the task is cancelled, and settles. A second time does
  /// nothing.
  func drain() async {
    await withTaskGroup { group in
      group.addTask { await self.runToEnd() }
      // A provider that falls silent has a longer clock of its own. The silence ends as it does when a server stops.
      group.addTask { await self.wait(self.patience) }
      _ = await group.next()
      group.cancelAll()
    }
  }

  private func runToEnd() async {
    guard var run = slot.withLock({ slot in slot.take() }) else { return }
    while !run.isOver { await run.step() }
  }
}
