import Core
import NIOCore
import NIOPosix
import Providers
import Testing

@Suite("When the connection to a provider fails (N-3, N-4)")
struct HTTPTransportFailureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: [RawServer.Step]
    let kind: UpstreamFailure.Kind

    var testDescription: String { name }
  }

  @Test(
    "What breaks off is told as what it is",
    arguments: [
      Case(name: "closed before the head", steps: [.close], kind: .connection),
      Case(name: "closed inside the head", steps: [.send("HTTP/1.1 200 OK\r\ncont"), .close], kind: .connection),
      Case(
        name: "body shorter than announced",
        steps: [.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nsecret"), .wait(.milliseconds(20)), .close],
        kind: .connection),
      Case(
        name: "cut inside a chunk",
        steps: [
          .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n20\r\nsecret"), .wait(.milliseconds(20)), .close,
        ], kind: .connection),
      Case(
        name: "cut between chunks",
        steps: [
          .send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n6\r\nsecret\r\n"), .wait(.milliseconds(20)),
          .close,
        ], kind: .connection),
      Case(name: "no HTTP at all", steps: [.send("secret words\r\n\r\n")], kind: .garbled),
      Case(name: "silent before the head", steps: [], kind: .timeout),
      Case(
        name: "silent inside the body",
        steps: [.send("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\nsecret")], kind: .timeout),
    ])
  func breaks(example: Case) async throws {
    try await RawServer.with(example.steps) { server in
      // What is told by an end needs no short wait, so that a busy machine does not take it for silence.
      let silence: Int64 = example.kind == .timeout ? 400 : 20_000
      try await withTransport(to: server, timeouts: .test(firstByte: silence, idle: silence)) { transport in
        let failure = await failure(transport)
        #expect(failure?.kind == example.kind)
        #expect(failure?.message.contains("testprovider") == true)
        #expect(failure?.message.contains("secret") == false)
      }
    }
  }

  @Test("Where nobody listens, that is known at once")
  func refused() async throws {
    // A port that was free a moment ago.
    let closed = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(closed.localAddress?.port)
    try await closed.close()
    try await withTransport(port: port) { transport in
      let start = ContinuousClock.now
      let failure = await failure(transport)
      #expect(failure?.kind == .connection)
      #expect(ContinuousClock.now - start < .seconds(4))
    }
  }

  @Test("An answer that trickles for ever ends with its total time (N-4)")
  func total() async throws {
    var steps: [RawServer.Step] = [.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")]
    for _ in 0..<400 { steps += [.wait(.milliseconds(50)), .send("1\r\nx\r\n")] }
    try await RawServer.with(steps) { server in
      try await withTransport(to: server, timeouts: .test(total: 700)) { transport in
        let start = ContinuousClock.now
        let failure = await failure(transport)
        #expect(failure?.kind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(15))
      }
    }
  }

  @Test("The time until the head counts into the total time as well (N-4)")
  func totalBeforeHead() async throws {
    try await RawServer.with([]) { server in
      try await withTransport(to: server, timeouts: .test(total: 400)) { transport in
        #expect(await failure(transport)?.kind == .timeout)
      }
    }
  }

  @Test(
    "Of the total time an attempt has what earlier ones have left, before its head, in its body and in silence (N-4)")
  func totalOfAllAttempts() async throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n"
    let trickle: [RawServer.Step] = (0..<400).flatMap { _ in
      [RawServer.Step.wait(.milliseconds(50)), .send("1\r\nx\r\n")]
    }
    for steps in [[], [RawServer.Step.send(head)], [RawServer.Step.send(head)] + trickle] {
      try await RawServer.with(steps) { server in
        try await withTransport(to: server, timeouts: .test(total: 60_000)) { transport in
          let start = ContinuousClock.now
          #expect(await failure(transport, elapsed: 59_300)?.kind == .timeout)
          #expect(ContinuousClock.now - start < .seconds(15))
        }
      }
    }
    // With nothing left it fails at once, and with enough left it is not cut.
    try await RawServer.with([.send("\(head)0\r\n\r\n")]) { server in
      try await withTransport(to: server, timeouts: .test(total: 60_000)) { transport in
        #expect(await failure(transport, elapsed: 61_000)?.kind == .timeout)
        #expect(await failure(transport, elapsed: 30_000) == nil)
      }
    }
  }

  @Test("A first attempt that falls silent in its body ends with its total time, though a piece may take longer (N-4)")
  func totalInSilence() async throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n"
    try await RawServer.with([.send(head)]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 60_000, idle: 60_000, total: 500)) { transport in
        let start = ContinuousClock.now
        #expect(await failure(transport)?.kind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(30))
      }
    }
  }

  @Test("First byte and idle are limited each by itself, whichever is shorter (N-4)")
  func firstByteAndIdle() async throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
    // Slow to begin, then steady.
    try await RawServer.with([.wait(.milliseconds(700)), .send("\(head)1\r\nx\r\n0\r\n\r\n")]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 20_000, idle: 300)) { transport in
        #expect(await failure(transport) == nil)
      }
    }
    // Slower than connecting, which the first byte has on top, and the first byte may be together.
    try await RawServer.with([]) { server in
      var impatient = ProviderTimeouts.test(firstByte: 200)
      impatient.connect = 2_000
      try await withTransport(to: server, timeouts: impatient) { transport in
        #expect(await failure(transport)?.kind == .timeout)
      }
    }
    // Quick to begin, then silent.
    try await RawServer.with([.send("\(head)1\r\nx\r\n")]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 20_000, idle: 300)) { transport in
        let start = ContinuousClock.now
        #expect(await failure(transport)?.kind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(15))
      }
    }
  }

  @Test("A watched body arrives whole, piece by piece, and ends as it ends (N-4, L-1)")
  func watchedBody() async throws {
    var steps: [RawServer.Step] = [.send("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")]
    for number in 0..<300 { steps.append(.send("4\r\n\(1_000 + number)\r\n")) }
    try await RawServer.with(steps + [.send("0\r\n\r\n")]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 20_000, idle: 10_000)) { transport in
        let answer = try await transport.open(
          UpstreamRequest(path: "/x", headers: [], body: Sensitive([])), requestID: RequestID("req_1"))
        var text = ""
        for try await piece in answer.body { text += String(decoding: piece, as: UTF8.self) }
        #expect(text == (0..<300).map { "\(1_000 + $0)" }.joined())
      }
    }
    try await RawServer.with(steps + [.close]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 20_000, idle: 10_000)) { transport in
        #expect(await failure(transport)?.kind == .connection)
      }
    }
  }

  @Test("Whoever stops reading a watched body, or is cancelled, lets go of it (L-1)")
  func watchedBodyIsLetGo() async throws {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n"
    try await RawServer.with([.send(head)]) { server in
      try await withTransport(to: server, timeouts: .test(firstByte: 20_000, idle: 10_000)) { transport in
        let request = UpstreamRequest(path: "/x", headers: [], body: Sensitive([]))
        do {
          let answer = try await transport.open(request, requestID: RequestID("req_1"))
          for try await _ in answer.body { break }
        }
        let start = ContinuousClock.now
        let reading = Task { await failure(transport) }
        try await Task.sleep(for: .milliseconds(100))
        reading.cancel()
        #expect(await reading.value?.kind == .timeout)
        #expect(ContinuousClock.now - start < .seconds(8))
      }
    }
  }

  @Test("A name that does not exist and a server without TLS are told in words (N-5)")
  func unreached() async throws {
    let client = UpstreamClient(eventLoops: MultiThreadedEventLoopGroup.singleton)
    do {
      let nowhere = try UpstreamEndpoint(name: "testprovider", address: "https://nowhere.invalid")
      let unknown = await failure(HTTPTransport(client: client, endpoint: nowhere, authorizer: NoAuthorization()))
      #expect(unknown?.kind == .connection)
      #expect(unknown?.message == "The host name of the provider testprovider can't be resolved (DNS).")
      try await RawServer.with([.close]) { server in
        let plain = try UpstreamEndpoint(name: "testprovider", address: "https://127.0.0.1:\(server.port)")
        let failure = await failure(HTTPTransport(client: client, endpoint: plain, authorizer: NoAuthorization()))
        #expect(failure?.kind == .connection)
      }
    } catch {
      try? await client.shutDown()
      throw error
    }
    try await client.shutDown()
  }

  /// How one exchange fails; nil where it does not.
  private func failure(_ transport: HTTPTransport, elapsed: Int64 = 0) async -> UpstreamFailure? {
    var request = UpstreamRequest(path: "/x", headers: [], body: Sensitive(Array("{}".utf8)))
    request.elapsedMilliseconds = elapsed
    do {
      let answer = try await transport.open(request, requestID: RequestID("req_1"))
      for try await _ in answer.body {}
      return nil
    } catch {
      return error as? UpstreamFailure
    }
  }
}
