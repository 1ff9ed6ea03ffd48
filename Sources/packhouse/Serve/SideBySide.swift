import Logging
import ServiceLifecycle

/// Services that start and stop together. A group of services stops one after the other, so that a connection which holds
/// up one listener would let the next take new requests for as long. Rule L-2.
struct SideBySide: Service {
  let services: [any Service]
  let logger: Logger

  init(_ services: any Service..., logger: Logger) {
    self.services = services
    self.logger = logger
  }

  /// Returns once all have ended. Where one throws, the others are stopped gracefully, and then its error is thrown.
  func run() async throws {
    // Each in a group of its own, which hears of a graceful stop from outside and can be told of one here.
    let groups = services.map { ServiceGroup(services: [$0], logger: logger) }
    let failure = await withTaskGroup(of: (any Error)?.self) { tasks in
      for group in groups {
        tasks.addTask {
          do { try await group.run() } catch { return error }
          return nil
        }
      }
      var first: (any Error)?
      for await failure in tasks where failure != nil && first == nil {
        first = failure
        for group in groups { await group.triggerGracefulShutdown() }
      }
      return first
    }
    if let failure { throw failure }
  }
}
