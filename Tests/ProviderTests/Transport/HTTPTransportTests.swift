import Core
import Foundation
import NIOCore
import NIOPosix
import Providers
import TestSupport
import Testing

@Suite("The transport to providers")
struct HTTPTransportTests {
  static let whole = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-type: text/plain\r\n\r\nhello"

  @Test("A request goes out with the account's prefix, its credentials and our request id")
  func request() async throws {
    try await RawServer.with([.send(Self.whole)]) { server in
      try await withTransport(to: server, prefix: "/v1", authorizer: BearerAuthorization(token: "tok")) { transport in
        let answer = try await open(transport, path: "/model/a%3A0/converse", body: "{\"a\":1}")
        #expect(answer.status == 200)
        #expect(answer.headers.value(of: "Content-Type") == "text/plain")
        let body = try await pieces(of: answer)
        #expect(body.joined() == "hello")
      }
      let sent = try #require(server.received.first)
      #expect(sent.hasPrefix("POST /v1/model/a%3A0/converse HTTP/1.1\r\n"))
      let lines = sent.lowercased().components(separatedBy: "\r\n")
      for line in ["host: 127.0.0.1:\(server.port)", "authorization: bearer tok", "x-request-id: req_1", "x-own: yes"] {
        #expect(lines.filter { $0 == line }.count == 1, "\(line)")
      }
      #expect(lines.contains("content-length: 7"))
      #expect(sent.hasSuffix("\r\n\r\n{\"a\":1}"))
    }
  }

  @Test("What is signed is what is sent: host, path and body")
  func signed() async throws {
    let clock = WallClock { Instant(milliseconds: 1_773_568_800_000) }
    try await RawServer.with([.send(Self.whole)]) { server in
      let signature = SignatureV4(
        accessKeyID: "AK", secret: "s", sessionToken: nil, region: "eu-central-1", service: "bedrock")
      try await withTransport(
        to: server, authorizer: SignatureV4Authorization(signature: signature, clock: clock)
      ) { transport in
        _ = try await pieces(of: open(transport, path: "/model/a%3A0/converse", body: "{}"))
      }
      let expected = signature.fields(
        method: "POST", path: "/model/a%3A0/converse",
        headers: [HTTPField("x-own", "yes"), HTTPField("host", "127.0.0.1:\(server.port)")], body: Array("{}".utf8),
        at: clock.now()
      ).value(of: "authorization")
      let sent = try #require(server.received.first)
      let authorization = try #require(expected)
      #expect(sent.contains(authorization))
    }
  }

