import Core
import Dialects
import Testing

@Suite("OpenAI requests for a response become neutral (D-2)")
struct ResponsesInboundTests {
  private static func chat(_ body: String) throws -> ChatRequest { try Exchange.chat(OpenAIResponsesInbound(), body) }

  private static func items(_ items: String) throws -> ChatRequest { try chat(#"{"input":[\#(items)]}"#) }

  @Test("Items of every kind, tools and parameters are carried across")
  func everything() throws {
    let chat = try Self.chat(
      #"""
      {"model":"gpt-x","unknown_member":{"a":[1]},"user":"u","store":true,"metadata":{"a":"b"},"service_tier":"auto",
       "safety_identifier":"s","prompt_cache_key":"k","prompt_cache_retention":"24h","max_tool_calls":3,
       "prompt_cache_options":{"mode":"implicit"},"background":false,"truncation":"disabled","top_logprobs":0,
       "include":["reasoning.encrypted_content"],"previous_response_id":null,"instructions":"Be brief.",
       "input":[
        {"role":"user","content":[{"type":"input_text","text":"What is\nthis?"},
          {"type":"input_image","detail":"auto","image_url":"data:image/jpg;base64,AQID"},
          {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BAU="}]},
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],
          "encrypted_content":"signature:sig"},
        {"type":"message","id":"msg_1","role":"assistant","status":"completed",
          "content":[{"type":"output_text","text":"Looking.","annotations":[],"logprobs":[]}]},
        {"type":"function_call","id":"fc_1","call_id":"c1","name":"weather","arguments":" {\"city\":\"Ulm\"}"},
        {"type":"function_call","call_id":"c2","name":"clock","arguments":"","status":"completed"},
        {"type":"function_call_output","call_id":"c1","output":"sunny"},
        {"type":"function_call_output","call_id":"c2","output":[{"type":"input_text","text":"noon"},
          {"type":"input_image","image_url":"data:image/png;base64,AQID"},
          {"type":"input_file","filename":"b.txt","file_data":"data:text/plain;base64,BAU="}]},
        {"type":"message","role":"developer","content":[{"type":"input_text","text":"Be kind."}]},
        {"role":"system","content":"Be fast."},
        {"type":"message","role":"user","content":"Thanks"}],
       "tools":[{"type":"function","name":"weather","description":"d","parameters":{"type":"object","z":1,"a":2.50},
         "strict":true},{"type":"function","name":"clock","parameters":null}],
       "tool_choice":{"type":"function","name":"clock"},"parallel_tool_calls":false,
       "temperature":0.2,"top_p":1,"max_output_tokens":3000,"reasoning":{"effort":"high","summary":"auto"},
       "text":{"format":{"type":"json_schema","name":"s","schema":{"type":"object"},"strict":true},
         "verbosity":"medium"}}
      """#)
    #expect(chat.model == "gpt-x")
    #expect(chat.system == ["Be brief.", "Be kind.", "Be fast."].map { .text(Sensitive($0)) })
    #expect(chat.messages == Self.everythingSaid)
    #expect(chat.tools.map(\.name) == ["weather", "clock"])
    #expect(chat.tools[0].description == Sensitive("d"))
    #expect(chat.tools[0].inputSchema == RawJSON(Array(#"{"type":"object","z":1,"a":2.50}"#.utf8)))
    #expect(chat.tools[1].inputSchema == RawJSON(Array(#"{"type":"object","properties":{}}"#.utf8)))
    #expect(chat.toolChoice == .tool("clock"))
    #expect(chat.isParallelToolUseDisabled)
    #expect(chat.inference == InferenceParameters(maxTokens: 3000, temperature: 0.2, topP: 1))
    #expect(chat.reasoning == ReasoningRequest(budget: 1500))
    #expect(
      chat.responseFormat
        == .jsonSchema(name: "s", schema: RawJSON(Array(#"{"type":"object"}"#.utf8)), isStrict: true))
    #expect(!chat.isStreaming)
  }

  private static let everythingSaid = [
    Message(
      role: .user,
      content: [
        .text(Sensitive("What is\nthis?")), .image(format: "jpeg", bytes: Sensitive([1, 2, 3])),
        .document(format: "pdf", name: Sensitive("a.pdf"), bytes: Sensitive([4, 5])),
      ]),
    Message(
      role: .assistant,
      content: [
        .reasoning(text: Sensitive("hm"), signature: "sig"), .text(Sensitive("Looking.")),
        .toolUse(id: "c1", name: "weather", input: RawJSON(Array(#"{"city":"Ulm"}"#.utf8))),
        .toolUse(id: "c2", name: "clock", input: RawJSON(Array("{}".utf8))),
      ]),
    Message(
      role: .user,
      content: [
        .toolResult(id: "c1", content: [.text(Sensitive("sunny"))], isError: false),
        .toolResult(
          id: "c2",
          content: [
            .text(Sensitive("noon")), .image(format: "png", bytes: Sensitive([1, 2, 3])),
            .document(format: "txt", name: Sensitive("b.txt"), bytes: Sensitive([4, 5])),
          ], isError: false),
      ]),
    Message(role: .user, content: [.text(Sensitive("Thanks"))]),
  ]

  @Test("An input may be a string, and nothing else is needed (D-3)")
  func shortest() throws {
    let chat = try Self.chat(#"{"input":"Hello"}"#)
    #expect(chat == ChatRequest(messages: [Message(role: .user, content: [.text(Sensitive("Hello"))])]))
    #expect(try Self.chat(#"{"input":"Hello","stream":true}"#).isStreaming)
  }

  @Test("What the model said is taken as a string, as parts and as a refusal; empty texts say nothing")
  func assistant() throws {
    let chat = try Self.items(
      #"{"role":"user","content":"x"},{"role":"assistant","content":"a","phase":"commentary"},"#
        + #"{"role":"assistant","content":""},{"role":"assistant","content":[{"type":"input_text","text":"b"},"#
        + #"{"type":"output_text","text":""},{"type":"refusal","refusal":"No."}]}"#)
    #expect(chat.messages.count == 2)
    #expect(chat.messages[1].content == ["a", "b", "No."].map { .text(Sensitive($0)) })
  }

  @Test("Turns stay apart: each output stands between the calls around it")
  func turns() throws {
    let call = #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#
    let output = #"{"type":"function_call_output","call_id":"c","output":"r"}"#
    let chat = try Self.items(#"{"role":"user","content":"x"},\#(call),\#(output),\#(call),\#(output)"#)
    #expect(chat.messages.map(\.role) == [.user, .assistant, .user, .assistant, .user])
  }

  @Test("Reasoning is taken back with its signature, redacted, unsigned, or as an open model's server writes it")
  func reasoning() throws {
    let summary = #""summary":[{"type":"summary_text","text":"a"},{"type":"summary_text","text":"b"}]"#
    let chat = try Self.items(
      #"{"role":"user","content":"x"},{"type":"reasoning",\#(summary),"encrypted_content":"signature:s=:"},"#
        + #"{"type":"reasoning","summary":[],"encrypted_content":"signature:only"},"#
        + #"{"type":"reasoning","summary":[],"encrypted_content":"redacted:AQI="},"#
        + #"{"type":"reasoning",\#(summary),"encrypted_content":null,"status":null},"#
        + #"{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"c"}],"encrypted_content":""},"#
        + #"{"type":"reasoning","summary":[]}"#)
    #expect(
      chat.messages[1].content == [
        .reasoning(text: Sensitive("a\n\nb"), signature: "s=:"), .reasoning(text: Sensitive(""), signature: "only"),
        .redactedReasoning(Sensitive([1, 2])), .reasoning(text: Sensitive("a\n\nb"), signature: nil),
        .reasoning(text: Sensitive("c"), signature: nil),
      ])
  }

  @Test("Markers for the prompt cache follow their part")
  func cachePoints() throws {
    let point = #""prompt_cache_breakpoint":{"mode":"explicit"}"#
    let chat = try Self.items(
      #"{"role":"developer","content":[{"type":"input_text","text":"s",\#(point)}]},"#
        + #"{"role":"user","content":[{"type":"input_text","text":"a",\#(point)},{"type":"input_text","text":"b"}]}"#)
    #expect(chat.system == [.text(Sensitive("s")), .cachePoint])
    #expect(chat.messages[0].content == [.text(Sensitive("a")), .cachePoint, .text(Sensitive("b"))])
  }

  @Test(
    "Tool choices keep their meaning",
    arguments: [("\"auto\"", ToolChoice.auto), ("\"none\"", .none), ("\"required\"", .any)])
  func toolChoices(_ text: String, _ choice: ToolChoice) throws {
    let tools = #""tools":[{"type":"function","name":"f"}]"#
    #expect(try Self.chat(#"{"input":"x",\#(tools),"tool_choice":\#(text)}"#).toolChoice == choice)
    guard choice != .any else { return }
    #expect(try Self.chat(#"{"input":"x","tools":[],"tool_choice":\#(text)}"#).toolChoice == nil)
  }

  @Test("Calling one tool at a time is asked for only where there are tools")
  func parallelCalls() throws {
    let tools = #""tools":[{"type":"function","name":"f"}]"#
    #expect(try !Self.chat(#"{"input":"x","parallel_tool_calls":false}"#).isParallelToolUseDisabled)
    #expect(try !Self.chat(#"{"input":"x",\#(tools),"parallel_tool_calls":true}"#).isParallelToolUseDisabled)
    #expect(try !Self.chat(#"{"input":"x",\#(tools)}"#).isParallelToolUseDisabled)
    #expect(try Self.chat(#"{"input":"x",\#(tools),"parallel_tool_calls":false}"#).isParallelToolUseDisabled)
  }

  @Test(
    "Reasoning efforts become budgets",
    arguments: [
      ("none", nil), ("minimal", 1024), ("low", 1024), ("medium", 2048), ("high", 3072), ("xhigh", 8192),
      ("max", 16384),
    ])
  func efforts(_ word: String, _ budget: Int?) throws {
    let chat = try Self.chat(#"{"input":"x","reasoning":{"effort":"\#(word)","summary":"detailed"}}"#)
    #expect(chat.reasoning?.budget == budget)
  }

  @Test("Shapes of the answer", arguments: [("text", ResponseFormat.text), ("json_object", .jsonObject)])
  func formats(_ word: String, _ format: ResponseFormat) throws {
    #expect(try Self.chat(#"{"input":"x","text":{"format":{"type":"\#(word)"}}}"#).responseFormat == format)
  }
}
