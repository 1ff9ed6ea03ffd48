import Core
import Dialects
import Foundation
import HTTPTypes
import TestSupport
import Testing

@Suite("Bedrock's routes")
struct BedrockRoutesTests {
  static let prefixes = ["", "/bedrock"]
  static let sonnet = "claude-sonnet-4-6"
  static let chat = #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}],"inferenceConfig":{"maxTokens":50}}"#
  static let claude =
    #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}"#
  static let texts = #"{"texts":["a","b"],"input_type":"search_query"}"#
  /// As clients that sign for AWS send it: the key stands in neither of the usual places.
  static let signature =
    "AWS4-HMAC-SHA256 Credential=any/20260101/eu-central-1/bedrock/aws4_request, SignedHeaders=host, Signature=00"

  @Test("Converse is answered by any provider, and metered as it reported (D-1, M-6)", arguments: prefixes)
  func converse(prefix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post("\(prefix)/model/\(Self.sonnet)/converse", as: .text, Self.chat)
      #expect(reply.status == 200)
      #expect(reply.field("x-amzn-requestid") == reply.requestID.text)
      #expect(reply.json("output.message.content.0.text") as? String == "Hello back")
      #expect(reply.json("stopReason") as? String == "end_turn")
      #expect(reply.json("usage.totalTokens") as? Int == 12)
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.call.dialect == .bedrock)
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
    }
  }

  @Test(
    "The model is found by every name, an ARN and its slash included (D-3)",
    arguments: [
      "sonnet", "Claude%20Sonnet%204.6", "SONNET",
      "arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Fclaude-sonnet-4-6",
      "arn:aws:bedrock:eu-central-1:123456789012:inference-profile%2fsonnet",
      "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/claude-sonnet-4-6",
    ])
  func models(name: String) async throws {
    try await Installation.each { gateway in
      for (action, body) in [("converse", Self.chat), ("invoke", Self.claude)] {
        let reply = try await gateway.post("/model/\(name)/\(action)", as: .text, body)
        #expect(reply.status == 200, "\(reply.text)")
      }
      #expect(Set(try await gateway.entries().map(\.call.model)) == [TestModels.sonnet])
    }
  }

  @Test("A model that is not enabled is not found, with those that are (D-3)")
  func unknownModel() async throws {
    try await Installation.each { gateway in
      for name in ["cohere-embed-v4", "nowhere", "arn%3Aaws%3Abedrock%3Aeu%3A1%3Ainference-profile%2Fnowhere"] {
        let reply = try await gateway.post("/model/\(name)/converse", as: .text, Self.chat)
        #expect(reply.status == 404)
        #expect(reply.field("x-amzn-errortype") == "ResourceNotFoundException")
        #expect((reply.json("message") as? String)?.contains("claude-sonnet-4-6, claude-haiku-4-5") == true)
      }
      #expect(gateway.upstream.arrivals.isEmpty)
    }
  }

  @Test("A stream's frames go out as they come, and its end after the settlement (M-1)")
  func stream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One ", "two"], usage: (input: 9, output: 2)))
      let reply = try await gateway.post("/model/\(Self.sonnet)/converse-stream", as: .text, Self.chat)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "application/vnd.amazon.eventstream")
      let frames = try Self.frames(reply)
      #expect(
        frames.map { $0[":event-type"] } == [
          "messageStart", "contentBlockDelta", "contentBlockDelta", "contentBlockStop", "messageStop", "metadata",
        ])
      #expect(reply.rawPieces.count >= 3)
      #expect(String(decoding: frames[5].payload, as: UTF8.self).contains(#""outputTokens":2"#))
      #expect(try await gateway.entries().first?.usage == TokenUsage(input: 9, output: 2))
      #expect(gateway.upstream.arrivals.first?.body.contains(#""stream":true"#) == true)
    }
  }

  @Test("A stream that breaks ends with an exception, and is metered (F-4)", arguments: [true, false])
  func brokenStream(isConverse: Bool) async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One "], usage: nil, failure: UpstreamFailure(.connection, "Gone.")))
      let action = isConverse ? "converse-stream" : "invoke-with-response-stream"
      let reply = try await gateway.post(
        "/model/\(Self.sonnet)/\(action)", as: .text, isConverse ? Self.chat : Self.claude)
      let last = try #require(try Self.frames(reply).last)
      #expect(last[":message-type"] == "exception")
      #expect(last[":exception-type"] == "modelStreamErrorException")
      #expect(String(decoding: last.payload, as: UTF8.self) == #"{"message":"Gone."}"#)
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.isEstimated && entry.usage.output > 0)
    }
  }

  @Test("Invoke with Claude's body gives a message, and the token counts in the head")
  func invoke() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post("/model/\(Self.sonnet)/invoke", as: .text, Self.claude)
      #expect(reply.status == 200)
      #expect(reply.json("type") as? String == "message")
      #expect(reply.json("content.0.text") as? String == "Hello back")
      #expect(reply.json("usage.output_tokens") as? Int == 3)
      #expect(reply.field("x-amzn-bedrock-input-token-count") == "9")
      #expect(reply.field("x-amzn-bedrock-output-token-count") == "3")
      #expect(try await gateway.entries().first?.call.dialect == .bedrock)
    }
  }

  @Test("Invoke streamed: a message in chunks")
  func invokeStream() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post(
        "/model/\(Self.sonnet)/invoke-with-response-stream", as: .text, Self.claude)
      let events = try Self.frames(reply).map { frame in
        let chunk = try JSONDocument(frame.payload).root
        #expect(frame[":event-type"] == "chunk")
        return String(decoding: Base64.decode(try #require(chunk["bytes"]?.stringBytes)[...]) ?? [], as: UTF8.self)
      }
      #expect(events.first?.hasPrefix(#"{"type":"message_start""#) == true)
      #expect(events.last?.contains(#""amazon-bedrock-invocationMetrics":{"inputTokenCount":9"#) == true)
      #expect(events.filter { $0.contains("text_delta") }.count == 2)
    }
  }

  @Test("Invoke with Cohere's body gives vectors; a stream of them is refused")
  func embeddings() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.post("/model/cohere-embed-v4/invoke", as: .embed, Self.texts)
      #expect(reply.status == 200)
      #expect(reply.json("embeddings.1") as? [Double] == [1, 0.5])
      #expect(reply.json("response_type") as? String == "embeddings_floats")
      #expect(reply.field("x-amzn-bedrock-input-token-count") == "4")
      #expect(try await gateway.entries(of: Installation.embedResource).first?.call.dialect == .bedrock)
      let stream = try await gateway.post(
        "/model/cohere-embed-v4/invoke-with-response-stream", as: .embed, Self.texts)
      #expect(stream.status == 400)
      #expect(stream.field("x-amzn-errortype") == "ValidationException")
      let wrong = try await gateway.post("/model/\(Self.sonnet)/invoke", as: .text, Self.texts)
      #expect(wrong.status == 404)
      #expect(wrong.text.contains("text generation resource"))
    }
  }

  @Test("A caller that signs presents its key as session token; without one it is told where to put it (K-1)")
  func signed() async throws {
    try await Installation.each { gateway in
      let path = "/model/\(Self.sonnet)/converse"
      let signed = [("authorization", Self.signature)]
      let good = try await gateway.send(
        .post, path, as: .field("x-amz-security-token", TestKey.text.plain), headers: signed, body: Self.chat)
      #expect(good.status == 200)
      let bad = try await gateway.send(
        .post, path, as: .field("x-amz-security-token", TestKey.unknown.plain), headers: signed, body: Self.chat)
      #expect(bad.status == 401)
      #expect(bad.field("x-amzn-errortype") == "UnrecognizedClientException")
      let none = try await gateway.send(.post, path, as: .none, headers: signed, body: Self.chat)
      #expect(none.status == 401)
      #expect((none.json("message") as? String)?.contains("AWS_SESSION_TOKEN") == true)
    }
  }

  @Test("Exhausted is a quota that no client asks for again; contended is throttling (U-6, F-1)")
  func limits() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.chat("Hi", input: 9, output: 140))
      let whole = Self.chat.replacing("50", with: "140")
      #expect(try await gateway.post("/model/\(Self.sonnet)/converse", as: .small, whole).status == 200)
      for (action, body) in [
        ("converse", Self.chat), ("converse-stream", Self.chat), ("invoke", Self.claude),
        ("invoke-with-response-stream", Self.claude),
      ] {
        let refused = try await gateway.post("/model/\(Self.sonnet)/\(action)", as: .small, body)
        #expect(refused.status == 400)
        #expect(refused.field("x-amzn-errortype") == "ServiceQuotaExceededException")
        #expect(refused.field("x-amz-retry-after") == nil)
        #expect(refused.field("content-type") == "application/json")
        #expect((refused.json("message") as? String)?.contains("140 used, 0 reserved, 150 allowed") == true)
      }
      #expect(gateway.upstream.arrivals.count == 1)
      #expect(try await gateway.entries(of: Installation.smallResource).count == 1)
    }
  }

  @Test("Bad input costs nothing and reaches nobody (F-3)")
  func invalid() async throws {
    try await Installation.each { gateway in
      for (action, body, start) in [
        ("converse", "{", "The body is not valid JSON"), ("converse-stream", "{}", "messages is missing"),
        ("invoke", "{}", "The body must be that of"), ("invoke-with-response-stream", "[]", "The body must be a JSON"),
      ] {
        let reply = try await gateway.post("/model/\(Self.sonnet)/\(action)", as: .text, body)
        #expect(reply.status == 400)
        #expect(reply.field("x-amzn-errortype") == "ValidationException")
        #expect((reply.json("message") as? String)?.hasPrefix(start) == true, "\(reply.text)")
      }
      #expect(gateway.upstream.arrivals.isEmpty)
      #expect(try await gateway.entries().isEmpty)
    }
  }

  private static func frames(_ reply: Reply) throws -> [EventStreamFrame] {
    var decoder = EventStreamDecoder()
    let frames = try decoder.feed(reply.bytes)
    try decoder.finish()
    return frames
  }
}
