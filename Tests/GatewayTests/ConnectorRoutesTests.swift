import Core
import Gateway
import HTTPTypes
import Hummingbird
import Logging
import TestSupport
import Testing

@Suite("The connector's routes")
struct ConnectorRoutesTests {
  static let text = "/resources/\(Installation.textResource)"
  static let embed = "/resources/\(Installation.embedResource)"
  static let chat = #"{"messages":[{"role":"user","content":[{"text":"Hello"}]}],"inferenceConfig":{}}"#

  @Test("The resource tells its models in all three members")
  func details() async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(.get, Self.text, as: .field("x-api-key", TestKey.text.plain))
      #expect(reply.status == 200)
      #expect(reply.json("model") as? String == "claude-sonnet-4-6")
      #expect(reply.json("modelName") as? String == "Claude Sonnet 4.6")
      #expect(reply.json("models.1.id") as? String == "claude-haiku-4-5")
      #expect(reply.json("models.1.name") as? String == "Claude Haiku 4.5")
    }
  }

  @Test(
    "Converse answers under every address that the client makes of the base URL",
    arguments: ["converse", "converse/converse", "invoke/converse", "models/claude-haiku-4-5/converse"])
  func converse(suffix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(
        .post, "\(Self.text)/\(suffix)", as: .field("x-api-key", TestKey.text.plain), body: Self.chat)
      #expect(reply.status == 200)
      #expect(reply.json("output.message.content.0.text") as? String == "Hello back")
      #expect(reply.json("stopReason") as? String == "end_turn")
      #expect(reply.json("usage.inputTokens") as? Int == 9)
      #expect(reply.json("usage.outputTokens") as? Int == 3)
      #expect(reply.json("usage.totalTokens") as? Int == 12)
      #expect(reply.json("metrics.latencyMs") != nil)
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.call.dialect == .connector)
      let named = suffix.hasPrefix("models") ? TestModels.haiku : TestModels.sonnet
      #expect(entry.call.model == named)
    }
  }

  @Test(
    "Converse streams under every address that the client makes of the base URL (M-1)",
    arguments: [
      "converse-stream", "converse-stream/converse-stream", "converse/converse-stream", "invoke/converse-stream",
      "models/claude-haiku-4-5/converse-stream",
    ])
  func converseStream(suffix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(
        .post, "\(Self.text)/\(suffix)", as: .field("x-api-key", TestKey.text.plain),
        headers: [("accept", "text/event-stream")], body: Self.chat)
      #expect(reply.status == 200)
      #expect(reply.field("content-type") == "text/event-stream")
      let names = reply.text.split(separator: "\n").filter { $0.hasPrefix("event: ") }.map { $0.dropFirst(7) }
      #expect(
        names == [
          "MESSAGE_START", "CONTENT_BLOCK_DELTA", "CONTENT_BLOCK_DELTA", "CONTENT_BLOCK_STOP", "MESSAGE_STOP",
          "METADATA",
        ])
      #expect(reply.text.contains(#""usage":{"inputTokens":9,"outputTokens":3,"totalTokens":12,"#))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.call.requestID == reply.requestID)
      #expect(entry.call.dialect == .connector)
      #expect(entry.call.model == (suffix.hasPrefix("models") ? TestModels.haiku : TestModels.sonnet))
      #expect(entry.usage == TokenUsage(input: 9, output: 3))
    }
  }

  @Test("A stream that breaks tells one sentence and the request's id, and is metered (F-4)")
  func brokenStream() async throws {
    try await Installation.each { gateway in
      gateway.upstream.answer(.stream(["One "], usage: nil, failure: UpstreamFailure(.connection, "Gone.")))
      let reply = try await gateway.post("\(Self.text)/converse-stream", as: .text, Self.chat)
      let id = reply.requestID.text
      #expect(reply.text.hasSuffix("event: ERROR\ndata: {\"message\":\"Gone.\",\"requestId\":\"\(id)\"}\n\n"))
      #expect(!reply.text.contains("MESSAGE_STOP"))
      let entry = try #require(try await gateway.entries().first)
      #expect(entry.isEstimated && entry.usage.output > 0)
    }
  }

  @Test(
    "What of a request is not known is logged by names, and only where somebody wants to know (V-1)",
    arguments: [(Logger.Level.info, ["selectedModel, messages2"]), (.notice, [])])
  func unknownMembers(level: Logger.Level, names: [String]) async throws {
    try await Installation.each { gateway in
      let log = LogLines(level: level)
      let services = GatewayServices(
        access: gateway.services.access, driver: gateway.services.driver, catalog: gateway.services.catalog,
        requestIDs: gateway.services.requestIDs, clock: gateway.services.clock, logger: log.logger)
      let asked = gateway.answering(with: GatewayRoutes.router(services).buildResponder())
      let unknown = Self.chat.dropLast() + #","selectedModel":"secret","messages2":[{"x":1}]}"#
      let first = try await asked.post("\(Self.text)/converse", as: .text, String(unknown))
      let second = try await asked.post("\(Self.text)/converse", as: .text, Self.chat)
      #expect(first.status == 200 && second.status == 200)
      #expect(log.names == names)
      #expect(!log.everything.contains("secret"))
    }
  }

  @Test("Later clients may name the model in the body or in a header (D-3)")
  func modelChoice() async throws {
    try await Installation.each { gateway in
      let inBody = Self.chat.dropLast() + #","modelId":"claude-haiku-4-5"}"#
      #expect(try await gateway.post("\(Self.text)/converse", as: .text, String(inBody)).status == 200)
      let inHeader = try await gateway.post(
        "\(Self.text)/converse", as: .text, Self.chat, headers: [("x-model-id", "Claude Haiku 4.5")])
      #expect(inHeader.status == 200)
      #expect(Set(try await gateway.entries().map(\.call.model)) == [TestModels.haiku])
    }
  }

  @Test(
    "Invoke embeds texts in their order",
    arguments: ["invoke", "invoke/invoke", "converse/invoke", "models/cohere-embed-v4/invoke"])
  func invoke(suffix: String) async throws {
    try await Installation.each { gateway in
      let reply = try await gateway.send(
        .post, "\(Self.embed)/\(suffix)", as: .field("x-api-key", TestKey.embed.plain),
        body: #"{"texts":["a","b"],"input_type":"search_query","embedding_types":["float"]}"#)
      #expect(reply.status == 200)
      #expect(reply.json("embeddings.float.1") as? [Double] == [1, 0.5])
      #expect(reply.json("texts.1") as? String == "b")
      #expect(reply.field("x-amzn-bedrock-input-token-count") == "4")
      #expect(reply.field("x-amzn-bedrock-output-token-count") == "0")
      #expect(try await gateway.entries(of: Installation.embedResource).first?.call.requestID == reply.requestID)
    }
  }

  @Test("An error is one sentence of plain text, because the client logs it as it is")
  func errors() async throws {
    try await Installation.each { gateway in
      let wrong = try await gateway.post("\(Self.text)/converse", as: .text, "{")
      #expect(wrong.status == 400)
      #expect(wrong.field("content-type") == "text/plain; charset=utf-8")
      #expect(wrong.text.contains("not valid JSON"))
      let unknown = try await gateway.send(.get, Self.text, as: .field("x-api-key", TestKey.unknown.plain))
      #expect(unknown.status == 401)
      #expect(unknown.text == "The key is not known.")
    }
  }
}
