import ArgumentParser
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Holds many streams open at once and tells how evenly their events arrive: the load generator of the streaming
/// benchmark.
@main
struct StreamLoad: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream-load",
    abstract: "Opens many streamed calls at once and prints how long their events took, as JSON.",
    discussion: """
      The body is read from standard input and sent to each call as it is; it must ask for a stream of server-sent \
      events. A stream is whole when it held --events events and its end. Times are in milliseconds: "first" from the \
      request to the first event, "gap" between two events of one stream.
      """)

  @Option(help: "Address to call, such as http://127.0.0.1:8081/v1/chat/completions.")
  var url: String

  @Option(help: "Key, sent as a bearer token.")
  var key: String

  @Option(help: "Streams that are open at the same time.")
  var streams = 1_000

  @Option(help: "Calls that each connection makes, one after the other.")
  var rounds = 2

  @Option(help: "Events that a whole stream has, its end not counted.")
  var events: Int

  @Option(help: "Words that only end marks hold, such as [DONE].")
  var end = "[DONE]"

  @Option(help: "Seconds over which the connections begin.")
  var ramp = 5.0

  @Option(help: "Seconds after which everything must be over.")
  var deadline: Int64 = 300

  func run() throws {
    let target = try Target(url: url)
    let body = FileHandle.standardInput.readDataToEndOfFile()
    let load = Load(
      request: target.request(key: key, body: body), rounds: rounds, events: events, end: Array(end.utf8))
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    defer { try? loops.syncShutdownGracefully() }
    let loop = loops.next()
    let report = loop.makePromise(of: Report.self)
    let book = ReportBook(expected: streams, done: report)
    for index in 0..<streams {
      let delay = TimeAmount.nanoseconds(Int64(ramp * 1e9 * Double(index) / Double(max(1, streams))))
      loop.scheduleTask(in: delay) {
        Self.bootstrap(loop, load, book).connect(host: target.host, port: target.port)
          .whenFailure { _ in book.refused() }
      }
    }
    loop.scheduleTask(in: .seconds(deadline)) { book.giveUp() }
    print(try report.futureResult.wait().json)
  }

  private static func bootstrap(_ loop: any EventLoop, _ load: Load, _ book: ReportBook) -> ClientBootstrap {
    ClientBootstrap(group: loop)
      .channelOption(.socketOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(StreamHandler(load: load, book: book))
        }
      }
  }
}
