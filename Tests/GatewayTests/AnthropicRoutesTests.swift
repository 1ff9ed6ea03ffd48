import Core
import HTTPTypes
import TestSupport
import Testing

@Suite("Anthropic's routes")
struct AnthropicRoutesTests {
  static let prefixes = ["", "/anthropic"]
  static let version = [("anthropic-version", "2023-06-01")]
  static let body = #"{"model":"sonnet","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}"#

  @Test("A message is answered by any provider, and metered as it reported (D-1, M-6)", arguments: prefixes)
  func message(prefix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(
        .post, "\(prefix)/v1/messages", as: .field("x-api-key", TestKey.text.plain), headers: Self.version,
        body: Self.body)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "application/json")
      #expect(reply.field("request-id") == reply.requestID.text)
      #expect(reply.json("type") as? String == "message")
      #expect(reply.json("content.0.text") as? String == "Hello back")
      #expect(reply.json("stop_reason") as? String == "end_turn")
      #expect(reply.json("model") as? String == "claude-sonnet-4-6")
      #expect(reply.json("usage.input_tokens") as? Int == 9)
      #expect(reply.json("usage.output_tokens") as? Int == 3)
      let arrival = try #require(gateway.upstream.arrivals.first)
      #expect(arrival.path == "/chat/completions")
      #expect(arrival.body.contains(#""model":"upstream-claude-sonnet-4-6""#))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.call.dialect == .anthropic)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
    }
  }

  @Test("A stream's pieces go out as they come, and its end after the settlement (M-1)")
  func stream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One ", "two"], usage: (input: 9, output: 2)))
      let reply = try await gateway.post(
        "/v1/messages", as: .text,
        #"{"stream":true,"max_tokens":50,"messages":[{"role":"user","content":"Count"}]}"#, headers: Self.version)
      #expect(reply.field("content-type") == "text/event-stream")
      let names = reply.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
      #expect(
        names == [
          "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop",
          "message_delta", "message_stop",
        ])
      #expect(reply.text.contains(#""output_tokens":2}"#))
      #expect(try await gateway.entries().first?.usage == TokenUsage(input: 9, output: 2))
    }
  }

  @Test("A stream that breaks ends with the event error, and is metered (F-4)")
  func brokenStream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One "], usage: nil, failure: UpstreamFailure(.connection, "Gone.")))
      let reply = try await gateway.post(
        "/v1/messages", as: .text, #"{"stream":true,"max_tokens":50,"messages":[{"role":"user","content":"Count"}]}"#)
      #expect(reply.text.contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\""))
      #expect(!reply.text.contains("message_stop"))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.isEstimated && entry.usage.output > 0)
    }
  }

  @Test("The models in Anthropic's shape: below its prefix, and where its version is named (G-14, D-3)")
  func models() async throws {
    try await Installation.each { gateway in
      let places: [(String, [(String, String)])] = [
        ("/v1/models", Self.version), ("/anthropic/v1/models", []), ("/anthropic/v1/models", Self.version),
      ]
      for (path, headers) in places {
        let list = try await gateway.send(.get, path, as: .bearer(TestKey.text.plain), headers: headers)
        #expect(list.status == 200)
        #expect(list.field("request-id") == list.requestID.text)
        #expect(list.json("data.0.type") as? String == "model")
        #expect(list.json("data.0.id") as? String == "claude-sonnet-4-6")
        #expect(list.json("data.0.display_name") as? String == "Claude Sonnet 4.6")
        #expect((list.json("data.0.created_at") as? String)?.hasSuffix("Z") == true)
        #expect(list.json("data.2") == nil)
        #expect(list.json("has_more") as? Bool == false)
        #expect(list.json("first_id") as? String == "claude-sonnet-4-6")
        #expect(list.json("last_id") as? String == "claude-haiku-4-5")
        let one = try await gateway.send(
          .get, "\(path)/claude-haiku-4-5", as: .bearer(TestKey.text.plain), headers: headers)
        #expect(one.json("type") as? String == "model")
        #expect(one.json("display_name") as? String == "Claude Haiku 4.5")
        let none = try await gateway.send(
          .get, "\(path)/cohere-embed-v4", as: .bearer(TestKey.text.plain), headers: headers)
        #expect(none.status == 404)
        #expect(none.json("error.type") as? String == "not_found_error")
        #expect(none.json("request_id") as? String == none.requestID.text)
      }
      let openAI = try await gateway.send(
        .get, "/openai/v1/models", as: .bearer(TestKey.text.plain), headers: Self.version)
      #expect(openAI.json("object") as? String == "list")
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("Refusals are in Anthropic's words; exhausted says that no retry helps (U-6, F-1)")
  func refusals() async throws {
    try await Installation.each { gateway in
      let wrong = try await gateway.post("/v1/messages", as: .text, #"{"max_tokens":5,"messages":[]}"#)
      #expect(wrong.status == 400)
      #expect(wrong.json("error.type") as? String == "invalid_request_error")
      #expect((wrong.json("error.message") as? String)?.hasPrefix("messages must hold") == true)
      #expect(gateway.upstream.arrivals.isEmpty)
      gateway.upstream.answer(.chat("Hi", input: 9, output: 140))
      func ask(_ most: Int) async throws -> Reply {
        try await gateway.post(
          "/v1/messages", as: .small, #"{"max_tokens":\#(most),"messages":[{"role":"user","content":"Hello"}]}"#)
      }
      #expect(try await ask(140).status == 200)
      let refused = try await ask(50)
      #expect(refused.status == 429)
      #expect(refused.field("x-should-retry") == "false")
      #expect(refused.json("type") as? String == "error")
      #expect(refused.json("error.type") as? String == "rate_limit_error")
      #expect(gateway.upstream.arrivals.count == 1)
    }
  }
}
