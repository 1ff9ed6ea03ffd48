import Core
import Dialects
import Testing

@Suite("Bedrock's InvokeModel takes the bodies of Claude and of Cohere")
struct BedrockInvokeTests {
  private static let clock = WallClock { Exchange.createdAt.adding(milliseconds: 42) }
  private static let invoke = BedrockInvokeInbound(clock: clock)
  private static let stream = BedrockInvokeInbound(isStreaming: true, clock: clock)
  private static let message =
    #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
  private static let texts = #"{"texts":["a","b"],"input_type":"search_query"}"#

  @Test("The path names the model and says whether the answer is streamed; an ARN may come in two parts")
  func model() throws {
    for codec: any InboundCodec in [Self.invoke, BedrockConverseInbound()] {
      func model(_ parameters: [String: String]) throws -> String? {
        let isInvoke = codec is BedrockInvokeInbound
        let body = isInvoke ? Self.message : Self.message.replacing(#""x""#, with: #"[{"text":"x"}]"#)
        return try codec.decode(Exchange.request(body, parameters: parameters)).call.model
      }
      #expect(try model(["modelId": "anthropic.claude-x-v1:0"]) == "anthropic.claude-x-v1:0")
      #expect(
        try model(["modelId": "arn:aws:bedrock:eu-central-1:123456789012:inference-profile", "profile": "eu.x"])
          == "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.x")
    }
    #expect(try !Self.invoke.decode(Exchange.request(Self.message)).call.isStreaming)
    #expect(try Self.stream.decode(Exchange.request(Self.message)).call.isStreaming)
  }

  @Test("Claude's body: its message, and the tokens by class in the head (U-2)")
  func wholeMessage() throws {
    var encoder = try Self.invoke.decode(Exchange.request(Self.message)).encoder
    for event in SampleAnswer.tools { _ = encoder.encode(event) }
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    let body = Exchange.text(encoder.finish(usage: SampleAnswer.usage))
    let plain = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    #expect(
      body == Exchange.text(try Exchange.written(AnthropicMessagesInbound(), plain, SampleAnswer.tools).bytes))
    for (name, value) in [
      ("content-type", "application/json"), ("x-amzn-requestid", "req-1"), ("x-request-id", "req-1"),
      ("x-amzn-bedrock-input-token-count", "7"), ("x-amzn-bedrock-output-token-count", "5"),
      ("x-amzn-bedrock-cache-read-input-token-count", "3"), ("x-amzn-bedrock-cache-write-input-token-count", "2"),
      ("x-amzn-bedrock-invocation-latency", "42"),
    ] { #expect(head.headers.value(of: name) == value, "\(name)") }
  }

  @Test("Streamed: a chunk for every event of Claude's message, and the metrics in the last one")
  func streamedMessage() throws {
    let (head, bytes) = try Exchange.written(Self.stream, Self.message, SampleAnswer.tools)
    #expect(head.headers.value(of: "content-type") == "application/vnd.amazon.eventstream")
    #expect(head.headers.value(of: "x-amzn-bedrock-content-type") == "application/json")
    let plain = #"{"max_tokens":9,"stream":true,"messages":[{"role":"user","content":"x"}]}"#
    var parser = ServerSentEventParser()
    let events = try parser.feed(try Exchange.written(AnthropicMessagesInbound(), plain, SampleAnswer.tools).bytes)
    let chunks = try Self.chunks(bytes)
    #expect(chunks.dropLast() == events.dropLast().map { Exchange.text($0.data) }[...])
    #expect(
      chunks.last
        == #"{"type":"message_stop","amazon-bedrock-invocationMetrics":{"inputTokenCount":7,"outputTokenCount":5,"#
        + #""invocationLatency":42,"firstByteLatency":42,"cacheReadInputTokenCount":3,"cacheWriteInputTokenCount":2}}"#)
  }

  @Test("Nothing of a stream's end comes before the settlement (M-1)")
  func heldBack() throws {
    var encoder = try Self.stream.decode(Exchange.request(Self.message)).encoder
    _ = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    let before = try Self.chunks(SampleAnswer.text.flatMap { encoder.encode($0) })
    #expect(!before.contains { $0.contains("message_delta") || $0.contains("message_stop") })
    #expect(try Self.chunks(encoder.finish(usage: SampleAnswer.usage)).count == 2)
  }

  @Test("A streamed message reads back the same through Anthropic's decoder", arguments: TestRandom.freshSeeds(2))
  func roundTrip(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    for round in 0..<250 {
      let events = RandomAnswer.events(&random, overlapping: false)
      let chunks = try Self.chunks(try Exchange.written(Self.stream, Self.message, events).bytes)
      let decoder = AnthropicMessagesOutbound().decoder(for: .chat(ChatRequest(messages: [], isStreaming: true)))
      let again = try Exchange.decode(decoder, Array(chunks.map { "data: \($0)\n\n" }.joined().utf8))
      func whole(_ events: [ModelEvent]) throws -> String {
        Exchange.text(try Exchange.written(Self.invoke, Self.message, events).bytes)
      }
      #expect(try whole(again) == whole(events), "seed \(seed), round \(round)")
    }
  }

