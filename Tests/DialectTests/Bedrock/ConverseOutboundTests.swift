import Core
import Dialects
import Testing

@Suite("Chats are spoken to Bedrock's Converse (D-1, D-2)")
struct ConverseOutboundTests {
  private static func body(_ chat: ChatRequest) throws -> String {
    Exchange.text(try BedrockConverseOutbound().request(for: .chat(chat), upstreamModel: "m").body.reveal())
  }

  static let everything = ChatRequest(
    model: "m", system: [.text(Sensitive("S")), .cachePoint],
    messages: [
      Message(
        role: .user,
        content: [
          .text(Sensitive("look")), .image(format: "png", bytes: Sensitive([1, 2, 3])),
          .document(format: "pdf", name: Sensitive("My report"), bytes: Sensitive([4])), .cachePoint,
        ]),
      Message(
        role: .assistant,
        content: [
          .reasoning(text: Sensitive("r"), signature: "sig"), .redactedReasoning(Sensitive([9])),
          .toolUse(id: "c", name: "f", input: RawJSON(Array(#"{"b":1,"a":2.50}"#.utf8))),
        ]),
      Message(
        role: .user,
        content: [
          .toolResult(
            id: "c",
            content: [
              .text(Sensitive("t")), .json(RawJSON(Array(#"{"result":"x"}"#.utf8))),
              .image(format: "gif", bytes: Sensitive([5])),
            ], isError: true),
          .text(Sensitive("go on")),
        ]),
    ],
    inference: InferenceParameters(maxTokens: 3_000, temperature: 0.5, topP: 0.9, topK: 7, stopSequences: ["x"]),
    tools: [
      Tool(
        name: "f", description: Sensitive("d"), inputSchema: RawJSON(Array(#"{"type":"object"}"#.utf8)),
        hasCachePoint: true)
    ],
    toolChoice: .tool("f"), reasoning: ReasoningRequest(budget: 1_024))

  @Test("A request with everything has this body and path")
  func request() throws {
    let request = try BedrockConverseOutbound().request(
      for: .chat(Self.everything), upstreamModel: "arn:aws:bedrock:eu::profile/eu.claude-v1:0")
    #expect(request.path == "/model/arn%3Aaws%3Abedrock%3Aeu%3A%3Aprofile%2Feu.claude-v1%3A0/converse")
    #expect(request.headers.value(of: "content-type") == "application/json")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"messages":[{"role":"user","content":[{"text":"look"},"#
        + #"{"image":{"format":"png","source":{"bytes":"AQID"}}},"#
        + #"{"document":{"format":"pdf","name":"My report","source":{"bytes":"BA=="}}},"#
        + #"{"cachePoint":{"type":"default"}}]},{"role":"assistant","content":["#
        + #"{"reasoningContent":{"reasoningText":{"text":"r","signature":"sig"}}},"#
        + #"{"reasoningContent":{"redactedContent":"CQ=="}},"#
        + #"{"toolUse":{"toolUseId":"c","name":"f","input":{"b":1,"a":2.50}}}]},{"role":"user","content":["#
        + #"{"toolResult":{"toolUseId":"c","content":[{"text":"t"},{"json":{"result":"x"}},"#
        + #"{"image":{"format":"gif","source":{"bytes":"BQ=="}}}],"status":"error"}},{"text":"go on"}]}],"#
        + #""system":[{"text":"S"},{"cachePoint":{"type":"default"}}],"#
        + #""inferenceConfig":{"maxTokens":3000,"temperature":0.5,"topP":0.9,"stopSequences":["x"]},"#
        + #""toolConfig":{"tools":[{"toolSpec":{"name":"f","description":"d","#
        + #""inputSchema":{"json":{"type":"object"}}}},{"cachePoint":{"type":"default"}}],"toolChoice":{"tool":{"name":"f"}}},"#
        + #""additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":1024},"top_k":7}}"#)
  }

  @Test("What is written reads back the same through the inbound codec")
  func roundTrip() throws {
    var expected = Self.everything
    expected.model = nil
    #expect(try Exchange.chat(BedrockConverseInbound(), try Self.body(Self.everything)) == expected)
  }

  @Test("A streamed call has its own path and framing")
  func streamed() throws {
    let chat = ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive("x"))])], isStreaming: true)
    let request = try BedrockConverseOutbound().request(for: .chat(chat), upstreamModel: "a.b-c_d~1")
    #expect(request.path == "/model/a.b-c_d~1/converse-stream")
    #expect(request.headers.value(of: "accept") == "application/vnd.amazon.eventstream")
  }

  @Test("Turns of one role become one, tool results first, blank texts left out")
  func alternation() throws {
    let chat = ChatRequest(
      messages: [
        Message(role: .user, content: [.text(Sensitive("a")), .text(Sensitive(""))]),
        Message(role: .user, content: [.toolResult(id: "c", content: [.text(Sensitive(""))], isError: false)]),
        Message(role: .assistant, content: [.text(Sensitive("b"))]),
      ], tools: Self.everything.tools)
    #expect(
      try Self.body(chat).hasPrefix(
        #"{"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"c","content":[]}},{"text":"a"}]},"#
          + #"{"role":"assistant","content":[{"text":"b"}]}]"#))
  }

  @Test("The tool choice none leaves the tools out, and is refused after tools were used")
  func noTools() throws {
    var chat = Self.everything
    chat.toolChoice = ToolChoice.none
    #expect(throws: InvalidRequest.self) { try Self.body(chat) }
    chat.messages.removeLast(2)
    #expect(try !Self.body(chat).contains("toolConfig"))
    var without = Self.everything
    without.tools = []
    without.toolChoice = nil
    let problem = #expect(throws: InvalidRequest.self) { try Self.body(without) }
    #expect(problem?.message.hasPrefix("The messages hold tool calls or results") == true)
  }

  @Test("Document names are made of what Converse takes")
  func documentNames() throws {
    for (name, expected) in [("a.pdf", "a-pdf"), ("a  \n b", "a b"), ("Größe_1", "Gr--e-1"), ("", "document")] {
      let content = ContentBlock.document(format: "pdf", name: Sensitive(name), bytes: Sensitive([1]))
      let chat = ChatRequest(messages: [Message(role: .user, content: [content])])
      #expect(try Self.body(chat).contains(#""name":"\#(expected)""#))
    }
  }

  @Test("An answer in JSON is asked for by a tool and given as text")
  func jsonAnswer() throws {
    var chat = ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive("x"))])])
    chat.responseFormat = .jsonSchema(name: "s", schema: RawJSON(Array(#"{"type":"object"}"#.utf8)), isStrict: true)
    let body = try Self.body(chat)
    #expect(body.contains(#""inputSchema":{"json":{"type":"object"}}"#))
    #expect(body.contains(#""toolChoice":{"tool":{"name":"json_answer"}}"#))
    let answer =
      #"{"output":{"message":{"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"json_answer","#
      + #""input":{"a": 1}}}]}},"stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2}}"#
    let events = try Exchange.decode(BedrockConverseOutbound().decoder(for: .chat(chat)), Array(answer.utf8))
    #expect(
      events == [
        .chat(.started), .chat(.blockStarted(index: 0, kind: .text)), .text(0, #"{"a": 1}"#),
        .chat(.blockStopped(index: 0)), .chat(.stopped(.endOfTurn)), .chat(.usage(TokenUsage(input: 1, output: 2))),
      ])
    chat.tools = Self.everything.tools
    #expect(throws: InvalidRequest.self) { try Self.body(chat) }
    chat.tools = []
    chat.reasoning = ReasoningRequest(budget: 1_024)
    #expect(throws: InvalidRequest.self) { try Self.body(chat) }
  }

  @Test("A whole answer becomes events, cached tokens stand beside the input (U-2)")
  func whole() throws {
    let answer =
      #"{"output":{"message":{"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"hm","#
      + #""signature":"s"}}},{"reasoningContent":{"redactedContent":"AQ=="}},{"text":"hi"},{"toolUse":{"#
      + #""toolUseId":"c","name":"f","input":{"x": 1}}}]}},"stopReason":"tool_use","metrics":{"latencyMs":1},"#
      + #""usage":{"inputTokens":3,"outputTokens":4,"totalTokens":18,"cacheReadInputTokens":5,"#
      + #""cacheWriteInputTokens":6}}"#
    let decoder = BedrockConverseOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    #expect(
      try Exchange.decode(decoder, Array(answer.utf8), cuts: [1, 50]) == [
        .chat(.started), .chat(.blockStarted(index: 0, kind: .reasoning)),
        .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.delta(index: 0, .signature("s"))),
        .chat(.blockStopped(index: 0)), .chat(.blockStarted(index: 1, kind: .reasoning)),
        .chat(.delta(index: 1, .redactedReasoning(Sensitive([1])))), .chat(.blockStopped(index: 1)),
        .chat(.blockStarted(index: 2, kind: .text)), .text(2, "hi"), .chat(.blockStopped(index: 2)),
        .chat(.blockStarted(index: 3, kind: .toolUse(id: "c", name: "f"))), .input(3, #"{"x": 1}"#),
        .chat(.blockStopped(index: 3)), .chat(.stopped(.toolUse)),
        .chat(.usage(TokenUsage(input: 3, cacheWrite: 6, cacheRead: 5, output: 4))),
      ])
  }
}
