import Core
import Dialects
import Testing

@Suite("Streamed messages of Anthropic's service are read however their bytes are split")
struct AnthropicStreamTests {
  private static func decoder(_ format: ResponseFormat? = nil) -> any UpstreamDecoder {
    let chat = ChatRequest(messages: [], responseFormat: format, isStreaming: true)
    return AnthropicMessagesOutbound().decoder(for: .chat(chat))
  }

  private static func event(_ name: String, _ members: String = "") -> String {
    "event: \(name)\ndata: {\"type\":\"\(name)\"\(members.isEmpty ? "" : ",")\(members)}\n\n"
  }

  private static func block(_ index: Int, _ block: String, _ deltas: String...) -> String {
    event("content_block_start", #""index":\#(index),"content_block":\#(block)"#)
      + deltas.map { event("content_block_delta", #""index":\#(index),"delta":\#($0)"#) }.joined()
      + event("content_block_stop", #""index":\#(index)"#)
  }

  private static let start = event(
    "message_start",
    #""message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":3,"#
      + #""cache_creation_input_tokens":6,"cache_read_input_tokens":5,"output_tokens":1}}"#)

  private static let closing =
    event("message_delta", #""delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}"#)
    + event("message_stop")

  private static let transcript =
    start
    + block(
      0, #"{"type":"thinking","thinking":"","signature":""}"#, #"{"type":"thinking_delta","thinking":"hm"}"#,
      #"{"type":"signature_delta","signature":"s"}"#)
    + event("ping") + block(1, #"{"type":"redacted_thinking","data":"AQ=="}"#)
    + block(
      2, #"{"type":"text","text":""}"#, #"{"type":"text_delta","text":"Grüße"}"#,
      #"{"type":"something_new","x":1}"#, #"{"type":"text_delta","text":" 😀"}"#)
    + event("something_new", #""index":"x""#)
    + block(3, #"{"type":"something_new"}"#, #"{"type":"text_delta","text":"not ours"}"#)
    + block(
      4, #"{"type":"tool_use","id":"a","name":"f","input":{}}"#,
      #"{"type":"input_json_delta","partial_json":""}"#, #"{"type":"input_json_delta","partial_json":"{\"x\":"}"#,
      #"{"type":"input_json_delta","partial_json":"1}"}"#)
    + block(5, #"{"type":"tool_use","id":"b","name":"g","input":{}}"#) + closing

  private static let opening: [ModelEvent] = [
    // Before the start: it is provisional.
    .chat(.usage(TokenUsage(input: 3, cacheWrite: 6, cacheRead: 5, output: 1))), .chat(.started),
  ]

  private static let events: [ModelEvent] =
    opening + [
      .chat(.blockStarted(index: 0, kind: .reasoning)), .chat(.delta(index: 0, .reasoning(Sensitive("hm")))),
      .chat(.delta(index: 0, .signature("s"))), .chat(.blockStopped(index: 0)),
      .chat(.blockStarted(index: 1, kind: .reasoning)),
      .chat(.delta(index: 1, .redactedReasoning(Sensitive([1])))), .chat(.blockStopped(index: 1)),
      .chat(.blockStarted(index: 2, kind: .text)), .text(2, "Grüße"), .text(2, " 😀"), .chat(.blockStopped(index: 2)),
      .chat(.blockStarted(index: 4, kind: .toolUse(id: "a", name: "f"))), .input(4, "{\"x\":"), .input(4, "1}"),
      .chat(.blockStopped(index: 4)), .chat(.blockStarted(index: 5, kind: .toolUse(id: "b", name: "g"))),
      .chat(.blockStopped(index: 5)),
      // The cached tokens that the later report leaves out are kept.
      .chat(.usage(TokenUsage(input: 3, cacheWrite: 6, cacheRead: 5, output: 9))), .chat(.stopped(.toolUse)),
    ]

  @Test("Every split gives the same events; pings and what is unknown are passed over")
  func splits() throws {
    let bytes = Array(Self.transcript.utf8)
    for cut in 0...bytes.count {
      #expect(try Exchange.decode(Self.decoder(), bytes, cuts: [cut]) == Self.events, "\(cut)")
    }
    #expect(try Exchange.decode(Self.decoder(), bytes, cuts: Array(0..<bytes.count)) == Self.events)
  }

  @Test("A stream that ends before its stop reason was cut short, wherever that is")
  func cutShort() throws {
    let bytes = Array(Self.transcript.utf8)
    for count in 0..<(bytes.count - Self.closing.utf8.count) {
      #expect(throws: UpstreamFailure.self, "\(count)") {
        try Exchange.decode(Self.decoder(), Array(bytes.prefix(count)))
      }
    }
    let withoutStop = bytes.count - Self.event("message_stop").utf8.count
    #expect(try Exchange.decode(Self.decoder(), Array(bytes.prefix(withoutStop))) == Self.events)
  }

  @Test("A later report may say every class anew, or nothing was ever reported (M-3)")
  func usage() throws {
    let anew =
      #""delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":30,"cache_creation_input_tokens":0,"#
      + #""cache_read_input_tokens":50,"output_tokens":2}"#
    #expect(
      try Exchange.decode(Self.decoder(), Array((Self.start + Self.event("message_delta", anew)).utf8))
        == Self.opening + [
          .chat(.usage(TokenUsage(input: 30, cacheWrite: 0, cacheRead: 50, output: 2))), .chat(.stopped(.endOfTurn)),
        ])
    let silent =
      Self.event("message_start", #""message":{}"#) + Self.event("message_delta", #""delta":{"stop_reason":"refusal"}"#)
    #expect(
      try Exchange.decode(Self.decoder(), Array(silent.utf8)) == [.chat(.started), .chat(.stopped(.refusal))])
  }

  @Test("An answer in JSON that comes through a tool is text")
  func jsonAnswer() throws {
    let text =
      Self.start
      + Self.block(
        0, #"{"type":"tool_use","id":"c","name":"json_answer","input":{}}"#,
        #"{"type":"input_json_delta","partial_json":"{\"a\":"}"#,
        #"{"type":"input_json_delta","partial_json":"1}"}"#) + Self.closing
    let events = try Exchange.decode(Self.decoder(.jsonObject), Array(text.utf8))
    #expect(
      events.dropFirst(2).dropLast(2) == [
        .chat(.blockStarted(index: 0, kind: .text)), .text(0, "{\"a\":"), .text(0, "1}"),
        .chat(.blockStopped(index: 0)),
      ])
    #expect(events.last == .chat(.stopped(.endOfTurn)))
  }

  @Test(
    "Errors and garbage end the answer, and are not quoted (V-1)",
    arguments: [
      (event("error", #""error":{"type":"overloaded_error","message":"secret"}"#), UpstreamFailure.Kind.unavailable),
      (event("error", #""error":{"type":"rate_limit_error","message":"secret"}"#), .throttled),
      (event("error"), .unavailable), ("data: {\"type\n\n", .garbled), ("<html>secret", .garbled),
      (event("content_block_start", #""index":-1,"content_block":{"type":"text"}"#), .garbled),
      (event("content_block_start", #""index":0"#), .garbled),
      (event("content_block_start", #""index":0,"content_block":{"type":"tool_use","id":"a"}"#), .garbled),
      (event("content_block_delta", #""index":0"#), .garbled),
    ])
  func errors(_ ending: String, _ kind: UpstreamFailure.Kind) {
    let failure = #expect(throws: UpstreamFailure.self) {
      try Exchange.decode(Self.decoder(), Array((Self.start + ending).utf8))
    }
    #expect(failure?.kind == kind)
    #expect(failure?.message.contains("secret") == false)
  }
}
