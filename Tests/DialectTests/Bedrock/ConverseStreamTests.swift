import Core
import Dialects
import Testing

@Suite("Streamed answers of Converse are read however their bytes are split")
struct ConverseStreamTests {
  private static func decoder(_ format: ResponseFormat? = nil) -> any UpstreamDecoder {
    let chat = ChatRequest(messages: [], responseFormat: format, isStreaming: true)
    return BedrockConverseOutbound().decoder(for: .chat(chat))
  }

  private static func frame(_ event: String, _ payload: String) -> [UInt8] {
    EventStreamFrame(event: event, payload: Array(payload.utf8)).bytes
  }

  private static let closing =
    frame("messageStop", #"{"stopReason":"tool_use"}"#)
    + frame(
      "metadata",
      #"{"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":12,"cacheReadInputTokens":5},"metrics":{}}"#)

  private static let transcript =
    frame("messageStart", #"{"role":"assistant"}"#)
    + frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#)
    + frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}"#)
    + frame("contentBlockStop", #"{"contentBlockIndex":0}"#)
    + frame("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"Grüße"},"p":"abcdef"}"#)
    + frame("somethingNew", "{}")
    + frame("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"!"}}"#)
    + frame("contentBlockStop", #"{"contentBlockIndex":1}"#)
    + frame("contentBlockStart", #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"c","name":"f"}}}"#)
    + frame("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{}"}}}"#)
    + frame("contentBlockStop", #"{"contentBlockIndex":2}"#) + closing

  private static let events: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
    .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.delta(index: 0, .signature("s"))),
    .chat(.blockStopped(index: 0)), .chat(.blockStarted(index: 1, kind: .text)), .text(1, "Grüße"), .text(1, "!"),
    .chat(.blockStopped(index: 1)), .chat(.blockStarted(index: 2, kind: .toolUse(id: "c", name: "f"))),
    .input(2, "{}"), .chat(.blockStopped(index: 2)), .chat(.stopped(.toolUse)),
    .chat(.usage(TokenUsage(input: 3, cacheRead: 5, output: 4))),
  ]

  @Test("Every split gives the same events")
  func splits() throws {
    for cut in 0...Self.transcript.count {
      #expect(try Exchange.decode(Self.decoder(), Self.transcript, cuts: [cut]) == Self.events, "\(cut)")
    }
    #expect(try Exchange.decode(Self.decoder(), Self.transcript, cuts: Array(0..<Self.transcript.count)) == Self.events)
  }

  @Test("A stream that ends before its stop reason was cut short, wherever that is")
  func cutShort() {
    for count in 0..<(Self.transcript.count - Self.closing.count) {
      #expect(throws: UpstreamFailure.self, "\(count)") {
        try Exchange.decode(Self.decoder(), Array(Self.transcript.prefix(count)))
      }
    }
  }

  @Test("An answer in JSON that comes through a tool is text")
  func jsonAnswer() throws {
    let bytes =
      Self.frame(
        "contentBlockStart", #"{"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"c","name":"json_answer"}}}"#)
      + Self.frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"toolUse":{"input":"{\"a\":"}}}"#)
      + Self.frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"toolUse":{"input":"1}"}}}"#) + Self.closing
    #expect(
      try Exchange.decode(Self.decoder(.jsonObject), bytes).dropLast() == [
        .chat(.started), .chat(.blockStarted(index: 0, kind: .text)), .text(0, "{\"a\":"), .text(0, "1}"),
        .chat(.blockStopped(index: 0)), .chat(.stopped(.endOfTurn)),
      ])
  }

  @Test(
    "Exceptions end the answer with their kind",
    arguments: [
      ("throttlingException", UpstreamFailure.Kind.throttled), ("validationException", .rejected),
      ("modelStreamErrorException", .unavailable), ("internalServerException", .unavailable),
      ("modelTimeoutException", .timeout), ("newException", .unavailable),
    ])
  func exceptions(_ name: String, _ kind: UpstreamFailure.Kind) {
    let bytes = EventStreamFrame(exception: name, payload: Array(#"{"message":"secret"}"#.utf8)).bytes
    let failure = #expect(throws: UpstreamFailure.self) { try Exchange.decode(Self.decoder(), bytes) }
    #expect(failure?.kind == kind)
    #expect(failure?.message.contains(name) == true)
    #expect(failure?.message.contains("secret") == false)
  }
}
