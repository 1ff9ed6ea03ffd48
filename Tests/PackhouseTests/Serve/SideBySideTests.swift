import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import packhouse

@Suite("Listeners that stop together (L-2)", .timeLimit(.minutes(1)))
struct SideBySideTests {
  /// Told to stop it takes no more, and ends when it is let go.
  private final class Listening: Service {
    private let state = Mutex((isOpen: true, isHeldUp: true))

    var isOpen: Bool { state.withLock(\.isOpen) }
    func letGo() { state.withLock { $0.isHeldUp = false } }

    func run() async throws {
      try await gracefulShutdown()
      state.withLock { $0.isOpen = false }
      while state.withLock(\.isHeldUp) { try await Task.sleep(for: .milliseconds(1)) }
    }
  }

  private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  @Test("One that is held up lets the other take nothing new, and neither is forgotten")
  func together() async throws {
    for isFirst in [true, false] {
      let (held, other) = (Listening(), Listening())
      let group = ServiceGroup(
        configuration: ServiceGroupConfiguration(
          services: [
            .init(
              service: isFirst
                ? SideBySide(held, other, logger: Self.logger) : SideBySide(other, held, logger: Self.logger))
          ], logger: Self.logger))
      let running = Task { try await group.run() }
      await group.triggerGracefulShutdown()
      while held.isOpen || other.isOpen { await Task.yield() }
      other.letGo()
      held.letGo()
      try await running.value
    }
  }

  @Test("The failure of one stops the others gracefully and is told")
  func failure() async throws {
    struct Failure: Error {}
    struct Failing: Service {
      func run() async throws { throw Failure() }
    }
    let other = Listening()
    other.letGo()
    await #expect(throws: Failure.self) { try await SideBySide(other, Failing(), logger: Self.logger).run() }
    #expect(!other.isOpen)
  }
}
