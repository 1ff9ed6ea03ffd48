import NIOCore
import NIOHTTP1
import NIOPosix

/// The listener.
struct SimulatorServer {
  private static let backlog: Int32 = 1024

  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  /// Listens from here on.
  init(host: String, port: Int, threads: Int, simulator: Simulator) throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    channel = try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: Self.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            ConnectionHandler(simulator: simulator),
          ])
        }
      }
      .bind(host: host, port: port).wait()
  }

  /// The port it listens on.
  var port: Int { channel.localAddress?.port ?? 0 }

  /// Serves until the process ends.
  func run() throws {
    try channel.closeFuture.wait()
  }
}
