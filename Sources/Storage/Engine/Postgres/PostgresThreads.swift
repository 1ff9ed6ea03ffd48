import Dispatch
import Foundation
import Synchronization

/// Threads that each own one connection and take jobs from one bounded queue: libpq blocks, and Swift's cooperative
/// pool must not.
final class PostgresThreads: Sendable {
  typealias Job = @Sendable (PostgresSession) -> Void

  /// Jobs that may wait; beyond it the database is busy.
  static let maximumWaiting = 4_096

  private struct State {
    var jobs = FIFO<Job>()
    var isClosed = false
  }

  private let state = Mutex(State())
  private let available = DispatchSemaphore(value: 0)
  private let finished = DispatchGroup()
  private let count: Int

  init(count: Int, url: String) {
    self.count = count
    for number in 1...count {
      finished.enter()
      let thread = Thread { [self] in
        let session = PostgresSession(url: url)
        while let job = next() { job(session) }
        session.disconnect()
        finished.leave()
      }
      thread.name = "postgres-\(number)"
      thread.start()
    }
  }

  func submit(_ job: @escaping Job) throws {
    let problem: DatabaseProblem? = state.withLock { state in
      guard !state.isClosed else { return DatabaseProblem(.unreachable, "The database has been closed.") }
      guard state.jobs.count < Self.maximumWaiting else {
        return DatabaseProblem(.busy, "Too many requests wait for the database; try again in a moment.")
      }
      state.jobs.append(job)
      return nil
    }
    if let problem { throw problem }
    available.signal()
  }

  /// Nil once closed and empty: what was accepted is still done.
  private func next() -> Job? {
    available.wait()
    return state.withLock { $0.jobs.popFirst() }
  }

  func close() async {
    let isFirst = state.withLock { state in
      defer { state.isClosed = true }
      return !state.isClosed
    }
    guard isFirst else { return }
    for _ in 0..<count { available.signal() }
    await withCheckedContinuation { continuation in
      finished.notify(queue: .global()) { continuation.resume() }
    }
  }
}
