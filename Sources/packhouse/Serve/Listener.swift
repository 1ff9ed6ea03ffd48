import Glibc
import Hummingbird
import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// One listener: an address, its routes, and the port that it got.
struct Listener: Sendable {
  let name: String
  let address: ListenAddress
  let isSecure: Bool
  let service: any Service

  /// - Parameters:
  ///   - protection: what its clients can take of it.
  ///   - bound: told the listener's port once it answers.
  init<Context: RequestContext>(
    _ name: String, _ address: ListenAddress, router: Router<Context>, tls: TLSConfiguration?,
    protection: ListenerProtection, logger: Logger, bound: @escaping @Sendable (Int) -> Void
  ) throws where Context.Source == ApplicationRequestContextSource {
    self.name = name
    self.address = address
    isSecure = tls != nil
    let application = Application(
      router: router,
      server: .guarded(protection, gate: protection.gate(name, logger: logger), tls: tls),
      configuration: ApplicationConfiguration(
        address: .hostname(address.host, port: address.port), serverName: "packhouse"),
      onServerRunning: { channel in bound(channel.localAddress?.port ?? 0) },
      logger: logger)
    service = ListenerService(application: application, name: name, address: address)
  }

  /// Such as `https://127.0.0.1:8443`.
  func url(port: Int) -> String {
    let host = address.host.contains(":") ? "[\(address.host)]" : address.host
    return "\(isSecure ? "https" : "http")://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)"
  }
}

/// Runs an application and says in words why it could not listen.
private struct ListenerService<Wrapped: Service>: Service {
  let application: Wrapped
  let name: String
  let address: ListenAddress

  func run() async throws {
    do {
      try await application.run()
    } catch let error as IOError {
      let place = "\(address.host):\(address.port)"
      switch error.errnoCode {
      case EADDRINUSE:
        throw SettingsProblem([
          "The \(name) listener can't have \(place): another program listens there. Stop it, or choose another with "
            + "--\(name) HOST:PORT (port 0 picks a free one)."
        ])
      case EACCES:
        throw SettingsProblem([
          "The \(name) listener may not have \(place). Ports below 1024 need root; choose another one."
        ])
      case EADDRNOTAVAIL:
        throw SettingsProblem(["The \(name) listener can't have \(place): this machine has no such address."])
      default:
        throw SettingsProblem(["The \(name) listener can't have \(place): \(error)"])
      }
    }
  }
}

/// Collects the ports of all listeners and lets whoever waits go on once the last is known.
final class BoundPorts: Sendable {
  private struct State {
    var ports: [String: Int] = [:]
    var waiters: [Waiter] = []
    var isCancelled = false

    mutating func takeWaiters() -> [Waiter] {
      defer { waiters = [] }
      return waiters
    }
  }

  private let expected: Int
  private let state = Mutex(State())

  init(expected: Int) { self.expected = expected }

  func set(_ name: String, _ port: Int) {
    let (waiters, ports) = state.withLock { state in
      state.ports[name] = port
      return (state.ports.count == expected ? state.takeWaiters() : [], state.ports)
    }
    for waiter in waiters { waiter.resume(returning: ports) }
  }

  /// The ports by listener, once all are bound. Throws `CancellationError` where one could not be and all end.
  func all() async throws -> [String: Int] {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let outcome = state.withLock { state -> Result<[String: Int], any Error>? in
          if state.ports.count == expected { return .success(state.ports) }
          if state.isCancelled { return .failure(CancellationError()) }
          state.waiters.append(continuation)
          return nil
        }
        if let outcome { continuation.resume(with: outcome) }
      }
    } onCancel: {
      let waiters = state.withLock { state in
        state.isCancelled = true
        return state.takeWaiters()
      }
      for waiter in waiters { waiter.resume(throwing: CancellationError()) }
    }
  }

  private typealias Waiter = CheckedContinuation<[String: Int], any Error>
}
