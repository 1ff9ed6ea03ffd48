import Core
import Dialects
import Testing

@Suite("Chats are spoken to Anthropic's service (D-1, D-2)")
struct AnthropicOutboundTests {
  private static func body(_ chat: ChatRequest) throws -> String {
    Exchange.text(try AnthropicMessagesOutbound().request(for: .chat(chat), upstreamModel: "up").body.reveal())
  }

  private static let everything = ChatRequest(
    model: "m", system: [.text(Sensitive("S")), .cachePoint],
    messages: [
      Message(
        role: .user,
        content: [
          .text(Sensitive("look")), .image(format: "png", bytes: Sensitive([1, 2, 3])),
          .document(format: "pdf", name: Sensitive("My report"), bytes: Sensitive([4])),
          .document(format: "txt", name: Sensitive("note"), bytes: Sensitive(Array("hé".utf8))), .cachePoint,
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
            id: "c", content: [.text(Sensitive("t")), .image(format: "gif", bytes: Sensitive([5]))], isError: true),
          .text(Sensitive("go on")),
        ]),
    ],
    inference: InferenceParameters(maxTokens: 3_000, temperature: 0.5, topP: 0.9, topK: 7, stopSequences: ["x"]),
    tools: [
      Tool(
        name: "f", description: Sensitive("d"), inputSchema: RawJSON(Array(#"{"type":"object"}"#.utf8)),
        hasCachePoint: true)
    ],
    toolChoice: .tool("f"), isParallelToolUseDisabled: true, reasoning: ReasoningRequest(budget: 1_024),
    isStreaming: true)

  private static let question = [Message(role: .user, content: [.text(Sensitive("x"))])]

  @Test("A request with everything has this body, path and version")
  func request() throws {
    let request = try AnthropicMessagesOutbound().request(for: .chat(Self.everything), upstreamModel: "up")
    #expect(request.method == "POST")
    #expect(request.path == "/v1/messages")
    #expect(request.headers.value(of: "anthropic-version") == "2023-06-01")
    #expect(request.headers.value(of: "accept") == "text/event-stream")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"model":"up","max_tokens":3000,"system":[{"type":"text","text":"S","cache_control":"#
        + #"{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"look"},"#
        + #"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},"#
        + #"{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BA=="},"#
        + #""title":"My report"},{"type":"document","source":{"type":"text","media_type":"text/plain","data":"hé"},"#
        + #""title":"note","cache_control":{"type":"ephemeral"}}]},{"role":"assistant","content":["#
        + #"{"type":"thinking","thinking":"r","signature":"sig"},{"type":"redacted_thinking","data":"CQ=="},"#
        + #"{"type":"tool_use","id":"c","name":"f","input":{"b":1,"a":2.50}}]},{"role":"user","content":["#
        + #"{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"t"},{"type":"image","source":"#
        + #"{"type":"base64","media_type":"image/gif","data":"BQ=="}}],"is_error":true},"#
        + #"{"type":"text","text":"go on"}]}],"temperature":0.5,"top_p":0.9,"top_k":7,"stop_sequences":["x"],"#
        + #""tools":[{"name":"f","description":"d","input_schema":{"type":"object"},"#
        + #""cache_control":{"type":"ephemeral"}}],"#
        + #""tool_choice":{"type":"tool","name":"f","disable_parallel_tool_use":true},"thinking":{"type":"enabled","budget_tokens":1024},"#
        + #""stream":true}"#)
  }

  @Test("What is written reads back the same through the inbound codec")
  func roundTrip() throws {
    var expected = Self.everything
    expected.model = "up"
    #expect(try Exchange.chat(AnthropicMessagesInbound(), try Self.body(Self.everything)) == expected)
  }

  @Test(
    "Every tool choice is said",
    arguments: [(ToolChoice.auto, "auto"), (.any, "any"), (.none, "none")])
  func toolChoices(_ choice: ToolChoice, _ word: String) throws {
    var chat = Self.everything
    chat.toolChoice = choice
    chat.isParallelToolUseDisabled = false
    #expect(try Self.body(chat).contains(#""tool_choice":{"type":"\#(word)"}"#))
  }

  @Test("A plain call: the number of tokens that the service insists on, and no member that is not asked for")
  func plain() throws {
    let request = try AnthropicMessagesOutbound().request(
      for: .chat(ChatRequest(messages: Self.question)), upstreamModel: "up")
    #expect(request.headers.value(of: "accept") == "application/json")
    #expect(
      Exchange.text(request.body.reveal())
        == #"{"model":"up","max_tokens":4096,"messages":[{"role":"user","content":[{"type":"text","text":"x"}]}]}"#)
  }

  @Test("Turns of one role become one, tool results first, blank texts left out, JSON results as text")
  func alternation() throws {
    let result = ContentBlock.toolResult(
      id: "c", content: [.text(Sensitive("")), .json(RawJSON(Array(#"{"r":1}"#.utf8)))], isError: false)
    let chat = ChatRequest(
      system: [.text(Sensitive(""))],
      messages: [
        Message(role: .user, content: [.text(Sensitive("a")), .text(Sensitive(""))]),
        Message(role: .user, content: [result, .cachePoint]),
      ])
    #expect(
      try Self.body(chat).hasSuffix(
        #""max_tokens":4096,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"#
          + #"[{"type":"text","text":"{\"r\":1}"}],"cache_control":{"type":"ephemeral"}},{"type":"text","text":"a"}]}]}"#
      ))
  }

  @Test("Documents that the service does not read are refused by kind")
  func documents() throws {
    let sheet = ContentBlock.document(format: "xlsx", name: Sensitive("a"), bytes: Sensitive([1]))
    let result = ContentBlock.toolResult(
      id: "c", content: [.document(format: "docx", name: Sensitive("a"), bytes: Sensitive([1]))], isError: false)
    for (block, kind) in [(sheet, "xlsx"), (result, "docx")] {
      let problem = #expect(throws: InvalidRequest.self) {
        try Self.body(ChatRequest(messages: [Message(role: .user, content: [block])]))
      }
      #expect(problem?.message.contains(kind) == true)
    }
  }

  @Test("An answer in JSON is asked for by a tool and given as text")
  func jsonAnswer() throws {
    var chat = ChatRequest(messages: Self.question)
    chat.responseFormat = .jsonSchema(name: "s", schema: RawJSON(Array(#"{"type":"object"}"#.utf8)), isStrict: true)
    let body = try Self.body(chat)
    #expect(body.contains(#""input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"json_answer"}"#))
    let answer =
      #"{"type":"message","content":[{"type":"tool_use","id":"t","name":"json_answer","input":{"a": 1}}],"#
      + #""stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}"#
    #expect(
      try Exchange.decode(AnthropicMessagesOutbound().decoder(for: .chat(chat)), Array(answer.utf8)) == [
        .chat(.started), .chat(.blockStarted(index: 0, kind: .text)), .text(0, #"{"a": 1}"#),
        .chat(.blockStopped(index: 0)), .chat(.stopped(.endOfTurn)), .chat(.usage(TokenUsage(input: 1, output: 2))),
      ])
    chat.tools = Self.everything.tools
    #expect(throws: InvalidRequest.self) { try Self.body(chat) }
    #expect(throws: InvalidRequest.self) {
      try AnthropicMessagesOutbound().request(
        for: .embed(EmbedRequest(inputs: [Sensitive("a")])), upstreamModel: "up")
    }
  }

  @Test("A whole answer becomes events; blocks of unknown kinds are passed over, cached tokens stand apart (U-2)")
  func whole() throws {
    let answer =
      #"{"type":"message","content":[{"type":"thinking","thinking":"hm","signature":"s"},"#
      + #"{"type":"redacted_thinking","data":"AQ=="},{"type":"something_new"},{"type":"text","text":"hi"},"#
      + #"{"type":"tool_use","id":"c","name":"f","input":{"x": 1}}],"stop_reason":"tool_use","usage":"#
      + #"{"input_tokens":3,"output_tokens":4,"cache_read_input_tokens":5,"cache_creation_input_tokens":6}}"#
    let decoder = AnthropicMessagesOutbound().decoder(for: .chat(ChatRequest(messages: [])))
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

  @Test(
    "Every stop reason of the service is understood",
    arguments: [
      ("end_turn", StopReason.endOfTurn), ("pause_turn", .endOfTurn), ("max_tokens", .maxTokens),
      ("model_context_window_exceeded", .maxTokens), ("stop_sequence", .stopSequence), ("tool_use", .toolUse),
      ("refusal", .refusal), ("brand_new", .other),
    ])
  func stopReasons(_ word: String, _ reason: StopReason) throws {
    let decoder = AnthropicMessagesOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let answer = #"{"type":"message","content":[],"stop_reason":"\#(word)"}"#
    // Without a report of usage there is no usage event (M-3).
    #expect(try Exchange.decode(decoder, Array(answer.utf8)) == [.chat(.started), .chat(.stopped(reason))])
  }

  @Test(
    "Answers that are none are garbled",
    arguments: ["", "{", "[]", "{}", #"{"content":"x"}"#, #"{"content":[{"type":"tool_use","id":"c"}]}"#])
  func garbled(_ answer: String) {
    let decoder = AnthropicMessagesOutbound().decoder(for: .chat(ChatRequest(messages: [])))
    let failure = #expect(throws: UpstreamFailure.self) { try Exchange.decode(decoder, Array(answer.utf8)) }
    #expect(failure?.kind == .garbled)
  }
}
