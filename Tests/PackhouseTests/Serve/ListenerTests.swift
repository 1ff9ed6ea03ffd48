import Core
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import packhouse

@Suite("Listeners")
struct ListenerTests {
  private static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

  @Test("An occupied port is told with the option that chooses another")
  func occupied() async throws {
    let other = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(other.localAddress?.port)
    let problems = try await sentences {
      try await listener(ListenAddress(host: "127.0.0.1", port: port)).service.run()
    }
    try await other.close()
    #expect(problems.count == 1)
    #expect(problems.first?.contains("127.0.0.1:\(port)") == true)
    #expect(problems.first?.contains("--gateway HOST:PORT") == true)
  }

  @Test("Its URL is one that can be called")
  func url() throws {
    #expect(try listener(ListenAddress(host: "127.0.0.1", port: 0)).url(port: 81) == "http://127.0.0.1:81")
    #expect(try listener(ListenAddress(host: "0.0.0.0", port: 0)).url(port: 81) == "http://127.0.0.1:81")
    #expect(try listener(ListenAddress(host: "::1", port: 0)).url(port: 81) == "http://[::1]:81")
  }

  @Test("Ports are known once all are, to whoever waits before and after")
  func ports() async throws {
    let ports = BoundPorts(expected: 2)
    async let early = ports.all()
    ports.set("a", 1)
    ports.set("b", 2)
    #expect(try await early == ["a": 1, "b": 2])
    #expect(try await ports.all() == ["a": 1, "b": 2])
  }

  @Test("Where a listener fails, nobody waits for its port for ever")
  func cancelled() async throws {
    let ports = BoundPorts(expected: 2)
    ports.set("a", 1)
    let waiting = Task { try await ports.all() }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { _ = try await waiting.value }
  }

  private func listener(_ address: ListenAddress) throws -> Listener {
    let router = Router()
    return try Listener(
      "gateway", address, router: router, tls: nil,
      protection: ListenerProtection(limits: ConnectionLimits(total: 16, perAddress: nil)), logger: Self.logger,
      bound: { _ in })
  }
}
