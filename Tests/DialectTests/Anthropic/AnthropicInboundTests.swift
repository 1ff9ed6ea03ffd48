import Core
import Dialects
import Testing

@Suite("Anthropic's messages become neutral (D-2)")
struct AnthropicInboundTests {
  private static func chat(_ body: String) throws -> ChatRequest {
    try Exchange.chat(AnthropicMessagesInbound(), body)
  }

  private static func chat(options: String) throws -> ChatRequest {
    try chat(#"{"max_tokens":4096,"messages":[{"role":"user","content":"x"}],\#(options)}"#)
  }

  private static let everything =
    #"""
    {"model":"claude-x","max_tokens":3000,"unknown_member":{"a":[1]},"metadata":{"user_id":"u"},
     "service_tier":"auto",
     "system":[{"type":"text","text":"Be brief."},
       {"type":"text","text":"Be kind.","cache_control":{"type":"ephemeral","ttl":"5m"}}],
     "messages":[
      {"role":"user","content":[{"type":"text","text":"What is\nthis?"},
        {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AQID"}},
        {"type":"document","title":"a.pdf","citations":{"enabled":false},
         "source":{"type":"base64","media_type":"application/pdf","data":"BAU="}},
        {"type":"document","source":{"type":"text","media_type":"text/plain","data":"plain"},
         "cache_control":{"type":"ephemeral"}}]},
      {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"sig"},
        {"type":"redacted_thinking","data":"AQI="},{"type":"text","text":"Looking."},
        {"type":"tool_use","id":"c1","name":"weather","input":{"city":"Ulm","n":2.50}},
        {"type":"tool_use","id":"c2","name":"clock","input":{}}]},
      {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"sunny"},
        {"type":"tool_result","tool_use_id":"c2","is_error":true,"content":[{"type":"text","text":"broken"},
          {"type":"image","source":{"type":"base64","media_type":"image/gif","data":"CQ=="}}]},
        {"type":"tool_result","tool_use_id":"c3"}]}],
     "tools":[{"name":"weather","description":"d","input_schema":{"type":"object","z":1,"a":2.50}},
       {"type":"custom","name":"clock","input_schema":{"type":"object"}}],
     "tool_choice":{"type":"tool","name":"clock","disable_parallel_tool_use":false},
     "stop_sequences":["a","b"],"temperature":0.2,"top_p":1,
     "thinking":{"type":"enabled","budget_tokens":2048},"stream":true}
    """#

  @Test("Blocks of every kind, tools and parameters are carried across")
  func carriesEverything() throws {
    let chat = try Self.chat(Self.everything)
    #expect(chat.model == "claude-x")
    #expect(chat.system == [.text(Sensitive("Be brief.")), .text(Sensitive("Be kind.")), .cachePoint])
    #expect(
      chat.messages == [
        Message(
          role: .user,
          content: [
            .text(Sensitive("What is\nthis?")), .image(format: "png", bytes: Sensitive([1, 2, 3])),
            .document(format: "pdf", name: Sensitive("a.pdf"), bytes: Sensitive([4, 5])),
            .document(format: "txt", name: Sensitive("document"), bytes: Sensitive(Array("plain".utf8))), .cachePoint,
          ]),
        Message(
          role: .assistant,
          content: [
            .reasoning(text: Sensitive("hm"), signature: "sig"), .redactedReasoning(Sensitive([1, 2])),
            .text(Sensitive("Looking.")),
            .toolUse(id: "c1", name: "weather", input: RawJSON(Array(#"{"city":"Ulm","n":2.50}"#.utf8))),
            .toolUse(id: "c2", name: "clock", input: RawJSON(Array("{}".utf8))),
          ]),
        Message(
          role: .user,
          content: [
            .toolResult(id: "c1", content: [.text(Sensitive("sunny"))], isError: false),
            .toolResult(
              id: "c2",
              content: [.text(Sensitive("broken")), .image(format: "gif", bytes: Sensitive([9]))], isError: true),
            .toolResult(id: "c3", content: [], isError: false),
          ]),
      ])
    #expect(chat.tools.map(\.name) == ["weather", "clock"])
    #expect(chat.tools[0].inputSchema == RawJSON(Array(#"{"type":"object","z":1,"a":2.50}"#.utf8)))
    #expect(chat.toolChoice == .tool("clock"))
    let inference = InferenceParameters(maxTokens: 3000, temperature: 0.2, topP: 1, stopSequences: ["a", "b"])
    #expect(chat.inference == inference)
    #expect(chat.reasoning == ReasoningRequest(budget: 2048))
    #expect(chat.isStreaming)
  }

  @Test("A system text, and a cache marker on the request itself, which stands after its last block")
  func shorthands() throws {
    let chat = try Self.chat(options: #""system":"S","cache_control":{"type":"ephemeral"}"#)
    #expect(chat.system == [.text(Sensitive("S"))])
    #expect(chat.messages == [Message(role: .user, content: [.text(Sensitive("x")), .cachePoint])])
    #expect(!chat.isStreaming)
  }

  @Test(
    "Tool choices keep their meaning",
    arguments: [("auto", ToolChoice.auto), ("any", .any), ("none", .none)])
  func toolChoices(_ word: String, _ choice: ToolChoice) throws {
    let tools = #""tools":[{"name":"f","input_schema":{"type":"object"}}]"#
    #expect(try Self.chat(options: tools + #","tool_choice":{"type":"\#(word)"}"#).toolChoice == choice)
    if choice != .any { #expect(try Self.chat(options: #""tool_choice":{"type":"\#(word)"}"#).toolChoice == nil) }
  }

  @Test("Reasoning that came without a signature comes back without one, however empty it was written")
  func unsignedReasoning() throws {
    for member in [#","signature":"""#, #","signature":null"#, ""] {
      let body =
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"},{"role":"assistant","content":["#
        + #"{"type":"thinking","thinking":"hm"\#(member)}]}]}"#
      let chat = try Exchange.chat(AnthropicMessagesInbound(), body)
      #expect(chat.messages[1].content == [.reasoning(text: Sensitive("hm"), signature: nil)], "\(member)")
    }
  }

  @Test("An answer by a schema is asked for in the newer and the older way, and thinking may be disabled")
  func formats() throws {
    let format = #"{"type":"json_schema","schema":{"type":"object"}}"#
    for option in [#""output_config":{"format":\#(format)}"#, #""output_format":\#(format)"#] {
      #expect(
        try Self.chat(options: option).responseFormat
          == .jsonSchema(name: "answer", schema: RawJSON(Array(#"{"type":"object"}"#.utf8)), isStrict: true))
    }
    #expect(try Self.chat(options: #""thinking":{"type":"disabled"}"#).reasoning == nil)
  }

  @Test(
    "What is wrong or cannot be expressed is refused and named",
    arguments: [
      (#""top_k":0"#, "top_k must be a whole number from 1"), (#""container":"c""#, "container is not supported"),
      (#""mcp_servers":[]"#, "mcp_servers is not"), (#""context_management":{}"#, "context_management is not"),
      (#""inference_geo":"us""#, "inference_geo is not supported"),
      (#""output_config":{"effort":"low"}"#, "output_config.effort is not supported"),
      (#""output_config":{"format":{"type":"xml"}}"#, "output_config.format.type must be \"json_schema\""),
      (#""output_format":{"type":"json_schema"}"#, "output_format.schema is missing"),
      (#""model":7"#, "model must be a string"), (#""stream":"yes""#, "stream must be true or false"),
      (#""max_tokens":0"#, "max_tokens must be a whole number from 1"),
      (#""temperature":"hot""#, "temperature must be a number"), (#""top_p":[]"#, "top_p must be a number"),
      (#""stop_sequences":"x""#, "stop_sequences must be a list"),
      (#""stop_sequences":[1]"#, "stop_sequences[0] must be a string"),
      (#""system":7"#, "system must be a string or a list"),
      (#""system":[{"type":"image"}]"#, "system[0].type must be \"text\""),
      (#""system":[{"type":"text"}]"#, "system[0].text is missing"),
      (
        #""system":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"1h"}}]"#,
        "system[0].cache_control.ttl must be \"5m\""
      ),
      (#""cache_control":{"type":"other"}"#, "cache_control.type must be \"ephemeral\""),
      (#""thinking":{"type":"adaptive"}"#, "thinking.type is not supported by the provider"),
      (#""thinking":{"type":"much"}"#, "thinking.type must be"),
      (#""thinking":{"type":"enabled"}"#, "thinking.budget_tokens is missing"),
      (
        #""thinking":{"type":"enabled","budget_tokens":1000}"#,
        "thinking.budget_tokens must be a whole number from 1024"
      ),
      (
        #""thinking":{"type":"enabled","budget_tokens":4096}"#,
        "thinking.budget_tokens must be a whole number from 1024"
      ),
      (#""tools":[{"type":"web_search_20250305","name":"w"}]"#, "tools[0].type must be \"custom\""),
      (#""tools":[{"input_schema":{}}]"#, "tools[0].name is missing"),
      (#""tools":[{"name":"f"}]"#, "tools[0].input_schema is missing"),
      (#""tools":[{"name":"f","input_schema":{},"cache_control":{}}]"#, "tools[0].cache_control.type must be"),
      (#""tool_choice":{"type":"any"}"#, "tool_choice asks for a tool, but there are no tools"),
      (#""tool_choice":{"type":"tool","name":"f"}"#, "tool_choice.name is not among the tools"),
      (#""tool_choice":{"type":"some"}"#, "tool_choice.type must be"),
      (
        #""tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":1}"#,
        "tool_choice.disable_parallel_tool_use must be true or false"
      ),
    ])
  func wrongOptions(_ option: String, _ start: String) throws {
    // Of members with one name the last counts.
    let body = #"{"max_tokens":4096,"messages":[{"role":"user","content":"x"}],\#(option)}"#
    let problem = try #require(Exchange.refusal(AnthropicMessagesInbound(), body))
    #expect(problem.message.hasPrefix(start), "\(problem.message)")
    #expect(problem.message.hasSuffix("."))
    #expect(problem.parameter.map { start.hasPrefix($0) } == true)
  }

  @Test(
    "Wrong messages are refused with their path",
    arguments: [
      (#"{"role":"system","content":"x"}"#, "role cannot be \"system\""),
      (#"{"role":"robot","content":"x"}"#, "role must be \"user\" or \"assistant\""),
      (#"{"role":"user"}"#, "content is missing"), (#"{"role":"user","content":7}"#, "content must be a string or"),
      (#"{"role":"user","content":[]}"#, "content must hold at least one block"),
      (#"{"role":"user","content":["x"]}"#, "content[0] must be an object"),
      (#"{"role":"user","content":[{"type":"audio"}]}"#, "content[0].type must be \"text\", \"image\""),
      (#"{"role":"user","content":[{"type":"text","text":1}]}"#, "content[0].text must be a string"),
      (#"{"role":"user","content":[{"type":"image","source":{"type":"url"}}]}"#, "content[0].source.type must be"),
      (
        #"{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/tiff","data":""}}]}"#,
        "content[0].source.media_type must be that of a PNG"
      ),
      (
        #"{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":"@@"}}]}"#,
        "content[0].source.data is not valid Base64"
      ),
      (#"{"role":"user","content":[{"type":"document","source":{"type":"file"}}]}"#, "content[0].source.type must be"),
      (
        #"{"role":"user","content":[{"type":"document","citations":{"enabled":true},"source":{}}]}"#,
        "content[0].citations are not supported"
      ),
      (
        #"{"role":"user","content":[{"type":"document","context":"c","source":{"type":"text","data":"x"}}]}"#,
        "content[0].context is not supported by the provider"
      ),
      (
        #"{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"a/b","data":""}}]}"#,
        "content[0].source.media_type must be that of one of pdf"
      ),
      (#"{"role":"user","content":[{"type":"tool_result"}]}"#, "content[0].tool_use_id is missing"),
      (
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":7}]}"#,
        "content[0].content must be a string or a list"
      ),
      (
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"thinking"}]}]}"#,
        "content[0].content[0].type must be \"text\", \"image\" or \"document\""
      ),
      (
        #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"x","#
          + #""cache_control":{"type":"ephemeral"}}]}]}"#,
        "content[0].content[0].cache_control is not supported inside"
      ),
      (#"{"role":"assistant","content":[{"type":"tool_use","name":"f"}]}"#, "content[0].id is missing"),
      (
        #"{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":"x"}]}"#,
        "content[0].input must be an object"
      ),
      (#"{"role":"assistant","content":[{"type":"thinking"}]}"#, "content[0].thinking is missing"),
      (#"{"role":"assistant","content":[{"type":"redacted_thinking"}]}"#, "content[0].data is missing"),
    ])
  func wrongMessages(_ message: String, _ start: String) throws {
    let problem = try #require(
      Exchange.refusal(AnthropicMessagesInbound(), #"{"max_tokens":5,"messages":[\#(message)]}"#))
    #expect(problem.message.hasPrefix("messages[0].\(start)"), "\(problem.message)")
    #expect(problem.parameter?.hasPrefix("messages[0].") == true)
  }

  @Test("A call without a message or a number of tokens is refused")
  func incomplete() throws {
    func parameter(_ body: String) -> String? { Exchange.refusal(AnthropicMessagesInbound(), body)?.parameter }
    #expect(parameter(#"{"max_tokens":5}"#) == "messages")
    #expect(parameter(#"{"max_tokens":5,"messages":[]}"#) == "messages")
    #expect(parameter(#"{"messages":[{"role":"user","content":"x"}]}"#) == "max_tokens")
  }
}
