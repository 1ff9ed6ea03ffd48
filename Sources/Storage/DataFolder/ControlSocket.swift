import Dispatch
import Foundation
import Glibc
import Synchronization

/// The running server's ear for `packhouse` commands: a socket file that only its owner can open, one JSON object a line
/// in each direction. Decision 8. What the objects say is the caller's matter.
public final class ControlSocket: Sendable {
  /// Bytes of one request or answer.
  public static let maximumLine = 16 << 20
  /// Connections served at once; more wait.
  static let maximumConnections = 8
  /// Seconds that a silent client may keep its connection.
  static let idleSeconds = 10
  /// Seconds that a client waits for its answer.
  static let answerSeconds = 600

  public typealias Handler = @Sendable ([UInt8]) async -> [UInt8]

  private struct State {
    var isClosed = false
    var connections: Set<Int32> = []
  }

  private let listener: Int32
  private let path: String
  private let handler: Handler
  private let state = Mutex(State())
  private let places = DispatchSemaphore(value: maximumConnections)
  private let ended = DispatchGroup()

  private init(listener: Int32, path: String, handler: @escaping Handler) {
    self.listener = listener
    self.path = path
    self.handler = handler
  }

  /// Listens at `path`, on threads of its own. The caller holds the folder's lock, so a socket file that is there was
  /// left by a process that died, and is replaced.
  ///
  /// - Parameter handler: gets a line and gives the answer's line, both without a line end.
  /// - Throws: ``DataFolderProblem``.
  public static func listen(at path: String, handler: @escaping Handler) throws -> ControlSocket {
    guard let address = SocketStream.address(path) else {
      throw DataFolderProblem(
        .notUsable,
        "The path \(path) is too long for a socket (107 bytes at most); choose a data folder with a "
          + "shorter path.")
    }
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    _ = unlink(path)
    // The mode is set before the file exists, so that there is no moment in which others could connect.
    guard listener >= 0, fchmod(listener, 0o600) == 0, address.withSocketAddress({ bind(listener, $0, $1) }) == 0,
      chmod(path, 0o600) == 0, Glibc.listen(listener, 16) == 0
    else {
      let reason = String(cString: strerror(errno))
      if listener >= 0 { Glibc.close(listener) }
      throw DataFolderProblem(.notUsable, "The control socket \(path) cannot be made: \(reason).")
    }
    let server = ControlSocket(listener: listener, path: path, handler: handler)
    server.ended.enter()
    server.startThread("control") { [server] in
      server.acceptConnections()
      server.ended.leave()
    }
    return server
  }

  private func startThread(_ name: String, _ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.name = name
    thread.start()
  }

  private func acceptConnections() {
    while true {
      places.wait()
      let descriptor = accept(listener, nil, nil)
      guard descriptor >= 0 else {
        places.signal()
        if state.withLock({ $0.isClosed }) { return }
        usleep(10_000)
        continue
      }
      _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      let isAccepted = state.withLock { state in
        guard !state.isClosed else { return false }
        state.connections.insert(descriptor)
        return true
      }
      guard isAccepted else {
        Glibc.close(descriptor)
        places.signal()
        return
      }
      ended.enter()
      startThread("control-call") { [self] in
        serve(SocketStream(descriptor: descriptor))
        state.withLock { state in
          state.connections.remove(descriptor)
          _ = Glibc.close(descriptor)
        }
        places.signal()
        ended.leave()
      }
    }
  }

  private func serve(_ stream: SocketStream) {
    stream.setTimeouts(seconds: Self.idleSeconds)
    while let line = stream.readLine(limit: Self.maximumLine) {
      let answer = waitForAnswer(to: line)
      guard answer.count <= Self.maximumLine, stream.writeLine(answer) else { return }
    }
  }

  /// The thread is our own and may wait for the task.
  private func waitForAnswer(to line: [UInt8]) -> [UInt8] {
    let answer = Answer()
    Task { [handler] in answer.give(await handler(line)) }
    return answer.wait()
  }

  /// An answer on its way from a task to a thread.
  private final class Answer: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    private let done = DispatchSemaphore(value: 0)

    func give(_ answer: [UInt8]) {
      bytes.withLock { $0 = answer }
      done.signal()
    }

    func wait() -> [UInt8] {
      done.wait()
      return bytes.withLock { $0 }
    }
  }

  /// Stops listening, lets running requests finish, and removes the socket file.
  public func close() async {
    let isFirst = state.withLock { state in
      guard !state.isClosed else { return false }
      state.isClosed = true
      for descriptor in state.connections { shutdown(descriptor, Int32(SHUT_RD)) }
      return true
    }
    guard isFirst else { return }
    shutdown(listener, Int32(SHUT_RDWR))
    await withCheckedContinuation { continuation in
      ended.notify(queue: .global()) { continuation.resume() }
    }
    Glibc.close(listener)
    unlink(path)
  }
}
