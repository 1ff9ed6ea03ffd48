import Core
import Foundation
import Glibc
import Synchronization

extension MeteringJournal {
  /// How often the disk was synced since the journal was opened. Rule M-7: it does not grow with the number of calls.
  public var syncCount: Int { state.withLock { $0.syncs } }

  /// The body of the journal's own thread.
  func runSyncThread() {
    let clock = ContinuousClock()
    var isOpen = true
    while isOpen {
      wake.wait()
      let start = clock.now
      isOpen = syncOnce()
      let rest = Duration.milliseconds(options.syncInterval) - (clock.now - start)
      if isOpen, rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
    }
    state.withLock { state in
      state.hasEnded = true
      _ = Glibc.close(state.descriptor)
      state.descriptor = -1
    }
    ended.leave()
  }

  /// Syncs what has been written; false once the journal is closed or has failed.
  private func syncOnce() -> Bool {
    let (descriptor, target, isClosed) = state.withLock { state in
      state.isDirty = false
      state.syncs += 1
      return (state.descriptor, state.nextSequence - 1, state.isClosed)
    }
    guard sync(descriptor) else { return false }
    finishWaiting(upTo: target)
    if isClosed {
      trimNewestSegment()
      return false
    }
    let isFull = state.withLock { $0.size * 2 >= options.segmentBytes }
    return isFull ? beginNextSegment() : true
  }

  private func finishWaiting(upTo target: Int64) {
    let ready = state.withLock { state in
      state.durable = target
      let ready = state.waiters.filter { $0.sequence <= target }
      state.waiters.removeAll { $0.sequence <= target }
      return ready
    }
    for waiter in ready { waiter.continuation.resume() }
  }

  /// A failed sync is never tried again: the system may have thrown the data away already.
  private func sync(_ descriptor: Int32) -> Bool {
    guard options.system.sync(descriptor) != 0 else { return true }
    let problem = JournalProblem(
      .syncFailed,
      "The disk failed to confirm what was written to the metering journal: \(String(cString: strerror(errno))). "
        + "The process ends, because nothing recorded since can be relied on.")
    let waiters = state.withLock { state in
      state.failure = problem
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(throwing: problem) }
    onFsyncFailure(problem)
    return false
  }

  /// Goes on in a new file. Where the disk has no room for one, the old file serves as long as it can.
  private func beginNextSegment() -> Bool {
    let next = JournalSegment(folder: folder, index: state.withLock { $0.segment.index } + 1)
    guard let fresh = try? JournalFile.create(next, options: options) else { return true }
    let header = state.withLock { state -> (old: Int32, size: Int)? in
      let bytes = JournalSegment.header(id: id, nextSequence: state.nextSequence)
      guard fresh.write(bytes, options: options) else { return nil }
      defer {
        state.segment = next
        state.descriptor = fresh.descriptor
        state.size = bytes.count
        state.reserved = fresh.reserved
        state.segments.append(.init(segment: next))
      }
      return (state.descriptor, state.size)
    }
    guard let old = header else {
      fresh.discard()
      return true
    }
    // What was written to the old file since the last sync counts as durable only after this one.
    let isSynced = sync(old.old)
    _ = ftruncate(old.old, old.size)
    _ = Glibc.close(old.old)
    JournalFile.syncFolder(folder)
    return isSynced
  }

  private func trimNewestSegment() {
    let (descriptor, size) = state.withLock { ($0.descriptor, $0.size) }
    _ = ftruncate(descriptor, size)
  }

  /// Syncs for the last time and ends the journal's thread. Calls that are still open are found by the next start.
  public func close() async {
    state.withLock { $0.isClosed = true }
    wake.signal()
    await withCheckedContinuation { continuation in
      ended.notify(queue: .global()) { continuation.resume() }
    }
    let waiters = state.withLock { state in
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.continuation.resume(throwing: Self.closed) }
  }
}
