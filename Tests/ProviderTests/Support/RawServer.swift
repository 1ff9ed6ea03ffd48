import NIOCore
import NIOPosix
import Synchronization
import TestSupport

/// A server that answers every request with the very bytes that a test gives it, and keeps what it was sent.
final class RawServer: Sendable {
  enum Step: Sendable {
    case send(String)
    case wait(TimeAmount)
    /// Goes on once the test opens the gate.
    case hold(Gate)
    /// Closes the connection.
    case close
  }

  private let requests = Mutex<[String]>([])
  private let channel: any Channel

  /// Whole requests, head and body, as they arrived.
  var received: [String] { requests.withLock { $0 } }
  var port: Int { channel.localAddress?.port ?? 0 }

  /// Listens on a free port of this machine while `body` runs. After the steps the connection stays open.
  static func with(_ steps: [Step], _ body: (RawServer) async throws -> Void) async throws {
    let server = try await RawServer(steps)
    do {
      try await body(server)
    } catch {
      try? await server.channel.close()
      throw error
    }
    try await server.channel.close()
  }

  private init(_ steps: [Step]) async throws {
    let (stream, arrivals) = AsyncStream<String>.makeStream()
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Handler(steps) { arrivals.yield($0) })
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    channel.closeFuture.whenComplete { _ in arrivals.finish() }
    Task { [weak self] in
      for await request in stream { self?.requests.withLock { $0.append(request) } }
    }
  }

  /// Waits for a whole request, then takes the steps.
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let steps: [Step]
    private let arrived: (String) -> Void
    private var text = ""

    init(_ steps: [Step], arrived: @escaping (String) -> Void) {
      self.steps = steps
      self.arrived = arrived
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += String(buffer: unwrapInboundIn(data))
      guard let head = text.firstRange(of: "\r\n\r\n"),
        text[head.upperBound...].utf8.count >= Self.length(in: text[..<head.lowerBound])
      else { return }
      arrived(text)
      text = ""
      take(steps[...], context)
    }

    private func take(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
      guard let step = steps.first, context.channel.isActive else { return }
      switch step {
      case .send(let text):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        take(steps.dropFirst(), context)
      case .wait(let time):
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.take(steps.dropFirst(), context) }
      case .hold(let gate):
        let opened = context.eventLoop.makePromise(of: Void.self)
        opened.completeWithTask { await gate.wait() }
        opened.futureResult.assumeIsolated().whenSuccess { self.take(steps.dropFirst(), context) }
      case .close:
        context.close(promise: nil)
      }
    }

    private static func length(in head: Substring) -> Int {
      for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
        return Int(line.dropFirst("content-length:".count).drop { $0 == " " }) ?? 0
      }
      return 0
    }
  }
}
