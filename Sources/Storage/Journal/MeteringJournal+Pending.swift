public import Core
import Glibc
import Synchronization

/// Settled entries on their way to the tables, and the watermark to write with them.
public struct PendingBatch: Hashable, Sendable {
  public let entries: [UsageEntry]
  /// Everything settled up to this sequence is in `entries` or has been applied before.
  public let watermark: Int64
}

extension MeteringJournal {
  /// The oldest settled entries that have not been applied, at most `max`; nil where there are none. They stay in the
  /// queue until ``applied(upTo:)``, so that a batch whose transaction failed comes again. One applier at a time.
  public func takePending(max: Int) -> PendingBatch? {
    state.withLock { state in
      let batch = state.pending.prefix(max)
      guard let last = batch.last else { return nil }
      return PendingBatch(entries: batch.map(\.entry), watermark: last.sequence)
    }
  }

  /// Confirms that everything settled up to `watermark` is in the tables, and deletes the segments that are not needed
  /// any more: oldest first, so that a call's settlement never goes before its opening.
  public func applied(upTo watermark: Int64) {
    let unneeded = state.withLock { state in
      state.appliedUpTo = Swift.max(state.appliedUpTo, watermark)
      while let next = state.pending.first, next.sequence <= state.appliedUpTo {
        _ = state.pending.popFirst()
        if let position = state.segments.firstIndex(where: { $0.segment.index == next.openedIn }) {
          state.segments[position].openCalls -= 1
        }
      }
      // A database that knows more than these files: numbers that it has seen must not come again.
      state.nextSequence = Swift.max(state.nextSequence, state.appliedUpTo + 1)
      var unneeded: [JournalSegment] = []
      while state.segments.count > 1, let oldest = state.segments.first, oldest.openCalls == 0,
        oldest.lastSettled <= state.appliedUpTo
      {
        unneeded.append(oldest.segment)
        state.segments.removeFirst()
      }
      return unneeded
    }
    for segment in unneeded { _ = unlink(segment.path) }
  }

  /// How many settled entries wait for the applier.
  public var pendingCount: Int { state.withLock { $0.pending.count } }

  /// True while so much waits for the applier that nothing more is to be admitted (503).
  public var isBacklogged: Bool { state.withLock { $0.pending.count >= options.maximumPending } }

  /// Why the journal takes no records at present; nil while it does.
  public var problem: JournalProblem? { state.withLock { $0.failure ?? $0.lastWriteFailure } }

  /// Calls that are admitted and not settled.
  public var openCount: Int { state.withLock { $0.openCalls.count } }
}
