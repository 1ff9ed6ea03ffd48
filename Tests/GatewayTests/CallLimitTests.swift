import Core
import Gateway
import HTTPTypes
import Platform
import TestSupport
import Testing

@Suite("Limits of calls at the gateway")
struct CallLimitTests {
  private static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#
  private static let stream = #"{"stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
  private static let messages =
    #"{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"#
  private static let converse = #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#

  private static func limits(perKey: Int? = nil, perResource: Int? = nil, perMinute: Int? = nil) -> CallLimits {
    CallLimits(perKey: perKey, perResource: perResource, total: 1_000, perMinute: perMinute)
  }

  @Test("Too many at a time: 429 with a retry in each dialect, before the provider is asked (L-1, F-1)")
  func atATime() async throws {
    try await Installation.each(limits: Self.limits(perKey: 1)) { gateway in
      let gate = Gate()
      gateway.upstream.answer { _ async throws(UpstreamFailure) in
        await gate.wait()
        return .chat("Hi", input: 9, output: 1)
      }
      async let first = gateway.post("/v1/chat/completions", as: .text, Self.chat)
      while gateway.upstream.arrivals.isEmpty { await Task.yield() }
      let replies = [
        try await gateway.post("/v1/chat/completions", as: .text, Self.chat),
        try await gateway.post("/v1/messages", as: .text, Self.messages),
        try await gateway.post("/resources/\(Installation.textResource)/converse", as: .text, Self.converse),
        try await gateway.post("/model/claude-sonnet-4-6/converse", as: .text, Self.converse),
      ]
      for reply in replies {
        #expect(reply.status == 429 && reply.field("retry-after") == "1")
        #expect(reply.text.contains("This key has 1 calls running") && reply.text.contains("protection.callsPerKey"))
      }
      #expect(replies.prefix(3).allSatisfy { $0.field("x-should-retry") == "true" })
      #expect(replies[0].json("error.code") as? String == "rate_limit_exceeded")
      #expect(replies[1].json("error.type") as? String == "rate_limit_error")
      #expect(replies[3].field("x-amzn-errortype") == "ThrottlingException")
      #expect(gateway.upstream.arrivals.count == 1)
      gate.open()
      #expect(try await first.status == 200)
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
      #expect(gateway.services.places.taken == 0)
    }
  }

  @Test("All keys of a resource share its places; other resources have their own (L-1)")
  func perResource() async throws {
    try await Installation.each(limits: Self.limits(perResource: 1)) { gateway in
      let gate = Gate()
      gateway.upstream.answer { arrival async throws(UpstreamFailure) in
        if arrival.path == "/embeddings" { return .embeddings(input: 4, of: arrival) }
        await gate.wait()
        return .chat("Hi", input: 9, output: 1)
      }
      async let first = gateway.post("/v1/chat/completions", as: .text, Self.chat)
      while gateway.upstream.arrivals.isEmpty { await Task.yield() }
      let other = try await gateway.post("/v1/chat/completions", as: .limited, Self.chat)
      #expect(other.status == 429 && other.text.contains("over all its keys"))
      #expect(try await gateway.post("/v1/embeddings", as: .embed, #"{"input":"Hello"}"#).status == 200)
      gate.open()
      #expect(try await first.status == 200)
    }
  }

  @Test("Too many in a minute: the answer says when the next is possible, and by then it is (L-1, F-1)")
  func perMinute() async throws {
    try await Installation.each(limits: Self.limits(perMinute: 2)) { gateway in
      for _ in 0..<2 { #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200) }
      let refused = try await gateway.post("/v1/chat/completions", as: .text, Self.chat)
      #expect(refused.status == 429 && refused.field("retry-after") == "5")
      #expect(refused.text.contains("2 calls a minute") && refused.text.contains("possible in 30 s"))
      #expect(try await gateway.post("/v1/chat/completions", as: .limited, Self.chat).status == 200)
      gateway.clock.advance(milliseconds: 30_000)
      await gateway.feed.poll()
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
    }
  }

  @Test("A place comes back once on every way out (L-1)")
  func waysOut() async throws {
    try await Installation.each(limits: Self.limits(perKey: 1)) { gateway in
      let path = "/v1/chat/completions"
      let taken = { gateway.services.places.taken }
      #expect(try await gateway.post(path, as: .text, Self.chat).status == 200)
      #expect(taken() == 0)
      #expect(try await gateway.post(path, as: .text, "{").status == 400)
      #expect(taken() == 0)
      gateway.upstream.answer(.stream(["One", "two"], usage: (9, 2)))
      #expect(try await gateway.post(path, as: .text, Self.stream).text.contains("[DONE]"))
      #expect(taken() == 0)
      gateway.upstream.answer(.stream(["One"], usage: nil, failure: UpstreamFailure(.connection, "It broke.")))
      #expect(try await gateway.post(path, as: .text, Self.stream).status == 200)
      #expect(taken() == 0)
      gateway.upstream.answer(.stream(["One", "two", "three"], usage: (9, 3)))
      let gone = try await gateway.send(.post, path, as: .bearer(TestKey.text.plain), body: Self.stream, takes: 1)
      #expect(gone.brokeOff != nil && taken() == 0)
      gateway.upstream.fail(UpstreamFailure(.unavailable, "It is down."))
      #expect(try await gateway.post(path, as: .text, Self.chat).status >= 500)
      #expect(taken() == 0)
      let tooLarge = try await gateway.send(
        .post, path, as: .bearer(TestKey.text.plain), pieces: [], length: GatewayLimits.bodyBytes + 1)
      #expect(tooLarge.status == 413 && taken() == 0)
    }
  }

  @Test("Who is refused for the resource or the key has taken no place (L-1)")
  func strangers() async throws {
    try await Installation.each(limits: Self.limits(perMinute: 1)) { gateway in
      for key in [TestKey.unknown, .revoked, .typo] {
        let refused = try await gateway.post("/v1/chat/completions", as: key, Self.chat)
        #expect([401, 403].contains(refused.status))
      }
      #expect(gateway.services.places.taken == 0)
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
    }
  }

  @Test("A packed body is 415 in each dialect, and its sentence says how to send it (F-3)")
  func packed() async throws {
    try await Installation.each { gateway in
      for path in [
        "/v1/chat/completions", "/v1/messages", "/model/m/converse", "/resources/\(Installation.textResource)/converse",
      ] {
        let reply = try await gateway.post(path, as: .text, "packed", headers: [("content-encoding", "gzip")])
        #expect(reply.status == 415 && reply.text.contains("without Content-Encoding"), "\(path)")
        let plain = try await gateway.post(path, as: .text, "{", headers: [("content-encoding", "identity")])
        #expect(plain.status == 400, "\(path)")
      }
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }
}
