import Dispatch
import Synchronization

/// A few threads for work that is too heavy for Swift's own, with a limit on what may wait for them.
final class BoundedExecutor: Sendable {
  private let lanes: [DispatchQueue]
  /// Running and waiting in each lane.
  private let loads: Mutex<[Int]>
  private let limit: Int

  /// At most `limit` pieces of work run or wait at once.
  init(label: String, lanes: Int, limit: Int) {
    self.lanes = (0..<lanes).map { DispatchQueue(label: "\(label).\($0)") }
    self.limit = limit
    loads = Mutex(Array(repeating: 0, count: lanes))
  }

  /// Runs `work` on one of the threads. Throws ``PlatformError/unavailable(_:)`` at once where too much waits.
  func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    let shortest = loads.withLock { loads -> Int? in
      guard loads.reduce(0, +) < limit, let lane = loads.indices.min(by: { loads[$0] < loads[$1] }) else { return nil }
      loads[lane] += 1
      return lane
    }
    guard let lane = shortest else {
      throw PlatformError.unavailable("Too many people are signing in just now. Try again in a few seconds.")
    }
    defer { loads.withLock { $0[lane] -= 1 } }
    return try await withCheckedThrowingContinuation { continuation in
      lanes[lane].async { continuation.resume(with: Result { try work() }) }
    }
  }
}
