import Core
import Dialects
import Testing

@Suite("Chat completions have OpenAI's official shapes")
struct OpenAIChatEncoderTests {
  private static func answer(_ options: String, _ events: [ModelEvent]) throws -> (head: AnswerHead, body: String) {
    let body = #"{"messages":[{"role":"user","content":"x"}]\#(options)}"#
    let call = try OpenAIChatInbound().decode(Exchange.request(body))
    return Exchange.answer(call.encoder, events, usage: SampleAnswer.usage)
  }

  private static let start =
    #"data: {"id":"chatcmpl-req-1","object":"chat.completion.chunk","created":1750000000,"model":"model-x","#
    + #""system_fingerprint":null,"choices":["#

  private static func chunk(_ delta: String, finish: String = "null", end: String) -> String {
    start + #"{"index":0,"delta":\#(delta),"logprobs":null,"finish_reason":\#(finish)}]"# + end + "}\n\n"
  }

  private static let usage =
    #"{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":3}}"#

  @Test("A whole text answer")
  func wholeText() throws {
    let (head, body) = try Self.answer("", SampleAnswer.text)
    #expect(head.status == 200)
    #expect(head.headers.value(of: "content-type") == "application/json")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(
      body
        == #"{"id":"chatcmpl-req-1","object":"chat.completion","created":1750000000,"model":"model-x","choices":["#
        + #"{"index":0,"message":{"role":"assistant","content":"Hello \"you\"\n","refusal":null},"logprobs":null,"#
        + #""finish_reason":"stop"}],"usage":\#(Self.usage),"system_fingerprint":null}"#)
  }

  @Test("A whole answer with tool calls")
  func wholeTools() throws {
    let body = try Self.answer("", SampleAnswer.tools).body
    #expect(
      body.contains(
        #""message":{"role":"assistant","content":"Looking.","refusal":null,"tool_calls":["#
          + #"{"id":"t1","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Ulm\"}"}},"#
          + #"{"id":"t2","type":"function","function":{"name":"clock","arguments":"{}"}}]},"#
          + #""logprobs":null,"finish_reason":"tool_calls"}"#))
  }

  @Test("A streamed text answer without usage: nothing of its end comes before the settlement (M-1)")
  func streamedText() throws {
    let body = #"{"messages":[{"role":"user","content":"x"}],"stream":true}"#
    var encoder = try OpenAIChatInbound().decode(Exchange.request(body)).encoder
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "content-type") == "text/event-stream")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    let before = Exchange.text(SampleAnswer.text.flatMap { encoder.encode($0) })
    #expect(
      before
        == Self.chunk(#"{"role":"assistant","content":"","refusal":null}"#, end: "")
        + Self.chunk(#"{"content":"Hel"}"#, end: "") + Self.chunk(#"{"content":"lo \"you\"\n"}"#, end: ""))
    let after = Exchange.text(encoder.finish(usage: SampleAnswer.usage))
    #expect(after == Self.chunk("{}", finish: "\"stop\"", end: "") + "data: [DONE]\n\n")
  }

  @Test("With include_usage every chunk has usage null and one more chunk tells it")
  func usageChunk() throws {
    let (_, body) = try Self.answer(#","stream":true,"stream_options":{"include_usage":true}"#, SampleAnswer.text)
    let end = #","usage":null"#
    #expect(
      body
        == Self.chunk(#"{"role":"assistant","content":"","refusal":null}"#, end: end)
        + Self.chunk(#"{"content":"Hel"}"#, end: end) + Self.chunk(#"{"content":"lo \"you\"\n"}"#, end: end)
        + Self.chunk("{}", finish: "\"stop\"", end: end) + Self.start + #"],"usage":\#(Self.usage)}"# + "\n\n"
        + "data: [DONE]\n\n")
  }

  @Test("Streamed tool calls: one chunk opens each, others bring its arguments")
  func streamedTools() throws {
    let (_, body) = try Self.answer(#","stream":true"#, SampleAnswer.tools)
    let opening =
      #"{"tool_calls":[{"index":0,"id":"t1","type":"function","function":{"name":"weather","arguments":""}}]}"#
    let second = #"{"tool_calls":[{"index":1,"id":"t2","type":"function","function":{"name":"clock","arguments":""}}]}"#
    #expect(
      body
        == Self.chunk(#"{"role":"assistant","content":"","refusal":null}"#, end: "")
        + Self.chunk(#"{"content":"Looking."}"#, end: "") + Self.chunk(opening, end: "")
        + Self.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"city\":"}}]}"#, end: "")
        + Self.chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"\"Ulm\"}"}}]}"#, end: "")
        + Self.chunk(second, end: "") + Self.chunk("{}", finish: "\"tool_calls\"", end: "") + "data: [DONE]\n\n")
  }

  @Test("Reasoning and its signature reach the caller, whole and streamed")
  func reasoning() throws {
    let events: [ModelEvent] = [
      .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
      .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.delta(index: 0, .signature("sig"))),
      .chat(.blockStopped(index: 0)), .chat(.blockStarted(index: 1, kind: .text)), .text(1, "yes"),
      .chat(.blockStopped(index: 1)), .chat(.stopped(.maxTokens)),
    ]
    let whole = try Self.answer("", events).body
    #expect(whole.contains(#""content":"yes","refusal":null,"reasoning_content":"hm","thinking_blocks":["#))
    #expect(whole.contains(#"[{"type":"thinking","thinking":"hm","signature":"sig"}]"#))
    #expect(whole.contains(#""finish_reason":"length""#))
    let streamed = try Self.answer(#","stream":true"#, events).body
    #expect(streamed.contains(#""delta":{"reasoning_content":"hm"}"#))
    #expect(streamed.contains(#""delta":{"thinking_blocks":[{"type":"thinking","thinking":"","signature":"sig"}]}"#))
  }

  @Test(
    "Every stop reason has its word",
    arguments: [
      (StopReason.endOfTurn, "stop"), (.maxTokens, "length"), (.stopSequence, "stop"), (.toolUse, "tool_calls"),
      (.refusal, "content_filter"), (.other, "stop"),
    ])
  func stopReasons(_ reason: StopReason, _ word: String) throws {
    let body = try Self.answer("", [.chat(.started), .chat(.stopped(reason))]).body
    #expect(body.contains(#""content":"","refusal":null"#))
    #expect(body.contains(#""finish_reason":"\#(word)""#))
  }

  @Test("The models list and a single model")
  func models() {
    let model = ModelEntry(id: "m", displayName: "M", createdAt: Exchange.createdAt, ownedBy: "anthropic")
    let single = #"{"id":"m","object":"model","created":1750000000,"owned_by":"anthropic"}"#
    #expect(Exchange.text(OpenAIModels.single(model)) == single)
    #expect(Exchange.text(OpenAIModels.list([model])) == #"{"object":"list","data":[\#(single)]}"#)
    #expect(Exchange.text(OpenAIModels.list([] as [ModelEntry])) == #"{"object":"list","data":[]}"#)
  }
}
