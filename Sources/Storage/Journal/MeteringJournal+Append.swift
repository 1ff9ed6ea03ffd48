import Core
import Dispatch
import Glibc

extension MeteringJournal {
  /// Writes one record at the end of the newest segment, under the lock. After a failed write the torn part goes, so that
  /// the next can take its place.
  @discardableResult
  func append(_ frame: inout JournalFrame, to state: inout JournalState) throws -> Int64 {
    if let failure = state.failure { throw failure }
    guard !state.isClosed else { throw Self.closed }
    let sequence = state.nextSequence
    frame.seal(sequence: sequence)
    let written = write(frame, to: state)
    guard written == frame.count else {
      let reason = written < 0 ? String(cString: strerror(errno)) : "there was room for a part of the record only"
      erase(frame.count, in: state)
      let problem = JournalProblem(
        .writeFailed, "The metering journal cannot be written: \(reason). Calls are refused until it can.")
      state.lastWriteFailure = problem
      throw problem
    }
    state.lastWriteFailure = nil
    state.size += frame.count
    state.nextSequence = sequence + 1
    if !state.isDirty {
      state.isDirty = true
      wake.signal()
    }
    return sequence
  }

  private func write(_ frame: JournalFrame, to state: borrowing JournalState) -> Int {
    frame.withUnsafeBytes { bytes in
      var result = options.system.write(state.descriptor, bytes, state.size)
      while result < 0 && errno == EINTR { result = options.system.write(state.descriptor, bytes, state.size) }
      return result
    }
  }

  /// Space that was set aside is kept for the settlements of running calls: there the torn record only loses its header.
  private func erase(_ count: Int, in state: borrowing JournalState) {
    guard state.reserved < Int.max, state.size + count <= state.reserved else {
      _ = ftruncate(state.descriptor, state.size)
      return
    }
    let zeros = [UInt8](repeating: 0, count: JournalFrame.headerSize)
    _ = zeros.withUnsafeBytes { pwrite(state.descriptor, $0.baseAddress, $0.count, state.size) }
  }
}
