import Core
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOPosix
import Testing

@testable import packhouse

@Suite("Answers to HEAD (RFC 9110, section 9.3.2)", .timeLimit(.minutes(1)))
struct HeadAnswersTests {
  /// Stands in every body, and in no head.
  private static let body = "three-words-long"

  @Test("Only the head leaves, with or without a length, and what follows on the connection is whole")
  func headOnly() async throws {
    let asked = [
      ("HEAD", "whole"), ("GET", "whole"), ("HEAD", "streamed"), ("GET", "streamed"), ("HEAD", "nothing-here"),
      ("HEAD", "whole"), ("GET", "whole"),
    ]
    let received = try await exchange(asked.map { "\($0) /\($1) HTTP/1.1\r\nhost: a\r\n" })
    let answers = received.components(separatedBy: "HTTP/1.1 ").dropFirst()
    #expect(answers.count == asked.count, "\(received)")
    for (answer, (method, path)) in zip(answers, asked) {
      let parts = answer.components(separatedBy: "\r\n\r\n")
      let status = path == "nothing-here" ? "404" : "200"
      #expect(parts[0].hasPrefix(status), "\(method) \(path): \(answer)")
      let rest = parts.dropFirst().joined(separator: "\r\n\r\n")
      switch (method, path) {
      case ("HEAD", _): #expect(rest.isEmpty, "\(method) \(path): \(answer)")
      case (_, "whole"): #expect(rest == Self.body)
      default: #expect(rest == "10\r\n\(Self.body)\r\n0\r\n\r\n")
      }
      if path == "whole" { #expect(parts[0].lowercased().contains("content-length: \(Self.body.utf8.count)")) }
    }
  }

  /// Sends requests one behind another on one connection, which the last one ends, and gives all that comes back.
  private func exchange(_ requests: [String]) async throws -> String {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let protection = ListenerProtection(limits: ConnectionLimits(total: 10, perAddress: nil))
    let router = Router(context: BasicRequestContext.self)
    for method in [HTTPRequest.Method.get, .head] {
      router.on("whole", method: method) { _, _ in
        Response(status: .ok, body: ResponseBody(byteBuffer: ByteBuffer(string: Self.body)))
      }
      router.on("streamed", method: method) { _, _ in
        Response(
          status: .ok,
          body: ResponseBody { writer in
            try await writer.write(ByteBuffer(string: Self.body))
            try await writer.finish(nil)
          })
      }
    }
    let (ports, port) = AsyncStream.makeStream(of: Int.self)
    let application = Application(
      router: router, server: .guarded(protection, gate: protection.gate("test", logger: logger), tls: nil),
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
    let running = Task { try await application.run() }
    defer { running.cancel() }
    let bound = try #require(await ports.first { _ in true })
    let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .connect(host: "127.0.0.1", port: bound) { channel in
        channel.eventLoop.makeCompletedFuture {
          try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      let last = requests.indices.last
      let text = requests.indices.map { requests[$0] + ($0 == last ? "connection: close\r\n\r\n" : "\r\n") }.joined()
      try await outbound.write(ByteBuffer(string: text))
      var received = ""
      for try await piece in inbound { received += String(buffer: piece) }
      return received
    }
  }
}
