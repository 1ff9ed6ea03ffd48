import Core
import Dialects
import Foundation
import Gateway
import HTTPTypes
import Platform
import TestSupport
import Testing

@Suite("Memory of request bodies at the gateway (L-1)")
struct BodyRoomTests {
  private static let stream = #"{"stream":true,"messages":[{"role":"user","content":"Hello"}]}"#
  private static let messages =
    #"{"model":"claude-sonnet-4-6","max_tokens":9,"messages":[{"role":"user","content":"Hi"}]}"#
  private static let chat = #"{"messages":[{"role":"user","content":"Hello"}]}"#
  private static let converse = #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}]}"#
  /// Room for one padded body of a key, and a little more.
  private static let limits = BodyLimits(
    total: 8_000_000, perKey: 1_500_000, perResource: 2_500_000, small: 100_000, reserve: 1_000_000)

  /// The same call with white space up to a megabyte.
  private static func padded(_ body: String) -> String {
    body + String(repeating: " ", count: 1_000_000 - body.utf8.count)
  }

  @Test("L-1, F-1: a key whose calls hold its share is told so in each dialect; others call on")
  func share() async throws {
    try await Installation.each(bodies: Self.limits) { gateway in
      let gate = Gate()
      gateway.upstream.answer { arrival async throws(UpstreamFailure) in
        if arrival.path == "/embeddings" { return .embeddings(input: 4, of: arrival) }
        if arrival.body.contains("Wait") { await gate.wait() }
        return .chat("Hi", input: 9, output: 1)
      }
      async let held = gateway.post(
        "/v1/chat/completions", as: .text, Self.padded(Self.chat.replacingOccurrences(of: "Hello", with: "Wait")))
      while gateway.upstream.arrivals.isEmpty { await Task.yield() }
      #expect(gateway.services.bodies.taken == 1_000_000)
      let replies = [
        try await gateway.post("/v1/chat/completions", as: .text, Self.padded(Self.chat)),
        try await gateway.post("/v1/messages", as: .text, Self.padded(Self.messages)),
        try await gateway.post(
          "/resources/\(Installation.textResource)/converse", as: .text, Self.padded(Self.converse)),
        try await gateway.post("/model/claude-sonnet-4-6/converse", as: .text, Self.padded(Self.converse)),
      ]
      for reply in replies {
        #expect(reply.status == 429 && reply.field("retry-after") == "2" && reply.text.contains("requests of this key"))
      }
      #expect(replies.prefix(3).allSatisfy { $0.field("x-should-retry") == "true" })
      #expect(replies[3].field("x-amzn-errortype") == "ThrottlingException")
      // What was refused holds nothing, and nobody else notices.
      #expect(gateway.services.bodies.taken == 1_000_000 && gateway.upstream.arrivals.count == 1)
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.chat).status == 200)
      #expect(try await gateway.post("/v1/chat/completions", as: .limited, Self.padded(Self.chat)).status == 200)
      #expect(try await gateway.post("/v1/embeddings", as: .embed, Self.padded(#"{"input":"Hello"}"#)).status == 200)
      gate.open()
      #expect(try await held.status == 200)
      #expect(gateway.services.bodies.taken == 0)
      #expect(try await gateway.post("/v1/chat/completions", as: .text, Self.padded(Self.chat)).status == 200)
    }
  }

  @Test("L-1: once its answer has begun a call holds no more room for its body, however long it streams")
  func streams() async throws {
    try await Installation.each(bodies: Self.limits) { gateway in
      let gate = Gate()
      let first = Gate()
      var script = UpstreamScript.stream(["One ", "two"], usage: (9, 2))
      let turns = Turns()
      script.pause = { if await turns.next() > 1 { first.open(); await gate.wait() } }
      gateway.upstream.answer(script)
      async let reply = gateway.post("/v1/chat/completions", as: .text, Self.padded(Self.stream))
      await first.wait()
      #expect(gateway.services.bodies.taken == 0)
      gate.open()
      let text = try await reply.text
      #expect(text.contains("[DONE]"))
      #expect(gateway.services.bodies.taken == 0)
    }
  }

  @Test("L-1: room comes back on every way out")
  func waysOut() async throws {
    try await Installation.each(bodies: Self.limits) { gateway in
      let (path, taken) = ("/v1/chat/completions", { gateway.services.bodies.taken })
      #expect(try await gateway.post(path, as: .text, Self.padded(Self.chat)).status == 200 && taken() == 0)
      #expect(try await gateway.post(path, as: .text, Self.padded("{")).status == 400 && taken() == 0)
      #expect(try await gateway.post(path, as: .embed, Self.padded(Self.chat)).status == 404 && taken() == 0)
      let counted = try await gateway.post("/v1/messages/count_tokens", as: .text, Self.padded(Self.messages))
      #expect(counted.status == 200 && taken() == 0)
      gateway.upstream.answer(.stream(["One"], usage: nil, failure: UpstreamFailure(.connection, "It broke.")))
      #expect(try await gateway.post(path, as: .text, Self.padded(Self.stream)).status == 200 && taken() == 0)
      gateway.upstream.answer(.stream(["One", "two", "three"], usage: (9, 3)))
      let gone = try await gateway.send(
        .post, path, as: .bearer(TestKey.text.plain), body: Self.padded(Self.stream), takes: 1)
      #expect(gone.brokeOff != nil && taken() == 0)
      gateway.upstream.fail(UpstreamFailure(.unavailable, "It is down."))
      #expect(try await gateway.post(path, as: .text, Self.padded(Self.chat)).status >= 500 && taken() == 0)
    }
  }
}

private actor Turns {
  private var count = 0

  func next() -> Int {
    count += 1
    return count
  }
}
