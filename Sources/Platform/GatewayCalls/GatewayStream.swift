import Synchronization

/// The part of a streamed answer that follows its head. To be run exactly once, whatever became of the client: only
/// its end settles the call.
public final class GatewayStream: Sendable {
  private let slot: Mutex<GatewayCallRun?>
  private let drain: AnswerDrain
  private let wait: @Sendable (Int64) async -> Void

  init(_ run: sending GatewayCallRun, driver: GatewayCallDriver) {
    slot = Mutex(run)
    drain = driver.drain
    wait = driver.wait
  }

  /// Where the client went before the head could be written nobody runs the stream: the call is drained and settled all
  /// the same.
  deinit {
    guard let run = slot.withLock({ slot in slot.take() }) else { return }
    drain.take(UnreadAnswer(run, patience: drain.patience, wait: wait))
  }

  /// Writes the answer piece by piece and waits for each, so that a slow reader slows the provider down (rule L-1).
  ///
  /// Where `write` throws the client is gone: the rest is drained without it, for its true usage (rule M-3), and the
  /// error is thrown on at the end, so that the connection closes.
  public func run(write: (_ bytes: [UInt8]) async throws -> Void) async throws {
    guard var run = slot.withLock({ slot in slot.take() }) else { return }
    do {
      while true {
        if !run.pending.isEmpty { try await write(run.takeBytes()) }
        guard !run.isOver else { return }
        await run.step()
      }
    } catch {
      guard !run.isOver else { throw error }
      await UnreadAnswer(run, patience: drain.patience, wait: wait).drain()
      throw error
    }
  }
}
