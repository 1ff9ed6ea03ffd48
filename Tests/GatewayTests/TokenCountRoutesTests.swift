import Core
import Foundation
import TestSupport
import Testing

@Suite("Routes that count tokens")
struct TokenCountRoutesTests {
  static let message = #"{"model":"sonnet","messages":[{"role":"user","content":"Hello you"}]}"#
  static let converse = #"{"input":{"converse":{"messages":[{"role":"user","content":[{"text":"Hello you"}]}]}}}"#
  static let anthropicPaths = ["/v1/messages/count_tokens", "/anthropic/v1/messages/count_tokens"]
  static let bedrockPaths = [
    "/model/sonnet/count-tokens", "/bedrock/model/sonnet/count-tokens",
    "/model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A%3Afoundation-model%2Fclaude-sonnet-4-6/count-tokens",
    "/model/arn:aws:bedrock:eu-central-1::foundation-model/claude-sonnet-4-6/count-tokens",
  ]

  @Test("A provider's counter is passed on exactly; nothing is charged, and an exhausted resource may ask (D-1)")
  func exact() async throws {
    try await Installation.each { gateway in
      gateway.upstream.countTokens()
      gateway.upstream.answer(UpstreamScript(pieces: [#"{"input_"#, #"tokens":1234}"#]))
      for path in Self.anthropicPaths {
        let reply = try await gateway.post(path, as: .text, Self.message)
        #expect(reply.status == 200, "\(reply.text)")
        #expect(reply.text == #"{"input_tokens":1234}"#)
        #expect(reply.field("x-packhouse-estimated") == nil)
        #expect(reply.field("request-id") == reply.requestID.text)
        let arrival = try #require(gateway.upstream.arrivals.last)
        #expect(arrival.path == "/v1/messages/count_tokens" && arrival.requestID == reply.requestID)
        #expect(arrival.body == Self.message.replacing("sonnet", with: "upstream-claude-sonnet-4-6"))
      }
      for path in Self.bedrockPaths {
        let reply = try await gateway.post(path, as: .text, Self.converse)
        #expect(reply.text == #"{"inputTokens":1234}"#, "\(path)")
        #expect(reply.field("x-amzn-requestid") == reply.requestID.text)
        #expect(gateway.upstream.arrivals.last?.body.contains(#""text":"Hello you""#) == true)
      }
      #expect(gateway.reserved() == .zero)
      #expect(try await gateway.entries().isEmpty)
      let longer = #"{"messages":[{"role":"user","content":"\#(String(repeating: "word ", count: 10_000))"}]}"#
      #expect(try await gateway.post(Self.anthropicPaths[0], as: .small, longer).status == 200)
      #expect(try await gateway.entries(of: Installation.smallResource).isEmpty)
    }
  }

  @Test("Without a counter, and where it fails, the likely number is answered and says what it is")
  func estimate() async throws {
    try await Installation.each { gateway in
      // Nine characters at 3.5 each are three tokens; four each for the turn and the call.
      for (path, body, answer) in [
        (Self.anthropicPaths[0], Self.message, #"{"input_tokens":11}"#),
        (Self.bedrockPaths[0], Self.converse, #"{"inputTokens":11}"#),
      ] {
        let reply = try await gateway.post(path, as: .text, body)
        #expect(reply.status == 200 && reply.text == answer)
        #expect(reply.field("x-packhouse-estimated") == "true")
      }
      #expect(gateway.upstream.arrivals.isEmpty)
      gateway.upstream.countTokens()
      gateway.upstream.answer(.refusal(404))
      let reply = try await gateway.post(Self.anthropicPaths[0], as: .text, Self.message)
      #expect(reply.text == #"{"input_tokens":11}"#)
      #expect(reply.field("x-packhouse-estimated") == "true")
      // Both regions were asked.
      #expect(gateway.upstream.arrivals.map(\.region) == [TestModels.frankfurt, TestModels.ireland])
      #expect(try await gateway.entries().isEmpty)
    }
  }

  @Test("The model in this process counts for itself")
  func local() async throws {
    try await Installation.each { gateway in
      let body = #"{"messages":[{"role":"user","content":"one two three"}]}"#
      let reply = try await gateway.post(Self.anthropicPaths[0], as: .local, body)
      #expect(reply.text == #"{"input_tokens":3}"#)
      #expect(reply.field("x-packhouse-estimated") == nil)
    }
  }

  @Test("The body of InvokeModel is counted too, and texts to embed with their own key")
  func invoke() async throws {
    try await Installation.each { gateway in
      func body(_ text: String) -> String {
        #"{"input":{"invokeModel":{"body":"\#(Data(text.utf8).base64EncodedString())"}}}"#
      }
      let claude = body(
        #"{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"Hello you"}]}"#)
      #expect(try await gateway.post(Self.bedrockPaths[0], as: .text, claude).text == #"{"inputTokens":11}"#)
      let cohere = body(#"{"texts":["a"]}"#)
      let embed = try await gateway.post("/model/embed/count-tokens", as: .embed, cohere)
      #expect(embed.status == 200 && embed.field("x-packhouse-estimated") == "true")
    }
  }

  @Test("Refusals are in each dialect's words, and nothing reaches the provider (D-3, F-3)")
  func refusals() async throws {
    try await Installation.each { gateway in
      gateway.upstream.countTokens()
      let wrong = try await gateway.post(Self.anthropicPaths[0], as: .text, #"{"messages":[]}"#)
      #expect(wrong.status == 400 && wrong.json("error.type") as? String == "invalid_request_error")
      let unknown = try await gateway.post(
        Self.anthropicPaths[0], as: .text, Self.message.replacing("sonnet", with: "opus"))
      #expect(unknown.status == 404 && unknown.json("error.type") as? String == "not_found_error")
      #expect(unknown.text.contains("claude-sonnet-4-6, claude-haiku-4-5"))
      let twice = Self.message.replacing(
        #""messages""#, with: #""tools":[{"name":"f","input_schema":{}},{"name":"f","input_schema":{}}],"messages""#)
      #expect(try await gateway.post(Self.anthropicPaths[0], as: .text, twice).status == 400)
      let bedrock = try await gateway.post("/model/opus/count-tokens", as: .text, Self.converse)
      #expect(bedrock.status == 404 && bedrock.field("x-amzn-errortype") == "ResourceNotFoundException")
      #expect(gateway.upstream.arrivals.isEmpty)
      // Only the provider knew that this is wrong.
      gateway.upstream.answer(
        UpstreamScript(
          status: 400,
          pieces: [#"{"type":"error","error":{"type":"invalid_request_error","message":"roles must alternate"}}"#]))
      let rejected = try await gateway.post(Self.anthropicPaths[0], as: .text, Self.message)
      #expect(rejected.status == 400 && rejected.text.contains("order of the messages' roles"))
    }
  }
}
