import Core
import Testing

@testable import Dialects

@Suite("Calls of Bedrock's clients pass through to Bedrock (D-1, D-4)")
struct BedrockPassingTests {
  private static func passed(
    _ inbound: some InboundCodec, _ body: String, maxTokens: Int = 77, headers: [HTTPField] = [],
    model: String? = nil
  ) throws -> PassedCall? {
    let decoded = try inbound.decode(Exchange.request(body, headers: headers))
    guard let original = decoded.original else { return nil }
    guard case .chat(var chat) = decoded.call else {
      return BedrockInvokeCohereOutbound().passing(original, for: decoded.call, upstreamModel: model ?? "up:1/cohere.x")
    }
    chat.inference.maxTokens = maxTokens
    return BedrockConverseOutbound().passing(original, for: .chat(chat), upstreamModel: model ?? "up:1/eu.anthropic.x")
  }

  private static func text(_ passed: PassedCall?) -> String? { passed.map { Exchange.text($0.request.body.reveal()) } }

  private static let turn = #""messages": [{"role":"user","content":[{"text":"x"}], "own":1.50}]"#

  // MARK: Converse

  @Test("Converse changes in the bound only, and the path names the model; what nobody knows goes along")
  func converse() throws {
    let start = "{" + Self.turn + #", "new":{"a":[1, 2]}, "requestMetadata":{"Team":"é"}, "#
    for (isStreaming, action) in [(false, "converse"), (true, "converse-stream")] {
      let inbound = BedrockConverseInbound(isStreaming: isStreaming)
      let body = start + #""inferenceConfig":{"temperature":0.50,"maxTokens":900, "new":true}}"#
      let headers = [HTTPField("authorization", "Bearer phk_secret"), HTTPField("x-amz-security-token", "phk_secret")]
      let passed = try #require(try Self.passed(inbound, body, headers: headers))
      #expect(passed.request.path == "/model/up%3A1%2Feu.anthropic.x/\(action)")
      #expect(
        Self.text(passed) == start + #""inferenceConfig":{"temperature":0.50,"maxTokens":77, "new":true}}"#)
      #expect(!passed.request.headers.contains { $0.value.contains("phk_") })
      #expect(
        try Self.text(Self.passed(inbound, start + #""inferenceConfig":null}"#))
          == start + #""inferenceConfig":{"maxTokens":77}}"#)
    }
    #expect(
      try Self.text(Self.passed(BedrockConverseInbound(), "{" + Self.turn + "}"))
        == #"{"inferenceConfig":{"maxTokens":77},"# + Self.turn + "}")
  }

  @Test(
    "What a careless service could read otherwise goes on in neutral words",
    arguments: [
      #""inferenceConfig":{"MaxTokens":9000}"#, #""InferenceConfig":{"maxTokens":9000}"#, #""modelId":"dear""#,
      #""n\u017f":1"#, #""messages":[{"role":"user","content":[{"text":"x"}]}]"#,
    ])
  func converseCareless(member: String) throws {
    let body = "{" + Self.turn + "," + member + "}"
    #expect(try BedrockConverseInbound().decode(Exchange.request(body)).original == nil)
    // What cannot be said in neutral words is refused then, because it would be lost.
    let lost = "{" + Self.turn + "," + member + #","additionalModelResponseFieldPaths":["/a"]}"#
    #expect(throws: InvalidRequest.self) { try BedrockConverseInbound().decode(Exchange.request(lost)) }
  }

  @Test(
    "A block never passes that another reader could take for another kind",
    arguments: [
      #"{"text":"x","image":{"format":"png","source":{"bytes":"AA=="}}}"#, #"{"text":"x","text":"y"}"#,
      #"{"document":{"name":"a","format":"txt","source":{"bytes":"AA==","text":"x"}}}"#,
      #"{"toolResult":{"toolUseId":"t","content":[{"text":"x","json":{}}]}}"#,
    ])
  func converseUnions(block: String) {
    let body = #"{"messages":[{"role":"user","content":[\#(block)]}]}"#
    let decoded = try? BedrockConverseInbound().decode(Exchange.request(body))
    #expect(decoded?.original == nil)
  }

  @Test(
    "What only Bedrock can say goes to it alone; elsewhere it is refused by name (D-2)",
    arguments: [
      (#""additionalModelResponseFieldPaths":["/stop_sequence"]"#, "additionalModelResponseFieldPaths"),
      (#""outputConfig":{"effort":"low"}"#, "outputConfig.effort"),
      (#""additionalModelRequestFields":{"thinking":{"type":"adaptive"}}"#, "additionalModelRequestFields.thinking"),
      (
        #""additionalModelRequestFields":{"output_config":{"effort":"low"}}"#,
        "additionalModelRequestFields.output_config.effort"
      ),
      (
        #""additionalModelRequestFields":{"anthropic_beta":["effort-2025-11-24"]}"#,
        "additionalModelRequestFields.anthropic_beta"
      ),
    ])
  func beyondNeutral(member: String, name: String) throws {
    let body = "{" + Self.turn + "," + member + "}"
    let original = try #require(try BedrockConverseInbound().decode(Exchange.request(body)).original)
    #expect(original.beyondNeutral?.parameter?.hasPrefix(name) == true)
    #expect(try Self.text(Self.passed(BedrockConverseInbound(), body))?.contains(member) == true)
    #expect(Exchange.refusal(ConnectorConverseInbound(), body)?.parameter?.hasPrefix(name) == true)
    let count = #"{"input":{"converse":\#(body)}}"#
    #expect(throws: InvalidRequest.self) { try BedrockTokenCountInbound().decode(Exchange.request(count)) }
  }

  @Test(
    "What nobody could bound or meter is refused by name even where it could pass (U-5)",
    arguments: [
      (#""serviceTier":{"type":"priority"}"#, "serviceTier.type"),
      (#""serviceTier":{"type":"flex"}"#, "serviceTier.type"),
      (#""performanceConfig":{"latency":"optimized"}"#, "performanceConfig.latency"),
      (#""guardrailConfig":{"guardrailIdentifier":"g","guardrailVersion":"1"}"#, "guardrailConfig"),
      (#""promptVariables":{"a":{"text":"b"}}"#, "promptVariables"),
      (#""additionalModelRequestFields":{"max_tokens":9000}"#, "additionalModelRequestFields.max_tokens"),
      (#""additionalModelRequestFields":{"tools":[]}"#, "additionalModelRequestFields.tools"),
      (
        #""additionalModelRequestFields":{"anthropic_beta":["context-1m-2025"]}"#,
        "additionalModelRequestFields.anthropic_beta"
      ),
    ])
  func neverPassed(member: String, name: String) {
    let body = "{" + Self.turn + "," + member + "}"
    #expect(Exchange.refusal(BedrockConverseInbound(), body)?.parameter?.hasPrefix(name) == true)
  }

  @Test("The usual price may be asked for by its name")
  func usualPrice() throws {
    let members = #""serviceTier":{"type":"default"},"performanceConfig":{"latency":"standard"},"guardrailConfig":{}"#
    let body = "{" + Self.turn + "," + members + "}"
    #expect(try Self.text(Self.passed(BedrockConverseInbound(), body))?.contains(members) == true)
  }

  // MARK: InvokeModel

  private static let message = #"{"max_tokens":900,"messages":[{"role":"user","content":"x"}],"own":[1.50]"#

  @Test("Claude's body changes in the bound; the version is written where it was left out")
  func invoke() throws {
    let version = #""anthropic_version":"bedrock-2023-05-31""#
    let bounded = Self.message.replacing("900", with: "77")
    for (isStreaming, action) in [(false, "invoke"), (true, "invoke-with-response-stream")] {
      let inbound = BedrockInvokeInbound(isStreaming: isStreaming)
      let passed = try Self.passed(inbound, Self.message + "," + version + "}")
      #expect(passed?.request.path == "/model/up%3A1%2Feu.anthropic.x/\(action)")
      #expect(Self.text(passed) == bounded + "," + version + "}")
      #expect(
        try Self.text(Self.passed(inbound, Self.message + "}")) == "{" + version + "," + bounded.dropFirst() + "}")
    }
    let beyond = #","context_management":{"edits":[]}}"#
    #expect(try Self.text(Self.passed(BedrockInvokeInbound(), Self.message + beyond))?.hasSuffix(beyond) == true)
    #expect(Exchange.refusal(BedrockInvokeInbound(), Self.message + beyond)?.parameter == "context_management")
    let trials = #","anthropic_beta":["effort-a","claude-code-b"]}"#
    #expect(
      try Self.text(Self.passed(BedrockInvokeInbound(), Self.message + trials))?
        .hasSuffix(#","anthropic_beta":["effort-a"]}"#) == true)
    let dear = Exchange.refusal(BedrockInvokeInbound(), Self.message + #","anthropic_beta":["context-1m-c"]}"#)
    #expect(dear?.parameter == "anthropic_beta")
    // The path says what these would.
    for member in [#""model":"dear""#, #""stream":false"#, #""Max_Tokens":9000"#] {
      let decoded = try BedrockInvokeInbound().decode(Exchange.request(Self.message + "," + member + "}"))
      #expect(decoded.original == nil)
    }
  }

  @Test("Headers of InvokeModel that ask for another price are refused by name", arguments: [true, false])
  func invokePrices(isStreaming: Bool) {
    for (name, value, isRefused) in [
      ("X-Amzn-Bedrock-Service-Tier", "priority", true), ("X-Amzn-Bedrock-Service-Tier", "default", false),
      ("X-Amzn-Bedrock-PerformanceConfig-Latency", "optimized", true),
      ("X-Amzn-Bedrock-PerformanceConfig-Latency", "standard", false),
      ("X-Amzn-Bedrock-GuardrailIdentifier", "g", true),
    ] {
      let request = Exchange.request(Self.message + "}", headers: [HTTPField(name, value)])
      let decoded = try? BedrockInvokeInbound(isStreaming: isStreaming).decode(request)
      #expect((decoded == nil) == isRefused, "\(name) \(value)")
    }
  }

  @Test("Cohere's body passes as it is, and its answer under the head that tells the tokens")
  func cohere() throws {
    let body = #"{"texts": ["a"],"input_type":"search_query", "own":1.50}"#
    var passed = try #require(try Self.passed(BedrockInvokeInbound(), body))
    #expect(passed.request.path == "/model/up%3A1%2Fcohere.x/invoke" && Self.text(passed) == body)
    let answer = #"{"embeddings":[[1.50]],"own":1.0}"#
    #expect(passed.encoder.relay(Array(answer.utf8)).isEmpty)
    _ = passed.encoder.encode(.embedded(EmbedAnswer(vectors: Sensitive([[1.5]]), usage: TokenUsage(input: 9))))
    let head = passed.encoder.head(
      requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "x-amzn-bedrock-input-token-count") == "9")
    #expect(Exchange.text(passed.encoder.finish(usage: .zero)) == answer)
    #expect(try BedrockInvokeInbound().decode(Exchange.request(#"{"texts":["a"],"Images":["b"]}"#)).original == nil)
  }

  @Test(
    "InvokeModel's bodies pass to models of their maker only; to others they go in neutral words",
    arguments: [
      ("anthropic.claude-haiku-4-5-20251001-v1:0", BedrockMaker.anthropic),
      ("eu.anthropic.claude-sonnet-4-6", .anthropic),
      ("arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude-opus-4-6-v1", .anthropic),
      ("arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-3-7-sonnet-20250219-v1:0", .anthropic),
      ("eu.cohere.embed-v4:0", .cohere), ("cohere.embed-english-v3", .cohere), ("eu.amazon.nova-lite-v1:0", nil),
      ("meta.llama3-8b-instruct-v1:0", nil), ("amazon.titan-embed-text-v2:0", nil), ("claude", nil), ("", nil),
      ("meta.anthropic", nil),
      ("arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/a1b2c3", nil),
      ("arn:aws:bedrock:eu-central-1:123456789012:provisioned-model/anthropic", nil),
      ("arn:aws:bedrock:eu-central-1:123456789012:imported-model/anthropic.x/k9", nil),
    ])
  func makers(id: String, maker: BedrockMaker?) throws {
    #expect(BedrockMaker(of: id) == maker)
    for isStreaming in [false, true] {
      let inbound = BedrockInvokeInbound(isStreaming: isStreaming)
      #expect(try (Self.passed(inbound, Self.message + "}", model: id) != nil) == (maker == .anthropic))
    }
    let texts = #"{"texts":["a"],"input_type":"search_query"}"#
    #expect(try (Self.passed(BedrockInvokeInbound(), texts, model: id) != nil) == (maker == .cohere))
    // Converse is one form for all makers.
    #expect(try Self.passed(BedrockConverseInbound(), "{" + Self.turn + "}", model: id) != nil)
  }

  @Test("A provider of another dialect gets nothing passed")
  func otherDialects() throws {
    let body = "{" + Self.turn + "}"
    let original = try #require(try BedrockConverseInbound().decode(Exchange.request(body)).original)
    let call = try BedrockConverseInbound().decode(Exchange.request(body)).call
    for codec: any OutboundCodec in [OpenAIChatOutbound(), AnthropicMessagesOutbound()] {
      #expect(codec.passing(original, for: call, upstreamModel: "m") == nil)
    }
    #expect(BedrockConverseOutbound().passing(original, for: call, upstreamModel: "m") != nil)
  }

  // MARK: Answers

  private static func relay(isStreaming: Bool = true) throws -> any AnswerEncoder {
    try #require(try passed(BedrockConverseInbound(isStreaming: isStreaming), "{" + turn + "}")).encoder
  }

  private static func frame(_ event: String, _ payload: String = "{}") -> [UInt8] {
    EventStreamFrame(event: event, payload: Array(payload.utf8)).bytes
  }

  @Test("Frames pass as they are, those that nobody knows too; the stop and the usage wait for the settlement (M-1)")
  func frames() throws {
    // Headers of kinds that our own frames never have.
    let odd = EventStreamFrame(
      headers: [
        .init("flag", .bool(true)), .init("count", .number(7)), .init("data", .bytes([1, 2])),
        .init(":event-type", .string("news")),
      ], payload: Array(#"{"x":1}"#.utf8)
    ).bytes
    let content =
      Self.frame("messageStart") + odd + Self.frame("metadata", #"{"usage":{"inputTokens":1}}"#)
      + Self.frame("contentBlockDelta", #"{"delta":{"text":"messageStop"},"own":1.50}"#)
    let end = Self.frame("messageStop") + Self.frame("news") + Self.frame("metadata")
    for after in [[], Self.frame("metadata"), [UInt8](repeating: 0, count: 40)] {
      var relay = try Self.relay()
      #expect(relay.relay(content + end + after) == content)
      #expect(relay.finish(usage: .zero) == end)
    }
    var failing = try Self.relay()
    let exception = EventStreamFrame(exception: "throttlingException", payload: Array("secret".utf8)).bytes
    #expect(failing.relay(content + exception + end) == content)
    #expect(failing.finish(usage: .zero).isEmpty)
    var endless = try Self.relay()
    #expect(endless.relay(content + Self.frame("messageStop")) == content)
    #expect(endless.finish(usage: .zero) == Self.frame("messageStop"))
  }

  @Test("A whole answer is given untouched, and not before it is settled (M-1)")
  func whole() throws {
    var relay = try Self.relay(isStreaming: false)
    let answer = Array(#"{"output": {},"own":1.50}"#.utf8)
    #expect(relay.relay(answer).isEmpty)
    #expect(relay.finish(usage: .zero) == answer)
    let head = relay.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "x-amzn-requestid") == "req-1")
  }
}
