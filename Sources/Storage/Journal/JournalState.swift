import Core

/// What a journal keeps in memory, behind its lock.
struct JournalState: Sendable {
  /// A segment and why it is still needed.
  struct Kept: Sendable {
    let segment: JournalSegment
    /// Calls opened here whose settlement has not been applied.
    var openCalls = 0
    /// The highest sequence settled here; 0 where none was.
    var lastSettled: Int64 = 0
  }

  struct Pending: Sendable {
    let sequence: Int64
    let entry: UsageEntry
    /// The segment that holds the opening record, where it is still there.
    let openedIn: Int?
  }

  /// The newest segment.
  var segment: JournalSegment
  var descriptor: Int32
  /// Bytes written to the newest segment.
  var size: Int
  /// Bytes that surely fit into it.
  var reserved: Int
  var nextSequence: Int64
  /// Everything up to here is on the disk.
  var durable: Int64 = 0
  var isDirty = false
  /// Set for good by a failed sync.
  var failure: JournalProblem?
  /// Set by a failed write, cleared by the next that succeeds.
  var lastWriteFailure: JournalProblem?
  var isClosed = false
  /// The sync thread has done its last.
  var hasEnded = false
  /// Running calls and the segment of their opening record.
  var openCalls: [RequestID: Int] = [:]
  var pending = FIFO<Pending>()
  var appliedUpTo: Int64 = 0
  /// Oldest first; the last is the newest segment.
  var segments: [Kept]
  var waiters: [(sequence: Int64, continuation: CheckedContinuation<Void, any Error>)] = []
  var syncs = 0
}
