import Core
import Dialects
import Testing

@Suite("Streamed chats of OpenAI-compatible servers are read however their bytes are split")
struct OpenAIChatStreamTests {
  private static var decoder: any UpstreamDecoder {
    OpenAIChatOutbound().decoder(for: .chat(ChatRequest(messages: [], isStreaming: true)))
  }

  private static func chunk(_ delta: String, finish: String = "null", rest: String = "") -> String {
    #"data: {"id":"x","choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(rest)}"# + "\n\n"
  }

  private static let transcript =
    ": hello\n\n" + chunk(#"{"role":"assistant","content":""}"#) + chunk(#"{"reasoning_content":"hm"}"#)
    + chunk(#"{"content":"Grüße"}"#) + chunk(#"{"content":" 😀"}"#)
    + chunk(#"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#)
    + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\":"}}]}"#)
    + chunk(#"{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"#)
    + chunk(#"{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}"#)
    + chunk("{}", finish: "\"tool_calls\"") + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
    + "\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":4}}}\n\ndata: [DONE]\n\n"

  private static let events: [ModelEvent] = [
    .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
    .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.blockStopped(index: 0)),
    .chat(.blockStarted(index: 1, kind: .text)), .text(1, "Grüße"), .text(1, " 😀"), .chat(.blockStopped(index: 1)),
    .chat(.blockStarted(index: 2, kind: .toolUse(id: "a", name: "f"))), .input(2, "{\"x\":"), .input(2, "1}"),
    .chat(.blockStopped(index: 2)), .chat(.blockStarted(index: 3, kind: .toolUse(id: "b", name: "g"))),
    .input(3, "{}"), .chat(.blockStopped(index: 3)), .chat(.stopped(.toolUse)),
    .chat(.usage(TokenUsage(input: 5, cacheRead: 4, output: 3))),
  ]

  @Test("Every split gives the same events")
  func splits() throws {
    let bytes = Array(Self.transcript.utf8)
    for cut in 0...bytes.count {
      #expect(try Exchange.decode(Self.decoder, bytes, cuts: [cut]) == Self.events, "\(cut)")
    }
    #expect(try Exchange.decode(Self.decoder, bytes, cuts: Array(0..<bytes.count)) == Self.events)
  }

  @Test("A stream that ends before its finish reason was cut short, wherever that is")
  func cutShort() throws {
    let bytes = Array(Self.transcript.utf8)
    let finish = try #require(Self.transcript.firstRange(of: "\"tool_calls\"}]}\n\n"))
    let whole = Self.transcript[..<finish.upperBound].utf8.count
    for count in 0..<whole - 2 {
      #expect(throws: UpstreamFailure.self, "\(count)") {
        try Exchange.decode(Self.decoder, Array(bytes.prefix(count)))
      }
    }
    #expect(try Exchange.decode(Self.decoder, Array(bytes.prefix(whole))) == Self.events.dropLast())
  }

  @Test("Servers that give every tool call the number 0, or none, are understood")
  func sloppyToolCalls() throws {
    for index in ["\"index\":0,", ""] {
      let text =
        Self.chunk(#"{"tool_calls":[{\#(index)"id":"a","function":{"name":"f","arguments":"{}"}}]}"#)
        + Self.chunk(#"{"tool_calls":[{\#(index)"id":"b","function":{"name":"g","arguments":"{}"}}]}"#)
        + Self.chunk("{}", finish: "\"stop\"") + "data: [DONE]"
      let events = try Exchange.decode(Self.decoder, Array(text.utf8))
      #expect(
        events == [
          .chat(.started), .chat(.blockStarted(index: 0, kind: .toolUse(id: "a", name: "f"))), .input(0, "{}"),
          .chat(.blockStopped(index: 0)), .chat(.blockStarted(index: 1, kind: .toolUse(id: "b", name: "g"))),
          .input(1, "{}"), .chat(.blockStopped(index: 1)), .chat(.stopped(.toolUse)),
        ])
    }
  }

  @Test("An error chunk ends the answer")
  func errors() {
    func kind(_ text: String) -> UpstreamFailure.Kind? {
      do {
        _ = try Exchange.decode(Self.decoder, Array(text.utf8))
        return nil
      } catch {
        return (error as? UpstreamFailure)?.kind
      }
    }
    #expect(kind("data: {\"error\":{\"message\":\"no\"}}\n\n") == .unavailable)
    #expect(kind("data: {\"error\":{\"message\":\"no\",\"code\":\"rate_limit_exceeded\"}}\n\n") == .throttled)
    #expect(kind("data: {\"choices\n\n") == .garbled)
    #expect(kind("<html>") == .garbled)
  }
}
