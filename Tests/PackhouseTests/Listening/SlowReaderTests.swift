import Core
import Foundation
import Glibc
import Hummingbird
import Logging
import Synchronization
import Testing

@testable import packhouse

@Suite("Slow readers of a listener (L-1, L-2)", .timeLimit(.minutes(3)), .serialized)
struct SlowReaderTests {
  /// Far more than the kernel keeps for a connection, so that most of it waits in the server for the reader.
  private static let answer = 12 << 20
  /// Milliseconds without progress after which a reader is gone. Those who read pause for a small fraction of it, so that
  /// a busy machine makes no difference.
  private static let limit: Int64 = 10_000

  @Test(
    "One that reads on is not cut, though the end of its answer takes longer than the limit", arguments: [false, true])
  func steady(closesItsOutput: Bool) async throws {
    try await withServer { server in
      let start = ContinuousClock.now
      let (received, head) = try await onThread {
        let reader = try SlowReader(port: server.port)
        defer { reader.close() }
        try reader.ask(closesItsOutput: closesItsOutput)
        // Until the limit has passed one piece at a time, then what is left.
        while try reader.read(65_536) {
          if ContinuousClock.now - start < .milliseconds(Self.limit + 2_000) { usleep(100_000) }
        }
        return (reader.received, reader.head)
      }
      #expect(received == Self.answer + head)
      #expect(ContinuousClock.now - start > .milliseconds(Self.limit + 1_000), "it was slow enough to tell")
    }
  }

  @Test("One that reads on for ever is gone when its total time is over")
  func behind() async throws {
    try await withServer(behind: 2_000) { server in
      let received = try await onThread {
        let reader = try SlowReader(port: server.port)
        defer { reader.close() }
        try reader.ask()
        let start = ContinuousClock.now
        // It would take minutes.
        while server.gate.count > 0, ContinuousClock.now - start < .seconds(60) {
          _ = try reader.read(4_096)
          usleep(100_000)
        }
        return reader.received
      }
      #expect(server.gate.count == 0 && received < Self.answer)
    }
  }

  @Test("One that takes nothing is gone after the limit")
  func standing() async throws {
    try await withServer { server in
      let start = ContinuousClock.now
      let received = try await onThread {
        let reader = try SlowReader(port: server.port)
        defer { reader.close() }
        try reader.ask()
        _ = try reader.read(1_024)
        while server.gate.count > 0, ContinuousClock.now - start < .seconds(60) { usleep(20_000) }
        // What the kernel had is all that can still come.
        while try reader.read(1 << 20) {}
        return reader.received
      }
      #expect(server.gate.count == 0 && received < Self.answer)
      #expect(ContinuousClock.now - start > .milliseconds(Self.limit))
    }
  }

  @Test("When the time of the server is over, one that reads on holds it up no longer (L-2)")
  func ending() async throws {
    try await withServer { server in
      let received = try await onThread {
        let reader = try SlowReader(port: server.port)
        defer { reader.close() }
        try reader.ask()
        _ = try reader.read(1_024)
        server.end()
        while !server.hasEnded {
          // It makes progress all the time, and would for minutes.
          _ = try reader.read(16_384)
          usleep(100_000)
        }
        return reader.received
      }
      #expect(received < Self.answer)
    }
  }

  // MARK: The scene

  private func withServer(behind: Int64 = 300_000, _ body: (RunningServer) async throws -> Void) async throws {
    var protection = ListenerProtection(limits: ConnectionLimits(total: 10, perAddress: nil))
    protection.patience.reader = Self.limit
    protection.patience.behind = behind
    protection.patience.look = 100
    protection.patience.ending = 200
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let gate = protection.gate("test", logger: logger)
    let router = Router(context: BasicRequestContext.self)
    router.get("large") { _, _ in
      Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(repeating: 0x61, count: Self.answer)))
    }
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
      router: router, server: .guarded(protection, gate: gate, tls: nil),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
    let hasEnded = Flag()
    let running = Task {
      defer { hasEnded.set() }
      try await application.run()
    }
    let bound = await ports.first { _ in true }
    let server = RunningServer(port: try #require(bound), gate: gate, task: running, ended: hasEnded)
    let result = await Result { try await body(server) }
    running.cancel()
    _ = await running.result
    try result.get()
  }
}

/// A listener behind its guard.
private struct RunningServer: Sendable {
  let port: Int
  let gate: ConnectionGate
  let task: Task<Void, any Error>
  let ended: Flag

  var hasEnded: Bool { ended.isSet }

  /// As when the time of a graceful stop is over.
  func end() { task.cancel() }
}

private final class Flag: Sendable {
  private let state = Mutex(false)
  var isSet: Bool { state.withLock { $0 } }
  func set() { state.withLock { $0 = true } }
}

/// A client with a small window, which reads when it is told to.
private final class SlowReader {
  private let socket: Int32
  private(set) var received = 0
  /// Bytes of the answer's head.
  private(set) var head = 0
  private var start: [UInt8] = []

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var window: Int32 = 65_536
    setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &window, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw NoConnection() }
  }

  struct NoConnection: Error {}

  func ask(closesItsOutput: Bool = false) throws {
    let request = Array("GET /large HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n".utf8)
    guard send(socket, request, request.count, 0) == request.count else { throw NoConnection() }
    if closesItsOutput { shutdown(socket, Int32(SHUT_WR)) }
  }

  /// Reads up to `most` bytes, waiting for the first. False once nothing more comes.
  func read(_ most: Int) throws -> Bool {
    var bytes = [UInt8](repeating: 0, count: most)
    let count = recv(socket, &bytes, most, 0)
    guard count > 0 else { return false }
    received += count
    noteHead(bytes.prefix(count))
    return true
  }

  private func noteHead(_ bytes: ArraySlice<UInt8>) {
    guard head == 0 else { return }
    start += bytes
    if let end = start.firstRange(of: Array("\r\n\r\n".utf8)) { head = end.upperBound }
  }

  func close() { _ = Glibc.close(socket) }
}

/// Runs `body` on a thread of its own, so that no other test can make it pause.
private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
