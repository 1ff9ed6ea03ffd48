import Core
import Foundation
import Storage
import TestSupport
import Testing

@Suite("OpenAI's routes")
struct OpenAIRoutesTests {
  static let prefixes = ["", "/openai"]

  @Test("A chat is answered, and metered as the provider reported it (D-1, M-6)", arguments: prefixes)
  func chat(prefix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post(
        "\(prefix)/v1/chat/completions", as: .text,
        #"{"model":"sonnet","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}"#)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "application/json")
      #expect(reply.json("choices.0.message.content") as? String == "Hello back")
      #expect(reply.json("choices.0.finish_reason") as? String == "stop")
      #expect(reply.json("usage.prompt_tokens") as? Int == 9)
      #expect(reply.json("usage.completion_tokens") as? Int == 3)

      let arrival = try #require(gateway.upstream.arrivals.first)
      #expect(arrival.region == TestModels.frankfurt)
      #expect(arrival.body.contains(#""model":"upstream-claude-sonnet-4-6""#))
      #expect(arrival.body.contains(#""max_tokens":50"#))
      #expect(arrival.requestID == reply.requestID)

      let entries = try await gateway.entries()
      #expect(entries.count == 1)
      let entry = try #require(entries.first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
      #expect(entry.units == GenAIUnits(nano: 9 * 107_440 + 3 * 537_210))
      #expect(entry.call.payer == .key(TestKey.text.id))
      #expect(entry.call.dialect == .openAI)
      #expect(entry.servedRegion == TestModels.frankfurt)
      #expect(entry.status == .completed)
      #expect(!entry.isEstimated)
      #expect(gateway.reserved() == .zero)
    }
  }

  @Test("A stream's pieces go out as they come, in order, and its usage last (M-1)")
  func stream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One ", "two ", "three"], usage: (input: 9, output: 3)))
      let reply = try await gateway.post(
        "/v1/chat/completions", as: .text,
        #"{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Count"}]}"#)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "text/event-stream")
      #expect(reply.pieces.count >= 4)
      let texts = ["One ", "two ", "three"]
      for (piece, text) in zip(reply.pieces, texts) { #expect(piece.contains("\"content\":\"\(text)\"")) }
      #expect(reply.events.last == "[DONE]")
      let usage = try #require(reply.events.dropLast().last)
      #expect(usage.contains(#""choices":[]"#))
      #expect(usage.contains(#""prompt_tokens":9,"completion_tokens":3"#))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
      #expect(entry.timeToFirstToken != nil)
    }
  }

  @Test("Without include_usage no usage is sent, and yet it is metered (U-2)")
  func streamWithoutUsage() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One"], usage: (input: 9, output: 1)))
      let reply = try await gateway.post(
        "/openai/v1/chat/completions", as: .text,
        #"{"stream":true,"messages":[{"role":"user","content":"Count"}]}"#)
      #expect(!reply.text.contains("usage"))
      #expect(gateway.upstream.arrivals.first?.body.contains(#""include_usage":true"#) == true)
      #expect(try await gateway.entries().first?.usage == TokenUsage(input: 9, output: 1))
    }
  }

  @Test("Embeddings come in the order of their inputs, as numbers or Base64 (U-3)", arguments: prefixes)
  func embeddings(prefix: String) async throws {
    try await Installation.each { gateway in
      let floats = try await gateway.post(
        "\(prefix)/v1/embeddings", as: .embed, #"{"model":"embed","input":["a","b","c"]}"#)
      #expect(floats.status == 200)
      #expect(floats.json("data.2.index") as? Int == 2)
      #expect(floats.json("data.2.embedding") as? [Double] == [2, 0.5])
      #expect(floats.json("usage.prompt_tokens") as? Int == 4)
      let base64 = try await gateway.post(
        "\(prefix)/v1/embeddings", as: .embed, #"{"input":"a","encoding_format":"base64"}"#)
      let bytes = try #require((base64.json("data.0.embedding") as? String).flatMap { Data(base64Encoded: $0) })
      #expect(Array(bytes) == [0, 0, 0, 0, 0, 0, 0, 0x3F])
      let entries = try await gateway.entries(of: Installation.embedResource)
      #expect(Set(entries.map(\.call.requestID)) == [floats.requestID, base64.requestID])
      #expect(entries.allSatisfy { $0.usage == TokenUsage(input: 4) })
    }
  }

  @Test("The models are those that the key's resource has enabled (G-14, D-3)", arguments: prefixes)
  func models(prefix: String) async throws {
    try await Installation.each { gateway in
      let list = try await gateway.get("\(prefix)/v1/models", as: .text)
      #expect(list.status == 200)
      #expect(list.json("object") as? String == "list")
      #expect(list.json("data.0.id") as? String == "claude-sonnet-4-6")
      #expect(list.json("data.1.id") as? String == "claude-haiku-4-5")
      #expect(list.json("data.2") == nil)
      #expect(list.json("data.0.owned_by") as? String == "anthropic")
      let one = try await gateway.get("\(prefix)/v1/models/claude-haiku-4-5", as: .text)
      #expect(one.json("id") as? String == "claude-haiku-4-5")
      let none = try await gateway.get("\(prefix)/v1/models/cohere-embed-v4", as: .text)
      #expect(none.status == 404)
      #expect((none.json("error.message") as? String)?.contains("claude-sonnet-4-6, claude-haiku-4-5") == true)
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("A model that runs in the process is counted exactly and bound by its window (U-5, F-3)")
  func localModel() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answerLocally([
        .chat(.started), .chat(.blockStarted(index: 0, kind: .text)),
        .chat(.delta(index: 0, .text(Sensitive("Here")))), .chat(.blockStopped(index: 0)), .chat(.stopped(.endOfTurn)),
        .chat(.usage(TokenUsage(input: 3, output: 1))),
      ])
      let body = #"{"messages":[{"role":"user","content":"one two three"}]}"#
      let reply = try await gateway.post("/v1/chat/completions", as: .local, body)
      #expect(reply.json("choices.0.message.content") as? String == "Here")
      let entry = try #require(try await gateway.entries(of: Installation.localResource).first)
      #expect(entry.call.countedInput == 3)
      #expect(entry.usage == TokenUsage(input: 3, output: 1))
      let words = Array(repeating: "w", count: 21).joined(separator: " ")
      let long = try await gateway.post(
        "/v1/chat/completions", as: .local, #"{"messages":[{"role":"user","content":"\#(words)"}]}"#)
      #expect(long.status == 400)
      #expect((long.json("error.message") as? String)?.contains("21 tokens") == true)
      gateway.upstream.answerLocally([], failure: InvalidRequest("This model cannot call tools.", parameter: "tools"))
      let refused = try await gateway.post("/v1/chat/completions", as: .local, body)
      #expect(refused.status == 400)
      #expect(refused.json("error.param") as? String == "tools")
      #expect(try await gateway.entries(of: Installation.localResource).map(\.units.nano).sorted() == [0, 4_000])
    }
  }
}
