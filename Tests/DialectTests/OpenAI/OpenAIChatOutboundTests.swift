import Core
import Dialects
import Testing

@Suite("Chats are spoken to OpenAI-compatible servers (D-1, D-2)")
struct OpenAIChatOutboundTests {
  private static func body(_ chat: ChatRequest) throws -> String {
    Exchange.text(try OpenAIChatOutbound().request(for: .chat(chat), upstreamModel: "up").body.reveal())
  }

  private static let everything = ChatRequest(
    model: "named", system: [.text(Sensitive("S"))],
    messages: [
      Message(
        role: .user,
        content: [
          .text(Sensitive("look")), .image(format: "png", bytes: Sensitive([1, 2, 3])),
          .document(format: "pdf", name: Sensitive("a"), bytes: Sensitive([4])),
        ]),
      Message(
        role: .assistant,
        content: [
          .reasoning(text: Sensitive("r"), signature: nil),
          .toolUse(id: "c", name: "f", input: RawJSON(Array(#"{"a":1}"#.utf8))),
        ]),
      Message(
        role: .user,
        content: [
          .toolResult(id: "c", content: [.text(Sensitive("t")), .json(RawJSON([0x7B, 0x7D]))], isError: true),
          .text(Sensitive("go on")),
        ]),
    ],
    inference: InferenceParameters(maxTokens: 9, temperature: 0.5, topP: 1, stopSequences: ["x"]),
    tools: [Tool(name: "f", description: Sensitive("d"), inputSchema: RawJSON(Array(#"{"type":"object"}"#.utf8)))],
    toolChoice: .any, reasoning: ReasoningRequest(budget: 2_000),
    responseFormat: .jsonSchema(name: "s", schema: RawJSON([0x7B, 0x7D]), isStrict: true), isStreaming: true)

  @Test("A request with everything has this body, and always asks for usage")
  func request() throws {
    let request = try OpenAIChatOutbound().request(for: .chat(Self.everything), upstreamModel: "up")
    #expect(request.method == "POST")
    #expect(request.path == "/chat/completions")
    #expect(request.headers.value(of: "accept") == "text/event-stream")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"model":"up","messages":[{"role":"system","content":"S"},{"role":"user","content":["#
        + #"{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},"#
        + #"{"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BA=="}}]},"#
        + #"{"role":"assistant","content":null,"reasoning_content":"r","tool_calls":[{"id":"c","type":"function","#
        + #""function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","#
        + #""content":"Error: t\n{}"},{"role":"user","content":"go on"}],"max_tokens":9,"temperature":0.5,"top_p":1,"#
        + #""stop":["x"],"reasoning_effort":"medium","tools":[{"type":"function","function":{"name":"f","#
        + #""description":"d","parameters":{"type":"object"}}}],"tool_choice":"required","response_format":"#
        + #"{"type":"json_schema","json_schema":{"name":"s","schema":{},"strict":true}},"stream":true,"#
        + #""stream_options":{"include_usage":true}}"#)
  }

  @Test("What is written reads back the same through the inbound codec")
  func roundTrip() throws {
    var original = Self.everything
    original.reasoning = nil
    var chat = try Exchange.chat(OpenAIChatInbound(), try Self.body(original))
    #expect(chat.model == "up")
    #expect(chat.messages.count == 4)
    #expect(chat.tools == Self.everything.tools)
    #expect(chat.toolChoice == .any)
    #expect(chat.inference == Self.everything.inference)
    #expect(chat.responseFormat == Self.everything.responseFormat)
    chat.isStreaming = false
    #expect(try Exchange.chat(OpenAIChatInbound(), try Self.body(chat)).messages == chat.messages)
  }

  @Test("Newer servers can be told max_completion_tokens, and none or a named tool is said")
  func variants() throws {
    let outbound = OpenAIChatOutbound(maxTokensName: .maxCompletionTokens)
    var chat = Self.everything
    chat.toolChoice = .tool("f")
    chat.responseFormat = .jsonObject
    let text = Exchange.text(try outbound.request(for: .chat(chat), upstreamModel: "up").body.reveal())
    #expect(text.contains(#""max_completion_tokens":9"#))
    #expect(text.contains(#""tool_choice":{"type":"function","function":{"name":"f"}}"#))
    #expect(text.contains(#""response_format":{"type":"json_object"}"#))
    chat.toolChoice = ToolChoice.none
    #expect(try Self.body(chat).contains(#""tool_choice":"none""#))
  }

  @Test("What the dialect cannot express is refused and named")
  func inexpressible() {
    func refusal(_ block: ContentBlock) -> String? {
      do {
        _ = try Self.body(ChatRequest(messages: [Message(role: .user, content: [block])]))
        return nil
      } catch {
        return (error as? InvalidRequest)?.message
      }
    }
    #expect(refusal(.cachePoint)?.hasPrefix("The cache marker messages[0].content[0] cannot be expressed") == true)
    #expect(refusal(.reasoning(text: Sensitive("x"), signature: "s"))?.hasPrefix("The signed reasoning block") == true)
    #expect(refusal(.redactedReasoning(Sensitive([1]))) != nil)
    let image = ToolResultContent.image(format: "png", bytes: Sensitive([1]))
    #expect(refusal(.toolResult(id: "c", content: [image], isError: false))?.hasPrefix("An image in the tool") == true)
    #expect(refusal(.text(Sensitive("x"))) == nil)
    let plain = [Message(role: .user, content: [.text(Sensitive("x"))])]
    let tool = Tool(name: "f", description: nil, inputSchema: RawJSON(Array("{}".utf8)), hasCachePoint: true)
    for (chat, place) in [
      (ChatRequest(messages: plain, inference: InferenceParameters(topK: 3)), "top_k"),
      (ChatRequest(messages: plain, tools: [tool]), "tools"),
    ] {
      let problem = #expect(throws: InvalidRequest.self) { try Self.body(chat) }
      #expect(problem?.parameter == place)
    }
  }

  @Test("A whole answer becomes events, cached tokens are taken out of the prompt's (U-2)")
  func whole() throws {
    let decoder = OpenAIChatOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let answer =
      #"{"choices":[{"index":0,"message":{"role":"assistant","content":"hi","reasoning_content":"hm","tool_calls":["#
      + #"{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"#
      + #""usage":{"prompt_tokens":10,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":6}}}"#
    let events = try Exchange.decode(decoder, Array(answer.utf8), cuts: [5, 40])
    #expect(
      events == [
        .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
        .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.blockStopped(index: 0)),
        .chat(.blockStarted(index: 1, kind: .text)), .text(1, "hi"), .chat(.blockStopped(index: 1)),
        .chat(.blockStarted(index: 2, kind: .toolUse(id: "c", name: "f"))), .input(2, "{}"),
        .chat(.blockStopped(index: 2)), .chat(.stopped(.toolUse)),
        .chat(.usage(TokenUsage(input: 4, cacheRead: 6, output: 4))),
      ])
  }

  @Test("Without a report of usage there is no usage event (M-3)")
  func noUsage() throws {
    let answer = #"{"choices":[{"message":{"content":"hi"},"finish_reason":"length"}],"usage":null}"#
    let decoder = OpenAIChatOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let events = try Exchange.decode(decoder, Array(answer.utf8))
    #expect(events.last == .chat(.stopped(.maxTokens)))
  }

  @Test(
    "Answers that are none are garbled",
    arguments: ["", "{", "[]", "{}", #"{"choices":[]}"#, #"{"choices":[{"message":null}]}"#])
  func garbled(_ answer: String) {
    let decoder = OpenAIChatOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let failure = #expect(throws: UpstreamFailure.self) { try Exchange.decode(decoder, Array(answer.utf8)) }
    #expect(failure?.kind == .garbled)
  }
}
