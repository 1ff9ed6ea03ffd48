import Core
import Testing

@testable import Dialects

@Suite("Calls whose provider speaks the caller's dialect pass through (D-1, D-4)")
struct PassingTests {
  // MARK: Requests

  private static func passed(
    _ inbound: some InboundCodec, _ outbound: some OutboundCodec, _ body: String, maxTokens: Int = 77,
    headers: [HTTPField] = []
  ) throws -> (request: UpstreamRequest, encoder: any AnswerEncoder)? {
    let decoded = try inbound.decode(Exchange.request(body, headers: headers))
    guard case .chat(var chat) = decoded.call, let original = decoded.original else { return nil }
    chat.inference.maxTokens = maxTokens
    return outbound.passing(original, for: .chat(chat), upstreamModel: "up/1").map { ($0.request, $0.encoder) }
  }

  @Test("OpenAI's requests change in model, bound and wish for usage only; the caller's names, order and numbers stay")
  func openAIRequests() throws {
    func text(_ body: String) throws -> String? {
      try Self.passed(OpenAIChatInbound(), OpenAIChatOutbound(), body).map { Exchange.text($0.request.body.reveal()) }
    }
    let start = #"{"messages": [{"role":"user","content":"x"}], "seed": 1.50, "new":{"a":[1, 2]}, "#
    #expect(
      try text(start + #""model":"one","max_completion_tokens": 900, "stream":false}"#)
        == start + #""model":"up/1","max_tokens": 77, "stream":false}"#)
    #expect(
      try text(start + #""max_tokens":3,"max_completion_tokens":900}"#)
        == #"{"model":"up/1","# + start.dropFirst() + #""max_tokens":77,"max_completion_tokens":77}"#)
    #expect(
      try text(start + #""model":"one","stream":true,"stream_options":{"include_obfuscation":false}}"#)
        == #"{"max_tokens":77,"# + start.dropFirst()
        + #""model":"up/1","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}"#)
    #expect(
      try text(start + #""max_tokens":null,"stream":true,"stream_options":null}"#)
        == #"{"model":"up/1","# + start.dropFirst()
        + #""max_tokens":77,"stream":true,"stream_options":{"include_usage":true}}"#)
    #expect(try text(start + #""logprobs":true,"verbosity":"low"}"#)?.contains(#""logprobs":true"#) == true)
  }

  @Test("Anthropic's requests change in model and bound; version and trials of the caller go along, keys do not")
  func anthropicRequests() throws {
    let body = #"{"model":"one","max_tokens":900,"messages":[{"role":"user","content":"x"}],"context_management":{}}"#
    let headers = [
      HTTPField("Anthropic-Version", "2023-06-01"),
      HTTPField("anthropic-beta", "claude-code-2025, interleaved-thinking-2025"),
      HTTPField("x-api-key", "phk_secret"), HTTPField("authorization", "Bearer phk_secret"),
    ]
    let passed = try #require(
      try Self.passed(AnthropicMessagesInbound(), AnthropicMessagesOutbound(), body, headers: headers))
    #expect(passed.request.path == "/v1/messages")
    #expect(
      Exchange.text(passed.request.body.reveal())
        == #"{"model":"up/1","max_tokens":77,"messages":[{"role":"user","content":"x"}],"context_management":{}}"#)
    #expect(
      passed.request.headers.filter { $0.name.lowercased() == "anthropic-version" }.map(\.value) == ["2023-06-01"])
    #expect(passed.request.headers.value(of: "anthropic-beta") == "interleaved-thinking-2025")
    #expect(!passed.request.headers.contains { $0.value.contains("phk_") })
    let plain = try #require(try Self.passed(AnthropicMessagesInbound(), AnthropicMessagesOutbound(), body))
    #expect(plain.request.headers.value(of: "anthropic-version") == "2023-06-01")
  }

  @Test("A provider of another dialect gets nothing passed")
  func otherDialects() throws {
    let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    #expect(try Self.passed(OpenAIChatInbound(), AnthropicMessagesOutbound(), body) == nil)
    #expect(try Self.passed(AnthropicMessagesInbound(), OpenAIChatOutbound(), body) == nil)
    #expect(try Self.passed(OpenAIChatInbound(), BedrockConverseOutbound(), body) == nil)
  }

  @Test("What would cost what nobody can bound is refused even where it could pass (U-5)")
  func neverPassed() {
    let members = [
      #""n":2"#, #""best_of":2"#, #""n_cmpl":8"#, #""use_beam_search":true"#, #""mm_processor_kwargs":{"a":1}"#,
      #""kv_transfer_params":{"remote_host":"x"}"#, #""api_base":"http://x""#, #""options":{"num_predict":9}"#,
      #""web_search_options":{}"#, #""models":["dear"]"#,
    ]
    for member in members {
      let body = #"{"messages":[{"role":"user","content":"x"}],\#(member)}"#
      #expect(throws: InvalidRequest.self, "\(member)") { try OpenAIChatInbound().decode(Exchange.request(body)) }
    }
  }

  @Test("Names that a careless server could take for others do not pass: the call goes on in neutral words")
  func otherSpellings() throws {
    for member in [#""Max_Tokens":9000"#, #""MODEL":"dear""#, #""n\u017f":2"#, #""stream_options":{"Include":1}"#] {
      let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],\#(member)}"#
      #expect(try OpenAIChatInbound().decode(Exchange.request(body)).original == nil, "\(member)")
    }
    let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"Max_Tokens":9000}"#
    #expect(try AnthropicMessagesInbound().decode(Exchange.request(body)).original == nil)
  }

