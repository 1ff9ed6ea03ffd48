import Core
import Dialects
import Testing

@Suite("OpenAI chat requests become neutral (D-2)")
struct OpenAIChatInboundTests {
  private static func chat(_ body: String) throws -> ChatRequest { try Exchange.chat(OpenAIChatInbound(), body) }

  @Test("Messages of every role, tools and parameters are carried across")
  func everything() throws {
    let chat = try Self.chat(
      #"""
      {"model":"gpt-x","unknown_member":{"a":[1]},"user":"u","seed":4,
       "messages":[
        {"role":"system","content":"Be brief."},
        {"role":"user","name":"ann","content":[{"type":"text","text":"What is\nthis?"},
          {"type":"image_url","image_url":{"url":"data:image/jpg;base64,AQID","detail":"low"}},
          {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BAU="}}]},
        {"role":"assistant","content":null,"tool_calls":[
          {"id":"c1","type":"function","function":{"name":"weather","arguments":" {\"city\":\"Ulm\"}"}},
          {"id":"c2","type":"function","function":{"name":"clock","arguments":""}}]},
        {"role":"tool","tool_call_id":"c1","content":"sunny"},
        {"role":"tool","tool_call_id":"c2","content":[{"type":"text","text":"noon"}]},
        {"role":"developer","content":[{"type":"text","text":"Be kind."}]},
        {"role":"user","content":"Thanks"}],
       "tools":[{"type":"function","function":{"name":"weather","description":"d",
          "parameters":{"type":"object","z":1,"a":2.50},"strict":true}},
          {"type":"function","function":{"name":"clock"}}],
       "tool_choice":{"type":"function","function":{"name":"clock"}},"parallel_tool_calls":true,
       "stop":["a","b"],"temperature":0.2,"top_p":1,"max_tokens":5,"max_completion_tokens":3000,
       "reasoning_effort":"high","n":1,"logprobs":false,"presence_penalty":0,"logit_bias":{},"modalities":["text"],
       "response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"},"strict":true}}}
      """#)
    #expect(chat.model == "gpt-x")
    #expect(chat.system == [.text(Sensitive("Be brief.")), .text(Sensitive("Be kind."))])
    #expect(
      chat.messages == [
        Message(
          role: .user,
          content: [
            .text(Sensitive("What is\nthis?")), .image(format: "jpeg", bytes: Sensitive([1, 2, 3])),
            .document(format: "pdf", name: Sensitive("a.pdf"), bytes: Sensitive([4, 5])),
          ]),
        Message(
          role: .assistant,
          content: [
            .toolUse(id: "c1", name: "weather", input: RawJSON(Array(#"{"city":"Ulm"}"#.utf8))),
            .toolUse(id: "c2", name: "clock", input: RawJSON(Array("{}".utf8))),
          ]),
        Message(
          role: .user,
          content: [
            .toolResult(id: "c1", content: [.text(Sensitive("sunny"))], isError: false),
            .toolResult(id: "c2", content: [.text(Sensitive("noon"))], isError: false),
          ]),
        Message(role: .user, content: [.text(Sensitive("Thanks"))]),
      ])
    #expect(chat.tools.map(\.name) == ["weather", "clock"])
    #expect(chat.tools[0].inputSchema == RawJSON(Array(#"{"type":"object","z":1,"a":2.50}"#.utf8)))
    #expect(chat.tools[1].inputSchema == RawJSON(Array(#"{"type":"object","properties":{}}"#.utf8)))
    #expect(chat.toolChoice == .tool("clock"))
    let inference = InferenceParameters(maxTokens: 3000, temperature: 0.2, topP: 1, stopSequences: ["a", "b"])
    #expect(chat.inference == inference)
    #expect(chat.reasoning == ReasoningRequest(budget: 1500))
    #expect(
      chat.responseFormat
        == .jsonSchema(name: "s", schema: RawJSON(Array(#"{"type":"object"}"#.utf8)), isStrict: true))
    #expect(!chat.isStreaming)
  }

  @Test(
    "Tool choices keep their meaning",
    arguments: [("\"auto\"", ToolChoice.auto), ("\"none\"", .none), ("\"required\"", .any)])
  func toolChoices(_ text: String, _ choice: ToolChoice) throws {
    let body =
      #"{"messages":[{"role":"user","content":"x"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":"#
      + text + "}"
    #expect(try Self.chat(body).toolChoice == choice)
  }

  @Test(
    "Reasoning efforts become budgets",
    arguments: [("none", nil), ("minimal", 1024), ("low", 1024), ("medium", 2048), ("high", 3072), ("xhigh", 8192)])
  func efforts(_ word: String, _ budget: Int?) throws {
    let chat = try Self.chat(#"{"messages":[{"role":"user","content":"x"}],"reasoning_effort":"\#(word)"}"#)
    #expect(chat.reasoning?.budget == budget)
  }

  @Test("Reasoning blocks that we gave are taken back with their signatures")
  func reasoning() throws {
    let chat = try Self.chat(
      #"{"messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning_content":"hm","#
        + #""thinking_blocks":[{"type":"thinking","thinking":"hm","signature":"sig"},"#
        + #"{"type":"redacted_thinking","data":"AQI="}]}]}"#)
    #expect(
      chat.messages[1].content == [
        .reasoning(text: Sensitive("hm"), signature: "sig"), .redactedReasoning(Sensitive([1, 2])),
        .text(Sensitive("y")),
      ])
  }

  @Test(
    "What cannot be expressed is refused and named",
    arguments: [
      (#""n":2"#, "n must be 1"), (#""logprobs":true"#, "logprobs is not supported"),
      (#""top_logprobs":3"#, "top_logprobs is not"), (#""presence_penalty":0.5"#, "presence_penalty is not"),
      (#""frequency_penalty":-1"#, "frequency_penalty"), (#""logit_bias":{"1":2}"#, "logit_bias"),
      (#""modalities":["text","audio"]"#, "modalities[1] must be \"text\""),
      (#""audio":{"voice":"a"}"#, "audio is not"),
      (#""prediction":{}"#, "prediction is not"), (#""functions":[]"#, "functions is out of date"),
      (#""function_call":"auto""#, "function_call is out of date"), (#""stop":[1]"#, "stop[0] must be a string"),
      (#""stop":7"#, "stop must be a string or a list"), (#""temperature":"hot""#, "temperature must be a number"),
      (#""temperature":1e999"#, "temperature is too large"), (#""max_tokens":0"#, "max_tokens must be a whole number"),
      (#""max_tokens":1.5"#, "max_tokens must be a whole number"), (#""stream":1"#, "stream must be true or false"),
      (#""stream_options":[]"#, "stream_options must be an object"), (#""tools":{}"#, "tools must be a list"),
      (#""tools":[{"type":"custom","custom":{}}]"#, "tools[0].type must be \"function\""),
      (#""tools":[{"type":"function"}]"#, "tools[0].function is missing"),
      (#""tools":[{"function":{"name":"f","parameters":[]}}]"#, "tools[0].function.parameters must be an object"),
      (#""tool_choice":"required""#, "tool_choice asks for a tool"),
      (#""tool_choice":"maybe""#, "tool_choice must be"),
      (#""tools":[{"function":{"name":"f"}}],"tool_choice":{"function":{"name":"g"}}"#, "tool_choice names a function"),
      (#""tools":[{"function":{"name":"f"}}],"parallel_tool_calls":1"#, "parallel_tool_calls must be true"),
      (#""response_format":{"type":"xml"}"#, "response_format.type must be"),
      (#""response_format":{"type":"json_schema"}"#, "response_format.json_schema is missing"),
      (#""reasoning_effort":"huge""#, "reasoning_effort must be one of"),
      (#""reasoning_effort":"low","max_tokens":1000"#, "reasoning_effort needs max_completion_tokens above 1024"),
      (#""model":5"#, "model must be a string, not a number"), (#""verbosity":"high""#, "verbosity is not"),
    ])
  func refusals(_ member: String, _ start: String) throws {
    let body = #"{"messages":[{"role":"user","content":"x"}],\#(member)}"#
    let problem = try #require(Exchange.refusal(OpenAIChatInbound(), body))
    #expect(problem.message.hasPrefix(start))
    #expect(problem.message.hasSuffix("."))
    #expect(problem.parameter != nil)
  }

  @Test(
    "Wrong messages are refused with their path",
    arguments: [
      (#"{}"#, "role", "messages[0].role is missing"), (#"{"role":"robot"}"#, "role", "messages[0].role must be"),
      (#"{"role":"function","content":"x"}"#, "role", "messages[0].role \"function\" is out of date"),
      (#"{"role":"user"}"#, "content", "messages[0].content is missing"),
      (#"{"role":"user","content":[]}"#, "content", "messages[0].content must hold at least one part"),
      (#"{"role":"user","content":7}"#, "content", "messages[0].content must be a string or a list"),
      (#"{"role":"user","content":["x"]}"#, "content[0]", "messages[0].content[0] must be an object, not a string"),
      (
        #"{"role":"user","content":[{"type":"text","text":1}]}"#, "content[0].text",
        "messages[0].content[0].text must be a string, not a number"
      ),
      (
        #"{"role":"user","content":[{"type":"input_audio"}]}"#, "content[0].type",
        "messages[0].content[0].type \"input_audio\" is not supported"
      ),
      (
        #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/y.png"}}]}"#,
        "content[0].image_url.url", "messages[0].content[0].image_url.url must be a data: URL"
      ),
      (
        #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,@@@@"}}]}"#,
        "content[0].image_url.url", "messages[0].content[0].image_url.url is not a valid data: URL"
      ),
      (
        #"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/tiff;base64,AAAA"}}]}"#,
        "content[0].image_url.url", "messages[0].content[0].image_url.url must hold a PNG"
      ),
      (
        #"{"role":"user","content":[{"type":"file","file":{"file_id":"f"}}]}"#, "content[0].file.file_id",
        "messages[0].content[0].file.file_id is not supported"
      ),
      (#"{"role":"assistant"}"#, "", "messages[0] must have content or tool_calls"),
      (
        #"{"role":"assistant","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{"}}]}"#,
        "tool_calls[0].function.arguments",
        "messages[0].tool_calls[0].function.arguments must be a JSON object as a string"
      ),
      (#"{"role":"tool","content":"x"}"#, "tool_call_id", "messages[0].tool_call_id is missing"),
      (
        #"{"role":"tool","tool_call_id":"c","content":[{"type":"image_url"}]}"#, "content[0].type",
        "messages[0].content[0].type must be \"text\""
      ),
    ])
  func wrongMessages(_ message: String, _ path: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(OpenAIChatInbound(), #"{"messages":[\#(message)]}"#))
    #expect(problem.message.hasPrefix(start))
    #expect(problem.parameter == (path.isEmpty ? "messages[0]" : "messages[0].\(path)"))
  }

  @Test("A chat without a message to answer is refused")
  func empty() {
    for body in ["{}", #"{"messages":[]}"#, #"{"messages":[{"role":"system","content":"x"}]}"#] {
      #expect(Exchange.refusal(OpenAIChatInbound(), body) != nil)
    }
  }
}