  @Test("Cohere's body: vectors with the token count in the head")
  func embeddings() throws {
    let call = try Self.invoke.decode(Exchange.request(Self.texts, parameters: ["modelId": "cohere.embed-v4:0"]))
    guard case .embed(let embed) = call.call else { throw Exchange.Mismatch() }
    #expect(embed.model == "cohere.embed-v4:0" && embed.inputs == [Sensitive("a"), Sensitive("b")])
    var encoder = call.encoder
    _ = encoder.encode(.embedded(EmbedAnswer(vectors: Sensitive([[1], [2]]), usage: TokenUsage(input: 9))))
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "x-amzn-bedrock-input-token-count") == "9")
    #expect(head.headers.filter { $0.name == "x-amzn-bedrock-input-token-count" }.count == 1)
    #expect(head.headers.value(of: "x-amzn-requestid") == "req-1")
    #expect(
      Exchange.text(encoder.finish(usage: TokenUsage(input: 9)))
        == #"{"id":"req-1","response_type":"embeddings_floats","texts":["a","b"],"embeddings":[[1.0],[2.0]]}"#)
  }

  @Test(
    "What cannot be said is refused and named (D-2)",
    arguments: [
      ("{}", "The body must be that of a Claude model"), (#"{"inputText":"a"}"#, "The body must be that of a Claude"),
      (#"{"anthropic_version":"x","messages":[]}"#, #"anthropic_version must be "bedrock-2023-05-31""#),
      (#"{"anthropic_version":"bedrock-2023-05-31","messages":[{"role":"user","content":"x"}]}"#, "max_tokens is"),
      (#"{"max_tokens":5,"stream":true,"messages":[{"role":"user","content":"x"}]}"#, "stream cannot be true here"),
      (
        #"{"max_tokens":5,"output_config":{"effort":"low"},"messages":[{"role":"user","content":"x"}]}"#,
        "output_config.effort is not supported"
      ),
      (#"{"texts":["a"],"input_type":"§"}"#, "input_type must be"), (#"{"images":["x"]}"#, "images is not supported"),
    ])
  func refusals(_ body: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(Self.invoke, body))
    #expect(problem.message.hasPrefix(start), "\(problem.message)")
  }

  @Test("Embeddings are not streamed, and guardrails are not dropped silently (D-2)")
  func routes() throws {
    #expect(Exchange.refusal(Self.stream, Self.texts)?.message.hasPrefix("Embeddings cannot be streamed") == true)
    let guarded = Exchange.request(
      Self.message, headers: [HTTPField("X-Amzn-Bedrock-GuardrailIdentifier", "g-1")])
    let refusal = #expect(throws: InvalidRequest.self) { try Self.invoke.decode(guarded) }
    #expect(refusal?.message == "guardrailIdentifier is not supported; leave it out.")
    #expect(refusal?.parameter == "guardrailIdentifier")
  }

  @Test(
    "A failure in a stream is the exception that clients of that stream know (F-4)",
    arguments: [
      (UpstreamFailure.Kind.throttled, "throttlingException", "throttlingException"),
      (.unavailable, "serviceUnavailableException", "serviceUnavailableException"),
      (.timeout, "modelStreamErrorException", "modelTimeoutException"),
      (.rejected, "validationException", "validationException"),
      (.connection, "modelStreamErrorException", "modelStreamErrorException"),
      (.garbled, "modelStreamErrorException", "modelStreamErrorException"),
    ])
  func midStream(_ kind: UpstreamFailure.Kind, _ converse: String, _ invoke: String) throws {
    let failure = GatewayFailure.upstream(UpstreamFailure(kind, "It \"broke\"."))
    let payload = #" {"message":"It \"broke\"."}"#
    let bytes = BedrockConverseInbound(isStreaming: true).encodeMidStream(failure, requestID: Exchange.requestID)
    #expect(try Exchange.lines(bytes) == [converse + payload])
    #expect(
      try Exchange.lines(Self.stream.encodeMidStream(failure, requestID: Exchange.requestID)) == [invoke + payload])
    let decoder = BedrockConverseOutbound().decoder(for: .chat(ChatRequest(messages: [], isStreaming: true)))
    #expect(throws: UpstreamFailure.self) { try Exchange.decode(decoder, bytes) }
  }

  @Test("Our own faults in a stream are internal; an exception's frame has the bytes computed beforehand (F-4, F-6)")
  func faults() throws {
    let stream = BedrockConverseInbound(isStreaming: true)
    let lines = try Exchange.lines(stream.encodeMidStream(.unexpected, requestID: Exchange.requestID))
    #expect(lines.first?.hasPrefix("internalServerException ") == true)
    let busy = stream.encodeMidStream(.contended(message: "Busy.", retryAfter: 1), requestID: Exchange.requestID)
    #expect(
      busy
        == Exchange.bytes(
          hex: "00000084000000611bf198f50f3a657863657074696f6e2d747970650700137468726f74746c696e67457863657074"
            + "696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d7479"
            + "7065070009657863657074696f6e7b226d657373616765223a22427573792e227dc5fa5e9a"))
  }

  /// The events in the chunks of a stream.
  private static func chunks(_ bytes: [UInt8]) throws -> [String] {
    try Exchange.lines(bytes).map { line in
      let payload = try JSONDocument(Array(line.dropFirst("chunk ".count).utf8)).root
      guard line.hasPrefix("chunk "), let text = payload["bytes"]?.stringBytes,
        let event = Base64.decode(text[...])
      else { throw Exchange.Mismatch() }
      return Exchange.text(event)
    }
  }
}
