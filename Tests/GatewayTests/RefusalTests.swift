import Core
import Gateway
import HTTPTypes
import Platform
import TestSupport
import Testing

@Suite("What the gateway refuses before anything is asked or charged")
struct RefusalTests {
  static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#

  @Test(
    "A body that is not JSON is refused with the place, never with its content (F-3)",
    arguments: ["", "{", "[1,", #"{"messages":"secret words"}"#, #"{"a":"secret words}"#, "\u{0}\u{1}"])
  func malformed(body: String) async throws {
    try await Installation.each { gateway in
      let openAI = try await gateway.post("/v1/chat/completions", as: .text, body)
      #expect(openAI.status == 400)
      #expect(openAI.json("error.type") as? String == "invalid_request_error")
      #expect(!openAI.text.contains("secret"))
      let connector = try await gateway.post("\(ConnectorRoutesTests.text)/converse", as: .text, body)
      #expect(connector.status == 400)
      #expect(!connector.text.contains("secret"))
      #expect(try await gateway.entries().isEmpty)
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("A body that says that it is too large is not even read (L-1)")
  func announcedTooLarge() async throws {
    try await Installation.each { gateway in
      let length = GatewayLimits.bodyBytes + 1
      let openAI = try await gateway.send(
        .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain), pieces: [Array(Self.chat.utf8)], length: length)
      #expect(openAI.status == 413)
      #expect(openAI.json("error.code") as? String == "request_too_large")
      #expect((openAI.json("error.message") as? String)?.contains("32 MB") == true)
      let connector = try await gateway.send(
        .post, "\(ConnectorRoutesTests.text)/converse", as: .bearer(TestKey.text.plain), pieces: [[]], length: length)
      #expect(connector.status == 413)
    }
  }

  @Test("A body that grows too large without having said so is refused too (L-1)")
  func growsTooLarge() async throws {
    try await Installation.each { gateway in
      let megabyte = [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
      let pieces = Array(repeating: megabyte, count: GatewayLimits.bodyBytes >> 20)
      let tooLarge = try await gateway.send(
        .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain), pieces: pieces + [[32]], length: nil)
      #expect(tooLarge.status == 413)
      // One piece less leaves room for a call: the limit is the limit, not less.
      let fits = try await gateway.send(
        .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain),
        pieces: pieces.dropLast() + [Array(Self.chat.utf8)],
        length: nil)
      #expect(fits.status == 200)
    }
  }

  @Test("Bodies whose length is not told do not hold memory that they do not need (L-1)")
  func manyUnannounced() async throws {
    try await Installation.each { gateway in
      let gate = Gate()
      gateway.upstream.answer { _ async throws(UpstreamFailure) in
        await gate.wait()
        return .chat("Hi", input: 1, output: 1)
      }
      let statuses = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<20 {
          group.addTask {
            let reply = try? await gateway.send(
              .post, "/v1/chat/completions", as: .bearer(TestKey.text.plain), body: Self.chat, announces: false)
            return reply?.status ?? 0
          }
        }
        while gateway.upstream.arrivals.count < 20 { await Task.yield() }
        gate.open()
        return await group.reduce(into: [Int]()) { $0.append($1) }
      }
      #expect(statuses == Array(repeating: 200, count: 20))
    }
  }

  @Test(
    "An unknown address is answered with 404, a request id, and what there is",
    arguments: [
      ("GET", "/"), ("GET", "/v1/chat/completions"), ("POST", "/v1/models"), ("POST", "/v2/nothing"),
      ("DELETE", "/resources/text000001"), ("GET", "/resources"), ("GET", "/v1/models/a/b"), ("GET", "/%2e%2e/%00"),
    ])
  func unknownAddress(method: String, path: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(try #require(.init(method)), path, as: .bearer(TestKey.text.plain))
      #expect(reply.status == 404)
      #expect((reply.json("error.message") as? String)?.contains("/v1/chat/completions") == true)
    }
  }

  @Test(
    "A key of another type is told so by its head, whatever its body is (K-2)",
    arguments: [
      "/v1/chat/completions", "/v1/responses", "/v1/messages", "/v1/messages/count_tokens", "/model/x/converse",
      "/model/x/converse-stream", "/resources/\(Installation.embedResource)/converse",
      "/v1/embeddings", "/v2/embed", "/v1/embed", "/resources/\(Installation.textResource)/invoke",
    ])
  func wrongType(path: String) async throws {
    try await Installation.each { gateway in
      let isForText = !path.contains("embed0") && path.contains("embed") || path.hasSuffix("/invoke")
      let (key, words) = isForText ? (TestKey.text, "text generation resource") : (.embed, "embeddings resource")
      for body in ["{", #"{"messages":"secret words"}"#, "{}"] {
        let reply = try await gateway.post(path, as: key, body)
        #expect(reply.status == 404 && reply.text.contains(words), "\(body): \(reply.text)")
      }
      let unread = try await gateway.send(
        .post, path, as: .bearer(key.plain), pieces: [], length: GatewayLimits.bodyBytes + 1)
      #expect(unread.status == 404)
      #expect(gateway.services.places.taken == 0 && gateway.services.bodies.taken == 0)
    }
  }

  @Test("A model that is not enabled is refused with those that are (D-3)")
  func unknownModel() async throws {
    try await Installation.each { gateway in
      let named = #"{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}]}"#
      let openAI = try await gateway.post("/v1/chat/completions", as: .text, named)
      #expect(openAI.status == 404)
      #expect((openAI.json("error.message") as? String)?.contains("claude-sonnet-4-6, claude-haiku-4-5") == true)
      let connector = try await gateway.post(
        "\(ConnectorRoutesTests.text)/models/gpt-4o/converse", as: .text, ConnectorRoutesTests.chat)
      #expect(connector.status == 404)
      #expect(connector.text.contains("claude-sonnet-4-6, claude-haiku-4-5"))
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("A call beyond a limit of its model is refused with the limit, and costs nothing (F-3)")
  func modelLimits() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post("/v1/embeddings", as: .embed, #"{"input":["a","b","c","d"]}"#)
      #expect(reply.status == 400)
      #expect((reply.json("error.message") as? String)?.contains("3") == true)
      #expect(gateway.upstream.arrivals.isEmpty)
      #expect(try await gateway.entries(of: Installation.embedResource).isEmpty)
      #expect(gateway.reserved(of: Installation.embedResource) == .zero)
    }
  }
}
