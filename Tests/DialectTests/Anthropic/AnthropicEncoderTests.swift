import Core
import Dialects
import Testing

@Suite("Messages have Anthropic's official shapes")
struct AnthropicEncoderTests {
  private static func answer(
    streamed: Bool = false, _ events: [ModelEvent]
  ) throws -> (head: AnswerHead, body: String) {
    let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"stream":\#(streamed)}"#
    let call = try AnthropicMessagesInbound().decode(Exchange.request(body))
    return Exchange.answer(call.encoder, events, usage: SampleAnswer.usage)
  }

  private static let opening = #""id":"msg_req-1","type":"message","role":"assistant","model":"model-x","content":["#
  private static let usage =
    #""usage":{"input_tokens":7,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":5}"#

  private static func event(_ name: String, _ members: String = "") -> String {
    "event: \(name)\ndata: {\"type\":\"\(name)\"\(members.isEmpty ? "" : ",")\(members)}\n\n"
  }

  private static let start = event(
    "message_start",
    #""message":{\#(opening)],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":0,"#
      + #""cache_creation_input_tokens":0,"cache_read_input_tokens":0,"output_tokens":0}}"#)

  private static func end(_ reason: String) -> String {
    event("message_delta", #""delta":{"stop_reason":"\#(reason)","stop_sequence":null},\#(usage)"#)
      + event("message_stop")
  }

  private static func block(_ index: Int, _ block: String, _ deltas: [String]) -> String {
    event("content_block_start", #""index":\#(index),"content_block":\#(block)"#)
      + deltas.map { event("content_block_delta", #""index":\#(index),"delta":\#($0)"#) }.joined()
      + event("content_block_stop", #""index":\#(index)"#)
  }

  /// Reasoning with a signature in pieces, redacted reasoning, an empty text that is none, and a text.
  private static let reasoning: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
    .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.delta(index: 0, .signature("si"))),
    .chat(.delta(index: 0, .signature("g"))), .chat(.blockStopped(index: 0)),
    .chat(.blockStarted(index: 1, kind: .reasoning)),
    .chat(.delta(index: 1, .redactedReasoning(Sensitive([1, 2])))), .chat(.blockStopped(index: 1)),
    .chat(.blockStarted(index: 2, kind: .text)), .chat(.blockStopped(index: 2)),
    .chat(.blockStarted(index: 5, kind: .text)), .text(5, "yes"), .chat(.blockStopped(index: 5)),
    .chat(.stopped(.maxTokens)),
  ]

  @Test("A whole text answer, with its usage by class (U-2)")
  func wholeText() throws {
    let (head, body) = try Self.answer(SampleAnswer.text)
    #expect(head.status == 200)
    #expect(head.headers.value(of: "content-type") == "application/json")
    #expect(head.headers.value(of: "request-id") == "req-1")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(
      body == "{" + Self.opening + #"{"type":"text","text":"Hello \"you\"\n"}],"stop_reason":"end_turn","#
        + #""stop_sequence":null,\#(Self.usage)}"#)
  }

  @Test("A whole answer with several tool calls")
  func wholeTools() throws {
    #expect(
      try Self.answer(SampleAnswer.tools).body.contains(
        #""content":[{"type":"text","text":"Looking."},{"type":"tool_use","id":"t1","name":"weather","input":"#
          + #"{"city":"Ulm"}},{"type":"tool_use","id":"t2","name":"clock","input":{}}],"stop_reason":"tool_use""#))
  }

  @Test("A whole answer with reasoning, and without a block for an empty text")
  func wholeReasoning() throws {
    #expect(
      try Self.answer(Self.reasoning).body.contains(
        #""content":[{"type":"thinking","thinking":"hm","signature":"sig"},{"type":"redacted_thinking","data":"AQI="},"#
          + #"{"type":"text","text":"yes"}],"stop_reason":"max_tokens""#))
  }

  @Test("A streamed text answer: nothing of its end comes before the settlement (M-1)")
  func streamedText() throws {
    let body = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"stream":true}"#
    var encoder = try AnthropicMessagesInbound().decode(Exchange.request(body)).encoder
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "content-type") == "text/event-stream")
    #expect(head.headers.value(of: "request-id") == "req-1")
    let before = Exchange.text(SampleAnswer.text.flatMap { encoder.encode($0) })
    let deltas = [#"{"type":"text_delta","text":"Hel"}"#, #"{"type":"text_delta","text":"lo \"you\"\n"}"#]
    #expect(before == Self.start + Self.block(0, #"{"type":"text","text":""}"#, deltas))
    #expect(Exchange.text(encoder.finish(usage: SampleAnswer.usage)) == Self.end("end_turn"))
  }

  @Test("Streamed tool calls: each has a block of its own, in order")
  func streamedTools() throws {
    let (_, body) = try Self.answer(streamed: true, SampleAnswer.tools)
    #expect(
      body
        == Self.start
        + Self.block(0, #"{"type":"text","text":""}"#, [#"{"type":"text_delta","text":"Looking."}"#])
        + Self.block(
          1, #"{"type":"tool_use","id":"t1","name":"weather","input":{}}"#,
          [
            #"{"type":"input_json_delta","partial_json":"{\"city\":"}"#,
            #"{"type":"input_json_delta","partial_json":"\"Ulm\"}"}"#,
          ])
        + Self.block(2, #"{"type":"tool_use","id":"t2","name":"clock","input":{}}"#, []) + Self.end("tool_use"))
  }

  @Test("Streamed reasoning: the signature once and whole, no empty block, indices without a gap")
  func streamedReasoning() throws {
    let (_, body) = try Self.answer(streamed: true, Self.reasoning)
    #expect(
      body
        == Self.start
        + Self.block(
          0, #"{"type":"thinking","thinking":"","signature":""}"#,
          [#"{"type":"thinking_delta","thinking":"hm"}"#, #"{"type":"signature_delta","signature":"sig"}"#])
        + Self.block(1, #"{"type":"redacted_thinking","data":"AQI="}"#, [])
        + Self.block(2, #"{"type":"text","text":""}"#, [#"{"type":"text_delta","text":"yes"}"#])
        + Self.end("max_tokens"))
  }

  @Test("What the provider reported first stands at the start, and a block left open is closed")
  func early() throws {
    let events: [ModelEvent] = [
      .chat(.usage(TokenUsage(input: 4, cacheRead: 1))), .chat(.started),
      .chat(.blockStarted(index: 0, kind: .text)), .text(0, "a"), .chat(.stopped(.endOfTurn)),
    ]
    let body = try Self.answer(streamed: true, events).body
    #expect(body.contains(#""usage":{"input_tokens":4,"cache_creation_input_tokens":0,"cache_read_input_tokens":1,"#))
    #expect(body.hasSuffix(Self.event("content_block_stop", #""index":0"#) + Self.end("end_turn")))
  }

  @Test("An answer without any content is a message all the same")
  func empty() throws {
    let whole = try Self.answer([.chat(.started), .chat(.stopped(.endOfTurn))]).body
    #expect(whole.contains(#""content":[],"stop_reason":"end_turn""#))
    #expect(try Self.answer(streamed: true, []).body == Self.start + Self.end("end_turn"))
  }

  @Test(
    "Every stop reason has its word",
    arguments: [
      (StopReason.endOfTurn, "end_turn"), (.maxTokens, "max_tokens"), (.stopSequence, "stop_sequence"),
      (.toolUse, "tool_use"), (.refusal, "refusal"), (.other, "end_turn"),
    ])
  func stopReasons(_ reason: StopReason, _ word: String) throws {
    let events: [ModelEvent] = [.chat(.started), .chat(.stopped(reason))]
    #expect(try Self.answer(events).body.contains(#""stop_reason":"\#(word)""#))
    #expect(try Self.answer(streamed: true, events).body.contains(#""stop_reason":"\#(word)""#))
  }

  @Test("The input of a tool call that the token limit cut off is an empty object")
  func cutInput() throws {
    let events: [ModelEvent] = [
      .chat(.started), .chat(.blockStarted(index: 0, kind: .toolUse(id: "t", name: "f"))), .input(0, "{\"a\":"),
      .chat(.stopped(.maxTokens)),
    ]
    #expect(try Self.answer(events).body.contains(#""name":"f","input":{}}"#))
  }

  @Test("The models list and a single model (D-3)")
  func models() {
    let model = ModelEntry(
      id: "m", displayName: "Model M", createdAt: Exchange.createdAt, ownedBy: "anthropic")
    let single =
      #"{"type":"model","id":"m","display_name":"Model M","created_at":"2025-06-15T15:06:40.123Z"}"#
    #expect(Exchange.text(AnthropicModels.single(model)) == single)
    #expect(
      Exchange.text(AnthropicModels.list([model]))
        == #"{"data":[\#(single)],"has_more":false,"first_id":"m","last_id":"m"}"#)
    #expect(
      Exchange.text(AnthropicModels.list([]))
        == #"{"data":[],"has_more":false,"first_id":null,"last_id":null}"#)
  }
}