  @Test("As many answers stream from one host at a time as calls may run (L-1)")
  func manyAtOnce() async throws {
    // More than the library allows one host by itself; few enough for the open files of this process.
    let (gate, calls) = (Gate(), 40)
    let begin = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n"
    try await RawServer.with([.send(begin), .hold(gate), .send("0\r\n\r\n")]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 60_000), calls: calls) { transport in
        var answers: [UpstreamAnswer] = []
        for _ in 0..<calls { answers.append(try await open(transport)) }
        #expect(answers.count == calls)
        gate.open()
        for answer in answers { #expect(try await pieces(of: answer).joined() == "one") }
      }
    }
  }

  @Test(
    "Once all is there, its end is waited for no longer than was said, and the connection let go",
    .timeLimit(.minutes(2)))
  func expectsEnd() async throws {
    let gate = Gate()
    let begin = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n"
    try await RawServer.with([.send(begin), .hold(gate)]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 600_000)) { transport in
        let body = try await open(transport).body
        func read(_ pieces: any AsyncIteratorProtocol<[UInt8], any Error>) async throws {
          var ending = try #require(pieces as? any EndingPieces<[UInt8], any Error>)
          #expect(try await ending.next(isolation: nil) == Array("one".utf8))
          ending.expectEnd(within: 50)
          await #expect { _ = try await ending.next(isolation: nil) } throws: { error in
            (error as? UpstreamFailure)?.kind == .timeout
          }
        }
        try await read(body.makeAsyncIterator())
        gate.open()
      }
    }
  }

  @Test("Pieces are handed on as they arrive, not when the body is whole")
  func streaming() async throws {
    let gate = Gate()
    let steps: [RawServer.Step] = [
      .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n"), .hold(gate),
      .send("3\r\ntwo\r\n0\r\n\r\n"),
    ]
    try await RawServer.with(steps) { server in
      try await withTransport(to: server) { transport in
        let answer = try await open(transport)
        var texts: [String] = []
        // The server says no more until the first piece was read here.
        for try await piece in answer.body {
          texts.append(String(decoding: piece, as: UTF8.self))
          gate.open()
        }
        #expect(texts == ["one", "two"])
      }
    }
  }

  @Test("A redirect is an answer like any other: it is not followed (L-3)", arguments: [301, 302, 307, 308])
  func redirect(status: Int) async throws {
    try await RawServer.with([.send(Self.whole)]) { elsewhere in
      let answer =
        "HTTP/1.1 \(status) Moved\r\nlocation: http://127.0.0.1:\(elsewhere.port)/\r\ncontent-length: 0\r\n\r\n"
      try await RawServer.with([.send(answer)]) { server in
        try await withTransport(to: server) { transport in
          let answer = try await open(transport)
          #expect(answer.status == status)
        }
      }
      #expect(elsewhere.received.isEmpty)
    }
  }

  @Test("An error's body can be read", arguments: [400, 429, 500])
  func errorBody(status: Int) async throws {
    try await RawServer.with([.send("HTTP/1.1 \(status) Oh\r\nretry-after: 7\r\ncontent-length: 4\r\n\r\nwhy?")]) {
      server in
      try await withTransport(to: server) { transport in
        let answer = try await open(transport)
        #expect(answer.status == status)
        #expect(answer.headers.value(of: "retry-after") == "7")
        let body = try await pieces(of: answer)
        #expect(body.joined() == "why?")
      }
    }
  }

  private func open(
    _ transport: HTTPTransport, path: String = "/x", body: String = "{}"
  ) async throws -> UpstreamAnswer {
    try await transport.open(
      UpstreamRequest(path: path, headers: [HTTPField("x-own", "yes")], body: Sensitive(Array(body.utf8))),
      requestID: RequestID("req_1"))
  }

  private func pieces(of answer: UpstreamAnswer) async throws -> [String] {
    var pieces: [String] = []
    for try await piece in answer.body { pieces.append(String(decoding: piece, as: UTF8.self)) }
    return pieces
  }
}

/// A transport to a server of this machine, with time-outs that a test can wait for.
func withTransport(
  to server: RawServer, prefix: String = "", authorizer: any RequestAuthorizer = NoAuthorization(),
  timeouts: ProviderTimeouts = .test(), calls: Int = 256, _ body: (HTTPTransport) async throws -> Void
) async throws {
  try await withTransport(
    port: server.port, prefix: prefix, authorizer: authorizer, timeouts: timeouts, calls: calls, body)
}

func withTransport(
  port: Int, prefix: String = "", authorizer: any RequestAuthorizer = NoAuthorization(),
  timeouts: ProviderTimeouts = .test(), calls: Int = 256, _ body: (HTTPTransport) async throws -> Void
) async throws {
  let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton, calls: calls)
  do {
    let endpoint = try UpstreamEndpoint(name: "testprovider", address: "http://127.0.0.1:\(port)\(prefix)")
    try await body(HTTPTransport(client: client, endpoint: endpoint, authorizer: authorizer, timeouts: timeouts))
  } catch {
    try? await client.shutDown()
    throw error
  }
  try await client.shutDown()
}

extension ProviderTimeouts {
  /// Long enough for a busy machine, but for what is given.
  static func test(firstByte: Int64 = 20_000, idle: Int64 = 20_000, total: Int64 = 60_000) -> ProviderTimeouts {
    ProviderTimeouts(connect: 5_000, firstByte: firstByte, idle: idle, total: total)
  }
}
