import Core
import HTTPTypes
import TestSupport
import Testing

@Suite("OpenAI's route for responses")
struct ResponsesRoutesTests {
  @Test("A response is given by any provider, and metered as it reported (D-1, M-6)", arguments: ["", "/openai"])
  func response(prefix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post(
        "\(prefix)/v1/responses", as: .text, #"{"model":"sonnet","input":"Hello","instructions":"Be brief."}"#)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "application/json")
      #expect(reply.json("id") as? String == "resp_\(reply.requestID.text)")
      #expect(reply.json("status") as? String == "completed")
      #expect(reply.json("output.0.content.0.text") as? String == "Hello back")
      #expect(reply.json("model") as? String == "claude-sonnet-4-6")
      #expect(reply.json("usage.total_tokens") as? Int == 12)
      #expect(reply.json("instructions") as? String == "Be brief.")
      let arrival = try #require(gateway.upstream.arrivals.first)
      #expect(arrival.path == "/chat/completions")
      #expect(arrival.body.contains(#""model":"upstream-claude-sonnet-4-6""#))
      #expect(arrival.body.contains(#"{"role":"system","content":"Be brief."}"#))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.call.dialect == .openAI)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
    }
  }

  @Test("A stream's pieces go out as they come, and its end after the settlement (M-1)")
  func stream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One ", "two"], usage: (input: 9, output: 2)))
      let reply = try await gateway.post("/v1/responses", as: .text, #"{"stream":true,"input":"Count"}"#)
      #expect(reply.field("content-type") == "text/event-stream")
      let names = reply.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
      #expect(
        names == [
          "response.created", "response.in_progress", "response.output_item.added", "response.content_part.added",
          "response.output_text.delta", "response.output_text.delta", "response.output_text.done",
          "response.content_part.done", "response.output_item.done", "response.completed",
        ])
      #expect(reply.text.contains(#""total_tokens":11}"#))
      #expect(try await gateway.entries().first?.usage == TokenUsage(input: 9, output: 2))
    }
  }

  @Test("A stream that breaks ends with the event error, and is metered (F-4)")
  func brokenStream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One "], usage: nil, failure: UpstreamFailure(.connection, "Gone.")))
      let reply = try await gateway.post("/v1/responses", as: .text, #"{"stream":true,"input":"Count"}"#)
      let events = reply.text.split(separator: "\n\n")
      #expect(events.last?.hasPrefix(#"event: error"#) == true)
      #expect(events.last?.contains(#""error":{"message":"#) == true)
      #expect(!reply.text.contains("response.completed") && !reply.text.contains(".done"))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.isEstimated && entry.usage.output > 0)
    }
  }

  @Test("Refusals are in OpenAI's words and reach nobody; exhausted says that no retry helps (U-6, F-1, F-3)")
  func refusals() async throws {
    try await Installation.each { gateway in
      let wrong = try await gateway.post(
        "/v1/responses", as: .text, #"{"input":"x","previous_response_id":"resp_1"}"#)
      #expect(wrong.status == 400)
      #expect(wrong.json("error.type") as? String == "invalid_request_error")
      #expect(wrong.json("error.param") as? String == "previous_response_id")
      #expect((wrong.json("error.message") as? String)?.contains("no response is kept here") == true)
      #expect(gateway.upstream.arrivals.isEmpty)
      gateway.upstream.answer(.chat("Hi", input: 9, output: 140))
      func ask(_ most: Int) async throws -> Reply {
        try await gateway.post("/v1/responses", as: .small, #"{"max_output_tokens":\#(most),"input":"Hello"}"#)
      }
      #expect(try await ask(140).status == 200)
      let refused = try await ask(50)
      #expect(refused.status == 429)
      #expect(refused.field("x-should-retry") == "false")
      #expect(refused.json("error.code") as? String == "insufficient_quota")
      #expect(gateway.upstream.arrivals.count == 1)
    }
  }
}