  // MARK: Answers

  /// What passed before the end of the answer, and what came with it, for the transcript cut at `cuts`.
  private static func relayed(_ encoder: any AnswerEncoder, _ text: String, cuts: [Int]) -> (
    before: String, end: String
  ) {
    var encoder = encoder
    let bytes = Array(text.utf8)
    _ = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    var before: [UInt8] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      before += encoder.relay(Array(bytes[start..<cut]))
      start = cut
    }
    return (Exchange.text(before), Exchange.text(encoder.finish(usage: SampleAnswer.usage)))
  }

  private static let openAIChunks = ["data: {\"choices\":[{\"delta\":{\"content\":\"\\\"usage\\\" [DONE] \u{e9}\"}}]}"]
  private static let usageChunk = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}"
  private static let doneChunk = "data: [DONE]"

  @Test(
    "A stream of OpenAI's passes untouched however it is split; its end waits for the settlement (M-1)",
    arguments: ["\n", "\r\n"], [true, false])
  func openAIStream(_ newline: String, _ includesUsage: Bool) {
    let blank = newline + newline
    let content = ": hi" + blank + Self.openAIChunks.joined(separator: blank) + blank
    let text = content + Self.usageChunk + blank + Self.doneChunk + blank
    let expected = content + (includesUsage ? Self.usageChunk + blank : "")
    for cut in 0...text.utf8.count {
      let relayed = Self.relayed(OpenAIStreamRelay(includesUsage: includesUsage), text, cuts: [cut])
      #expect(relayed.before + relayed.end == expected + Self.doneChunk + blank, "\(cut)")
      #expect(!relayed.before.contains("data: [DONE]"))
    }
    let bytewise = Self.relayed(
      OpenAIStreamRelay(includesUsage: includesUsage), text, cuts: Array(0..<text.utf8.count))
    #expect(bytewise.before + bytewise.end == expected + Self.doneChunk + blank)
  }

  @Test("Usage beside content stays; an end that the server left out is written; an error is not passed on")
  func openAIVariants() {
    let beside = "data: {\"choices\":[{\"delta\":{}}],\"usage\":{\"prompt_tokens\":1}}\n\n"
    let relay = OpenAIStreamRelay(includesUsage: false)
    #expect(Self.relayed(relay, beside, cuts: []) == (beside, "data: [DONE]\n\n"))
    #expect(Self.relayed(relay, String(beside.dropLast(2)), cuts: []) == ("", beside + "data: [DONE]\n\n"))
    let failing = "data: {\"error\":{\"message\":\"secret\"}}\n\ndata: {\"choices\":[{}]}\n\n"
    #expect(Self.relayed(relay, beside + failing, cuts: []).before == beside)
  }

  @Test("A stream of Anthropic's passes untouched however it is split; its end waits for the settlement (M-1)")
  func anthropicStream() {
    let content =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n"
      + "event: ping\ndata: {\"type\": \"ping\"}\n\nevent: content_block_delta\n"
      + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\":\"message_stop \u{1F600} \\\"error\\\"\"}}\n\n"
    let end =
      "event: message_delta\ndata: {\"type\":\"message_delta\",\"usage\":{\"output_tokens\":2}}\n\n"
      + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
    for cut in 0...(content + end).utf8.count {
      #expect(Self.relayed(AnthropicStreamRelay(), content + end, cuts: [cut]) == (content, end), "\(cut)")
    }
    let error = "event: error\ndata: {\"type\":\"error\",\"error\":{\"message\":\"secret\"}}\n\n"
    #expect(Self.relayed(AnthropicStreamRelay(), content + error + end, cuts: []) == (content, ""))
    #expect(Self.relayed(AnthropicStreamRelay(), content + end + content, cuts: []) == (content, end))
  }

  @Test("A whole answer is given untouched, and not before it is settled (M-1)")
  func whole() throws {
    let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    for encoder in [
      try #require(try Self.passed(OpenAIChatInbound(), OpenAIChatOutbound(), body)).encoder,
      try #require(try Self.passed(AnthropicMessagesInbound(), AnthropicMessagesOutbound(), body)).encoder,
    ] {
      let answer = #"{"id": "x", "choices":[ ], "own":1.50}"#
      #expect(Self.relayed(encoder, answer, cuts: [3, 9]) == ("", answer))
    }
  }
}
