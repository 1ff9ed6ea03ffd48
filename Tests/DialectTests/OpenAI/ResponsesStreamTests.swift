import Core
import Dialects
import Testing

@Suite("Streamed responses come as the events that OpenAI's client expects")
struct ResponsesStreamTests {
  /// The events that a stream begins with, then `events` with their numbers, each as name and members.
  private static func stream(_ events: [(name: String, members: String)]) -> String {
    let start = ResponsesEncoderTests.response("in_progress", "", usage: #""usage":null"#)
    let beginning = ["response.created", "response.in_progress"].map { (name: $0, members: #""response":\#(start)"#) }
    return (beginning + events).enumerated().map { number, event in
      "event: \(event.name)\ndata: {\"type\":\"\(event.name)\",\"sequence_number\":\(number),\(event.members)}\n\n"
    }.joined()
  }

  private static func part(_ text: String) -> String {
    #""part":{"type":"output_text","text":"\#(text)","annotations":[],"logprobs":[]}"#
  }

  /// The events of one message.
  private static func message(_ number: Int, _ pieces: [String], _ item: String) -> [(name: String, members: String)] {
    let place = #""item_id":"msg_req-1_\#(number)","output_index":\#(number),"content_index":0"#
    let empty =
      #"{"id":"msg_req-1_\#(number)","type":"message","status":"in_progress","role":"assistant","content":[]}"#
    let text = pieces.joined()
    return [
      ("response.output_item.added", #""output_index":\#(number),"item":\#(empty)"#),
      ("response.content_part.added", "\(place),\(part(""))"),
    ] + pieces.map { ("response.output_text.delta", #"\#(place),"delta":"\#($0)","logprobs":[]"#) } + [
      ("response.output_text.done", #"\#(place),"text":"\#(text)","logprobs":[]"#),
      ("response.content_part.done", "\(place),\(part(text))"),
      ("response.output_item.done", #""output_index":\#(number),"item":\#(item)"#),
    ]
  }

  /// The events of one call.
  private static func call(
    _ number: Int, _ id: String, _ name: String, _ pieces: [String]
  ) -> [(name: String, members: String)] {
    let place = #""item_id":"fc_req-1_\#(number)","output_index":\#(number)"#
    let arguments = pieces.joined()
    let empty = ResponsesEncoderTests.call(number, id, name, "", status: "in_progress")
    let item = ResponsesEncoderTests.call(number, id, name, arguments)
    return [("response.output_item.added", #""output_index":\#(number),"item":\#(empty)"#)]
      + pieces.map { ("response.function_call_arguments.delta", #"\#(place),"delta":"\#($0)""#) } + [
        ("response.function_call_arguments.done", #"\#(place),"name":"\#(name)","arguments":"\#(arguments)""#),
        ("response.output_item.done", #""output_index":\#(number),"item":\#(item)"#),
      ]
  }

  @Test("A text: nothing of its end comes before the settlement (M-1)")
  func text() throws {
    var encoder = try OpenAIResponsesInbound().decode(Exchange.request(#"{"input":"x","stream":true}"#)).encoder
    let head = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(head.headers.value(of: "content-type") == "text/event-stream")
    #expect(head.headers.value(of: "cache-control") == "no-cache")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    let before = Exchange.text(SampleAnswer.text.flatMap { encoder.encode($0) })
    let item = ResponsesEncoderTests.message(0, #"Hello \"you\"\n"#)
    let events = Self.message(0, ["Hel", #"lo \"you\"\n"#], item)
    #expect(before == Self.stream(Array(events.dropLast(3))))
    let whole =
      events + [("response.completed", #""response":\#(ResponsesEncoderTests.response("completed", item))"#)]
    #expect(before + Exchange.text(encoder.finish(usage: SampleAnswer.usage)) == Self.stream(whole))
  }

  @Test("Calls: each is an item of its own, and its arguments are JSON even where there are none")
  func tools() throws {
    let (_, body) = try ResponsesEncoderTests.answer(#","stream":true"#, SampleAnswer.tools)
    let items = [
      ResponsesEncoderTests.message(0, "Looking."),
      ResponsesEncoderTests.call(1, "t1", "weather", #"{\"city\":\"Ulm\"}"#),
      ResponsesEncoderTests.call(2, "t2", "clock", "{}"),
    ]
    #expect(
      body
        == Self.stream(
          Self.message(0, ["Looking."], items[0]) + Self.call(1, "t1", "weather", [#"{\"city\":"#, #"\"Ulm\"}"#])
            + Self.call(2, "t2", "clock", ["{}"]) + [
              (
                "response.completed",
                #""response":\#(ResponsesEncoderTests.response("completed", items.joined(separator: ",")))"#
              )
            ]))
  }

  @Test("Reasoning: its text as a summary, its signature with the item's end")
  func reasoning() throws {
    let items = ResponsesEncoderTests.reasoningItems
    func begin(_ number: Int) -> (name: String, members: String) {
      let item = #"{"id":"rs_req-1_\#(number)","type":"reasoning","status":"in_progress","summary":[]}"#
      return ("response.output_item.added", #""output_index":\#(number),"item":\#(item)"#)
    }
    func end(_ number: Int) -> (name: String, members: String) {
      ("response.output_item.done", #""output_index":\#(number),"item":\#(items[number])"#)
    }
    let place = #""item_id":"rs_req-1_0","output_index":0,"summary_index":0"#
    let final = ResponsesEncoderTests.response(
      "incomplete", items.joined(separator: ","), details: #"{"reason":"max_output_tokens"}"#)
    #expect(
      try ResponsesEncoderTests.answer(#","stream":true"#, ResponsesEncoderTests.reasoning).body
        == Self.stream(
          [
            begin(0),
            ("response.reasoning_summary_part.added", #"\#(place),"part":{"type":"summary_text","text":""}"#),
            ("response.reasoning_summary_text.delta", #"\#(place),"delta":"h""#),
            ("response.reasoning_summary_text.delta", #"\#(place),"delta":"m""#),
            ("response.reasoning_summary_text.done", #"\#(place),"text":"hm""#),
            ("response.reasoning_summary_part.done", #"\#(place),"part":{"type":"summary_text","text":"hm"}"#),
            end(0), begin(1), end(1), begin(2), end(2),
          ] + Self.message(3, ["yes"], items[3]) + [("response.incomplete", #""response":\#(final)"#)]))
  }

  @Test("An answer without any content is a response all the same")
  func empty() throws {
    let final = ResponsesEncoderTests.response("completed", "")
    #expect(
      try ResponsesEncoderTests.answer(#","stream":true"#, []).body
        == Self.stream([("response.completed", #""response":\#(final)"#)]))
  }
}
