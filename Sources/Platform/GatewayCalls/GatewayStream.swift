import Synchronization

/// The part of a streamed answer that follows its head. To be run exactly once, whatever became of the client: only
/// its end settles the call.
public final class GatewayStream: Sendable {
  private let slot: Mutex<GatewayCallRun?>

  init(_ run: sending GatewayCallRun) { slot = Mutex(run) }

  /// Where the client went before the head could be written nobody runs the stream: the call is drained and settled all
  /// the same. No more of these tasks run at a time than calls were admitted.
  deinit {
    guard let run = slot.withLock({ slot in slot.take() }) else { return }
    Task { await Self.drain(run) }
  }

  /// Writes the answer piece by piece and waits for each, so that a slow reader slows the provider down (rule L-1).
  ///
  /// Where `write` throws the client is gone: the rest is drained without it, for its true usage (rule M-3), and the
  /// error is thrown on at the end, so that the connection closes.
  public func run(write: (_ bytes: [UInt8]) async throws -> Void) async throws {
    guard var run = slot.withLock({ slot in slot.take() }) else { return }
    var gone: (any Error)?
    while true {
      if !run.pending.isEmpty, gone == nil {
        do {
          try await write(run.takeBytes())
        } catch {
          gone = error
          run.clientGone()
        }
      }
      guard !run.isOver else { break }
      await run.step()
    }
    if let gone { throw gone }
  }

  private static func drain(_ run: consuming GatewayCallRun) async {
    run.clientGone()
    while !run.isOver { await run.step() }
  }
}
