import Core
import Dialects
import Testing

@Suite("Responses have OpenAI's official shapes")
struct ResponsesEncoderTests {
  static let settings =
    #""background":false,"instructions":null,"max_output_tokens":null,"temperature":null,"top_p":null,"metadata":{},"#
    + #""parallel_tool_calls":true,"previous_response_id":null,"reasoning":{"effort":null,"summary":null},"#
    + #""store":false,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"truncation":"disabled""#
  static let usage =
    #""usage":{"input_tokens":12,"input_tokens_details":{"cached_tokens":3,"cache_write_tokens":2},"output_tokens":5,"#
    + #""output_tokens_details":{"reasoning_tokens":0},"total_tokens":17}"#

  static func answer(_ options: String, _ events: [ModelEvent]) throws -> (head: AnswerHead, body: String) {
    let call = try OpenAIResponsesInbound().decode(Exchange.request(#"{"input":"x"\#(options)}"#))
    return Exchange.answer(call.encoder, events, usage: SampleAnswer.usage)
  }

  static func response(
    _ status: String, _ output: String, details: String = "null", usage: String = usage
  ) -> String {
    #"{"id":"resp_req-1","object":"response","created_at":1750000000,"status":"\#(status)","error":null,"#
      + #""incomplete_details":\#(details),"model":"model-x","output":[\#(output)],\#(settings),\#(usage)}"#
  }

  static func message(_ number: Int, _ text: String, status: String = "completed") -> String {
    #"{"id":"msg_req-1_\#(number)","type":"message","status":"\#(status)","role":"assistant","content":["#
      + #"{"type":"output_text","text":"\#(text)","annotations":[],"logprobs":[]}]}"#
  }

  static func call(
    _ number: Int, _ id: String, _ name: String, _ arguments: String, status: String = "completed"
  ) -> String {
    #"{"id":"fc_req-1_\#(number)","type":"function_call","status":"\#(status)","call_id":"\#(id)","name":"\#(name)","#
      + #""arguments":"\#(arguments)"}"#
  }

  /// Reasoning with a signature in pieces, redacted reasoning, a signature alone, an empty text that is none, and a text.
  static let reasoning: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
    .chat(.delta(index: 0, .reasoning(Sensitive("h")))), .chat(.delta(index: 0, .reasoning(Sensitive("m")))),
    .chat(.delta(index: 0, .signature("si"))), .chat(.delta(index: 0, .signature("g"))), .chat(.blockStopped(index: 0)),
    .chat(.blockStarted(index: 1, kind: .reasoning)),
    .chat(.delta(index: 1, .redactedReasoning(Sensitive([1, 2])))), .chat(.blockStopped(index: 1)),
    .chat(.blockStarted(index: 2, kind: .reasoning)), .chat(.delta(index: 2, .signature("only"))),
    .chat(.blockStopped(index: 2)), .chat(.blockStarted(index: 3, kind: .text)), .chat(.blockStopped(index: 3)),
    .chat(.blockStarted(index: 5, kind: .text)), .text(5, "yes"), .chat(.blockStopped(index: 5)),
    .chat(.stopped(.maxTokens)),
  ]

  static let reasoningItems = [
    #"{"id":"rs_req-1_0","type":"reasoning","status":"completed","summary":[{"type":"summary_text","text":"hm"}],"#
      + #""encrypted_content":"signature:sig"}"#,
    #"{"id":"rs_req-1_1","type":"reasoning","status":"completed","summary":[],"encrypted_content":"redacted:AQI="}"#,
    #"{"id":"rs_req-1_2","type":"reasoning","status":"completed","summary":[],"encrypted_content":"signature:only"}"#,
    message(3, "yes", status: "incomplete"),
  ]

  @Test("A whole text answer, with its usage by class (U-2)")
  func wholeText() throws {
    let (head, body) = try Self.answer("", SampleAnswer.text)
    #expect(head.status == 200)
    #expect(head.headers.value(of: "content-type") == "application/json")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(body == Self.response("completed", Self.message(0, #"Hello \"you\"\n"#)))
  }

  @Test("A whole answer with several calls")
  func wholeTools() throws {
    let items = [
      Self.message(0, "Looking."), Self.call(1, "t1", "weather", #"{\"city\":\"Ulm\"}"#),
      Self.call(2, "t2", "clock", "{}"),
    ]
    #expect(try Self.answer("", SampleAnswer.tools).body == Self.response("completed", items.joined(separator: ",")))
  }

  @Test("A whole answer with reasoning that was cut off: its last item is incomplete")
  func wholeReasoning() throws {
    #expect(
      try Self.answer("", Self.reasoning).body
        == Self.response(
          "incomplete", Self.reasoningItems.joined(separator: ","), details: #"{"reason":"max_output_tokens"}"#))
  }

  @Test("Reasoning that is given back as it came goes on with its signatures")
  func roundTrip() throws {
    let output = Self.reasoningItems.joined(separator: ",")
    let chat = try Exchange.chat(OpenAIResponsesInbound(), #"{"input":[{"role":"user","content":"x"},\#(output)]}"#)
    #expect(
      chat.messages[1].content == [
        .reasoning(text: Sensitive("hm"), signature: "sig"), .redactedReasoning(Sensitive([1, 2])),
        .reasoning(text: Sensitive(""), signature: "only"), .text(Sensitive("yes")),
      ])
  }

  @Test("The arguments of a call that the token limit cut off stay as they are, and the item says so")
  func cutCall() throws {
    let events: [ModelEvent] = [
      .chat(.started), .chat(.blockStarted(index: 0, kind: .toolUse(id: "t", name: "f"))), .input(0, "{\"a\":"),
      .chat(.stopped(.maxTokens)),
    ]
    #expect(try Self.answer("", events).body.contains(Self.call(0, "t", "f", #"{\"a\":"#, status: "incomplete")))
  }

  @Test(
    "Every stop reason has its status, whole and streamed",
    arguments: [
      (StopReason.endOfTurn, nil), (.maxTokens, "max_output_tokens"), (.stopSequence, nil), (.toolUse, nil),
      (.refusal, "content_filter"), (.other, nil),
    ])
  func stopReasons(_ reason: StopReason, _ word: String?) throws {
    let events: [ModelEvent] = [.chat(.started), .chat(.stopped(reason))]
    let details = word.map { #"{"reason":"\#($0)"}"# } ?? "null"
    let expected = Self.response(word == nil ? "completed" : "incomplete", "", details: details)
    #expect(try Self.answer("", events).body == expected)
    let name = word == nil ? "response.completed" : "response.incomplete"
    #expect(
      try Self.answer(#","stream":true"#, events).body.hasSuffix(
        "event: \(name)\ndata: {\"type\":\"\(name)\",\"sequence_number\":2,\"response\":\(expected)}\n\n"))
  }

  @Test("Settings are repeated, without the line ends that they were written with")
  func settings() throws {
    let options = #"""
      ,"instructions":"Be\nbrief.","max_output_tokens":3000,"temperature":0.50,"top_p":1,"metadata": {
        "a":"b"},"parallel_tool_calls":false,"store":true,"reasoning":{"effort":"low",
        "summary":"auto"},"text":{"format":{"type":"json_schema","name":"s","schema":{ "type":
        "object"}}},"tools":[{"type":"function","name":"f","parameters":{
        "type":"object"},"strict":true}],"tool_choice":{"type":"function",
        "name":"f"},"stream":true
      """#
    let body = try Self.answer(options, SampleAnswer.text).body
    let expected =
      #""background":false,"instructions":"Be\nbrief.","max_output_tokens":3000,"temperature":0.50,"top_p":1,"#
      + #""metadata":{"a":"b"},"parallel_tool_calls":false,"previous_response_id":null,"#
      + #""reasoning":{"effort":"low","summary":"auto"},"store":false,"text":{"format":{"type":"json_schema","#
      + #""name":"s","schema":{"type":"object"}}},"tool_choice":{"type":"function","name":"f"},"tools":["#
      + #"{"type":"function","name":"f","description":null,"parameters":{"type":"object"},"strict":true}],"#
      + #""truncation":"disabled","usage":"#
    #expect(body.ranges(of: expected).count == 3)
    for line in body.split(separator: "\n") {
      #expect(line.hasPrefix("event: ") || line.hasPrefix("data: {") && line.hasSuffix("}"), "\(line)")
    }
  }

  @Test("A failure in a stream is an event that its documentation knows and that clients raise (F-4)")
  func midStream() {
    let failure = GatewayFailure.upstream(UpstreamFailure(.connection, "Gone."))
    let bytes = OpenAIResponsesInbound().encodeMidStream(failure, requestID: Exchange.requestID)
    let error = #""param":null,"code":"upstream_connection""#
    #expect(
      Exchange.text(bytes)
        == "event: error\ndata: {\"message\":\"Gone.\",\"type\":\"error\",\(error),\"sequence_number\":2147483647,"
        + "\"error\":{\"message\":\"Gone.\",\"type\":\"server_error\",\(error)}}\n\n")
  }
}
