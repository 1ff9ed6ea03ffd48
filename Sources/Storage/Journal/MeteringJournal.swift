public import Core
import Dispatch
import Synchronization

/// The metering journal of one node: what was admitted and what became of it, on disk before anybody relies on it.
/// Decision 5; rules M-1, M-2, M-7.
///
/// Every record is one write, which survives the death of the process. A thread of the journal's own syncs to the disk
/// at most once in ``JournalOptions/syncInterval``; no writer waits for it. Settled entries queue for the applier, which
/// takes them by ``takePending(max:)``, writes them to the tables, and confirms by ``applied(upTo:)``; segments that are
/// not needed any more are deleted then.
public final class MeteringJournal: Sendable {
  /// Room kept for the settlement of each running call: far above what one takes.
  static let settlementReserve = 1_024

  /// The journal's identity, made when its folder was empty.
  public let id: JournalID
  public let options: JournalOptions
  let folder: String
  let state: Mutex<JournalState>
  let wake = DispatchSemaphore(value: 0)
  let ended = DispatchGroup()
  let onFsyncFailure: @Sendable (JournalProblem) -> Void

  init(
    id: JournalID, folder: String, options: JournalOptions, state: consuming JournalState,
    onFsyncFailure: @escaping @Sendable (JournalProblem) -> Void
  ) {
    self.id = id
    self.folder = folder
    self.options = options
    self.state = Mutex(state)
    self.onFsyncFailure = onFsyncFailure
  }

  /// Records that a call is admitted, before the upstream call. Rule M-1.
  ///
  /// - Throws: ``JournalProblem``; the call must not be made then (503).
  public func opened(_ call: AdmittedCall) throws {
    var frame = try Self.frame(.opened(call))
    try state.withLock { state in
      guard state.openCalls[call.requestID] == nil else {
        throw JournalProblem(.alreadyOpen, "The request \(call.requestID) is in the journal already.")
      }
      let promised = (state.openCalls.count + 1) * Self.settlementReserve
      guard state.size + frame.count + promised <= state.reserved else {
        throw JournalProblem(
          .noRoom,
          "The metering journal has no room to settle one more call; if its disk is full, make room and calls are "
            + "admitted again.")
      }
      try append(&frame, to: &state)
      state.openCalls[call.requestID] = state.segment.index
      state.segments[state.segments.count - 1].openCalls += 1
    }
  }

  /// Records that another attempt of an open call is made: `call` as it was opened, with the input of all attempts.
  /// Rule M-4. It takes the place of the opening record where the process dies before the settlement.
  ///
  /// - Throws: ``JournalProblem``; the attempt must not be made then.
  public func attempted(_ call: AdmittedCall) throws {
    var frame = try Self.frame(.opened(call))
    try state.withLock { state in
      guard state.openCalls[call.requestID] != nil else { throw Self.notOpen(call.requestID) }
      let promised = state.openCalls.count * Self.settlementReserve
      guard state.size + frame.count + promised <= state.reserved else {
        throw JournalProblem(.noRoom, "The metering journal has no room for another attempt of a call.")
      }
      try append(&frame, to: &state)
    }
  }

  /// Records how far a stream has come. Rule M-3. Losing one costs accuracy after a crash, nothing else.
  public func progress(_ id: RequestID, outputCharacters: Int64) throws {
    var frame = try Self.frame(.progress(id, outputCharacters: outputCharacters))
    try state.withLock { state in
      guard state.openCalls[id] != nil else { throw Self.notOpen(id) }
      let promised = state.openCalls.count * Self.settlementReserve
      guard state.size + frame.count + promised <= state.reserved else {
        throw JournalProblem(.noRoom, "The metering journal has no room for a stream's progress.")
      }
      try append(&frame, to: &state)
    }
  }

  /// Records how a call ended, before the last byte of its answer leaves, and queues the entry for the applier.
  ///
  /// - Returns: the record's sequence, for ``waitUntilDurable(_:)``.
  /// - Throws: ``JournalProblem``. After `writeFailed` the same entry can be tried again; after `notOpen` it is there.
  @discardableResult
  public func settled(_ entry: UsageEntry) throws -> Int64 {
    try Self.check(entry)
    var frame = try Self.frame(.settled(entry))
    return try state.withLock { state in
      guard let opened = state.openCalls[entry.call.requestID] else { throw Self.notOpen(entry.call.requestID) }
      let sequence = try append(&frame, to: &state)
      state.openCalls[entry.call.requestID] = nil
      state.segments[state.segments.count - 1].lastSettled = sequence
      state.pending.append(.init(sequence: sequence, entry: entry, openedIn: opened))
      return sequence
    }
  }

  /// ``settled(_:)``, and in strict mode waits until the record is on the disk. Rule M-1.
  public func settledDurably(_ entry: UsageEntry) async throws {
    let sequence = try settled(entry)
    if options.durability == .strict { try await waitUntilDurable(sequence) }
  }

  /// Returns once everything up to `sequence` is on the disk.
  public func waitUntilDurable(_ sequence: Int64) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let result: Result<Void, any Error>? = state.withLock { state in
        if let failure = state.failure { return .failure(failure) }
        if state.durable >= sequence { return .success(()) }
        if state.hasEnded { return .failure(Self.closed) }
        state.waiters.append((sequence, continuation))
        return nil
      }
      if let result { continuation.resume(with: result) }
    }
  }

  static func frame(_ record: JournalRecord) throws -> JournalFrame {
    guard let frame = JournalFrame(record) else {
      throw JournalProblem(.invalidRecord, "A record is too large for the metering journal.")
    }
    return frame
  }

  static func notOpen(_ id: RequestID) -> JournalProblem {
    JournalProblem(.notOpen, "The request \(id) is not open in the metering journal.")
  }

  static let closed = JournalProblem(.closed, "The metering journal is closed.")

  /// What the tables would refuse must not enter the journal: it could never be applied.
  private static func check(_ entry: UsageEntry) throws {
    let usage = entry.usage
    let numbers = [
      usage.input.count, usage.cacheWrite.count, usage.cacheRead.count, usage.output.count,
      entry.call.countedInput.count, entry.call.rates.input, entry.call.rates.output, entry.call.rates.cacheWrite,
      entry.call.rates.cacheRead, Int64(entry.attempts), entry.units.nano,
    ]
    guard numbers.allSatisfy({ $0 >= 0 }) else {
      throw JournalProblem(.invalidRecord, "A usage entry holds a negative number.")
    }
  }
}
