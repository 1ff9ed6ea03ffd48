import NIOCore
import NIOHTTP1
import NIOPosix

/// The listener.
struct SimulatorServer {
  private static let backlog: Int32 = 1024

  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel
  /// The port of each region that has one of its own.
  private(set) var regionPorts: [String: Int] = [:]

  /// Listens from here on; each of the regions gets a free port of its own.
  init(host: String, port: Int, threads: Int, regions: [String], simulator: Simulator) throws {
    group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    channel = try Self.listen(group, host, port, region: "", simulator)
    for region in regions {
      regionPorts[region] = try Self.listen(group, host, 0, region: region, simulator).localAddress?.port ?? 0
    }
  }

  private static func listen(
    _ group: MultiThreadedEventLoopGroup, _ host: String, _ port: Int, region: String, _ simulator: Simulator
  ) throws -> any Channel {
    try ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            ConnectionHandler(simulator: simulator, region: region),
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
