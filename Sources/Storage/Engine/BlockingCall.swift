import Dispatch

/// Runs work that blocks on a thread of its own queue, so that Swift's cooperative pool never waits for a disk.
enum BlockingCall {
  static func run<Value: Sendable>(
    _ label: String, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue(label: label).async {
        continuation.resume(with: Result { try work() })
      }
    }
  }
}
