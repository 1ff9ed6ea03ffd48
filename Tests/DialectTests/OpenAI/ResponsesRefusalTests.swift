import Core
import Dialects
import Testing

@Suite("Requests for a response that are wrong or cannot be expressed are refused and named (D-2, F-3)")
struct ResponsesRefusalTests {
  private static let kept = "is not supported: no response is kept here"

  @Test(
    "Members of the request",
    arguments: [
      (#""previous_response_id":"resp_1""#, "previous_response_id \(kept)"),
      (#""conversation":"conv_1""#, "conversation \(kept)"), (#""conversation":{"id":"c"}"#, "conversation \(kept)"),
      (#""prompt":{"id":"p"}"#, "prompt is not supported: no prompts are kept here"),
      (#""background":true"#, "background cannot be true"),
      (#""truncation":"auto""#, "truncation must be \"disabled\""),
      (#""include":["message.output_text.logprobs"]"#, "include[0] must be \"reasoning.encrypted_content\""),
      (#""include":"x""#, "include must be a list"), (#""top_logprobs":3"#, "top_logprobs is not"),
      (#""context_management":[]"#, "context_management is not"), (#""moderation":{}"#, "moderation is not"),
      (#""prompt_cache_options":{"prewarm":true}"#, "prompt_cache_options.prewarm is not"),
      (
        #""prompt_cache_options":{"comparison_response_id":"r"}"#,
        "prompt_cache_options.comparison_response_id is not"
      ),
      (#""text":{"verbosity":"high"}"#, "text.verbosity is not"), (#""text":"x""#, "text must be an object"),
      (#""text":{"format":{"type":"grammar"}}"#, "text.format.type must be"),
      (#""text":{"format":{"type":"json_schema","name":"n"}}"#, "text.format.schema is missing"),
      (#""text":{"format":{"type":"json_schema","schema":{}}}"#, "text.format.name is missing"),
      (#""reasoning":{"effort":"huge"}"#, "reasoning.effort must be one of none, minimal, low"),
      (#""reasoning":{"summary":"concise"}"#, "reasoning.summary must be \"auto\" or \"detailed\""),
      (#""reasoning":{"generate_summary":"concise"}"#, "reasoning.generate_summary must be"),
      (#""reasoning":{"mode":"pro"}"#, "reasoning.mode must be"),
      (#""reasoning":{"context":"current_turn"}"#, "reasoning.context must be"),
      (
        #""reasoning":{"effort":"low"},"max_output_tokens":1000"#,
        "reasoning.effort needs max_output_tokens above 1024"
      ),
      (#""temperature":"hot""#, "temperature must be a number"), (#""top_p":1e999"#, "top_p is too large"),
      (#""max_output_tokens":0"#, "max_output_tokens must be a whole number"),
      (#""stream":1"#, "stream must be true or false"), (#""model":5"#, "model must be a string, not a number"),
      (#""instructions":["x"]"#, "instructions must be a string"), (#""metadata":"x""#, "metadata must be an object"),
      (#""parallel_tool_calls":"x""#, "parallel_tool_calls must be true or false"),
      (#""messages":[]"#, "messages is a member of chat completions; use input here"),
      (#""max_tokens":5"#, "max_tokens is a member of chat completions; use max_output_tokens here"),
      (#""max_completion_tokens":5"#, "max_completion_tokens is a member of chat"),
      (#""response_format":{"type":"text"}"#, "response_format is a member of chat completions; use text.format"),
      (#""reasoning_effort":"low""#, "reasoning_effort is a member of chat"),
    ])
  func members(_ member: String, _ start: String) throws {
    try Self.expectRefusal(#"{"input":"x",\#(member)}"#, start)
  }

  @Test(
    "Tools and their choice; what runs at OpenAI is refused by its name",
    arguments: [
      (#""tools":{}"#, "tools must be a list"), (#""tools":[{"name":"f"}]"#, "tools[0].type is missing"),
      (#""tools":[{"type":"function"}]"#, "tools[0].name is missing"),
      (#""tools":[{"type":"function","function":{"name":"f"}}]"#, "tools[0].function is how chat completions write it"),
      (#""tools":[{"type":"function","name":"f","parameters":[]}]"#, "tools[0].parameters must be an object"),
      (#""tools":[{"type":"somebody's"}]"#, "tools[0].type must be \"function\""),
      (#""tool_choice":"required""#, "tool_choice asks for a tool"), (#""tool_choice":"maybe""#, "tool_choice must be"),
      (#""tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"function","name":"g"}"#, "tool_choice names"),
      (
        #""tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]}"#,
        "tool_choice.type cannot be \"allowed_tools"
      ),
      (#""tool_choice":{"type":"file_search"}"#, "tool_choice.type \"file_search\" is not supported"),
      (#""tool_choice":{"type":"function"}"#, "tool_choice.name is missing"),
      (#""tool_choice":7"#, "tool_choice must be"),
    ])
  func tools(_ member: String, _ start: String) throws { try Self.expectRefusal(#"{"input":"x",\#(member)}"#, start) }

  @Test(
    "Hosted tools",
    arguments: ["web_search", "web_search_preview", "file_search", "code_interpreter", "computer", "mcp", "custom"])
  func hostedTools(_ name: String) throws {
    try Self.expectRefusal(
      #"{"input":"x","tools":[{"type":"function","name":"f"},{"type":"\#(name)"}]}"#,
      "tools[1].type \"\(name)\" is not supported; only functions")
  }

  @Test(
    "Items, with their path",
    arguments: [
      (#"{}"#, "input[0].type is missing"), (#"{"id":"msg_1"}"#, "input[0].type is missing; items cannot be named"),
      (#"{"type":"item_reference","id":"msg_1"}"#, "input[0].type \"item_reference\" is not supported"),
      (#"{"type":"web_search_call","id":"w"}"#, "input[0].type must be \"message\""),
      (#""x""#, "input[0] must be an object"), (#"{"type":"message"}"#, "input[0].role is missing"),
      (#"{"role":"robot","content":"x"}"#, "input[0].role must be"),
      (#"{"role":"user"}"#, "input[0].content is missing"),
      (#"{"role":"user","content":7}"#, "input[0].content must be a string or a list of parts"),
      (#"{"role":"user","content":[]}"#, "input[0].content must hold at least one part"),
      (#"{"role":"user","content":[{"type":"text","text":"x"}]}"#, "input[0].content[0].type must be \"input_text\""),
      (#"{"role":"user","content":[{"type":"input_text"}]}"#, "input[0].content[0].text is missing"),
      (#"{"role":"user","content":[{"type":"input_audio"}]}"#, "input[0].content[0].type \"input_audio\" is not"),
      (#"{"role":"assistant","content":[{"type":"input_image"}]}"#, "input[0].content[0].type must be \"output_text\""),
      (#"{"role":"system","content":[{"type":"input_image"}]}"#, "input[0].content[0].type must be \"input_text\" in"),
      (#"{"type":"function_call","name":"f","arguments":"{}"}"#, "input[0].call_id is missing"),
      (#"{"type":"function_call","call_id":"c","arguments":"{}"}"#, "input[0].name is missing"),
      (
        #"{"type":"function_call","call_id":"c","name":"f","arguments":"{"}"#,
        "input[0].arguments must be a JSON object"
      ),
      (#"{"type":"function_call_output","output":"x"}"#, "input[0].call_id is missing"),
      (#"{"type":"function_call_output","call_id":"c"}"#, "input[0].output is missing"),
      (#"{"type":"function_call_output","call_id":"c","output":{}}"#, "input[0].output must be a string or a list"),
      (#"{"type":"reasoning","summary":"x"}"#, "input[0].summary must be a list"),
      (#"{"type":"reasoning","summary":[{"type":"x","text":"y"}]}"#, "input[0].summary[0].type must be"),
      (
        #"{"type":"reasoning","encrypted_content":"gAAAA"}"#, "input[0].encrypted_content is not from an answer of this"
      ),
      (#"{"type":"reasoning","encrypted_content":"redacted:@"}"#, "input[0].encrypted_content is not from"),
      (#"{"type":"reasoning","encrypted_content":7}"#, "input[0].encrypted_content must be a string"),
    ])
  func items(_ item: String, _ start: String) throws { try Self.expectRefusal(#"{"input":[\#(item)]}"#, start) }

  @Test(
    "Nothing is fetched from other places (L-3), and cache markers are checked",
    arguments: [
      (#"{"type":"input_image","image_url":"https://x/y.png"}"#, "image_url must be a data: URL"),
      (#"{"type":"input_image","image_url":"data:image/tiff;base64,AAAA"}"#, "image_url must hold a PNG"),
      (#"{"type":"input_image","image_url":{"url":"x"}}"#, "image_url must be a string"),
      (#"{"type":"input_image","file_id":"f"}"#, "file_id is not supported"),
      (#"{"type":"input_image"}"#, "image_url is missing"),
      (#"{"type":"input_file","file_url":"https://x/y.pdf"}"#, "file_url is not supported: files at other addresses"),
      (#"{"type":"input_file","file_id":"f"}"#, "file_id is not supported"),
      (#"{"type":"input_file"}"#, "file_data is missing"),
      (#"{"type":"input_file","file_data":"https://x"}"#, "file_data must be a data: URL"),
      (#"{"type":"input_text","text":"x","prompt_cache_breakpoint":{}}"#, "prompt_cache_breakpoint.mode must be"),
      (
        #"{"type":"input_text","text":"x","prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}"#,
        "prompt_cache_breakpoint.ttl must be \"30m\""
      ),
    ])
  func parts(_ part: String, _ start: String) throws {
    try Self.expectRefusal(#"{"input":[{"role":"user","content":[\#(part)]}]}"#, "input[0].content[0].\(start)")
    guard !start.hasPrefix("prompt_cache") else { return }
    try Self.expectRefusal(
      #"{"input":[{"type":"function_call_output","call_id":"c","output":[\#(part)]}]}"#, "input[0].output[0].\(start)")
  }

  @Test("A cache marker has no place inside the output of a function")
  func cacheMarkerInOutput() throws {
    let part = #"{"type":"input_text","text":"x","prompt_cache_breakpoint":{"mode":"explicit"}}"#
    try Self.expectRefusal(
      #"{"input":[{"type":"function_call_output","call_id":"c","output":[\#(part)]}]}"#,
      "input[0].output[0].prompt_cache_breakpoint is not supported inside")
  }

  @Test("An input without anything to answer is refused")
  func empty() {
    for body in [
      "{}", #"{"input":[]}"#, #"{"input":null}"#, #"{"input":7}"#, #"{"input":[{"role":"system","content":"x"}]}"#,
      #"{"input":[{"type":"reasoning","summary":[]}],"instructions":"x"}"#,
    ] {
      #expect(Exchange.refusal(OpenAIResponsesInbound(), body)?.parameter == "input", "\(body)")
    }
  }

  private static func expectRefusal(_ body: String, _ start: String) throws {
    let problem = try #require(Exchange.refusal(OpenAIResponsesInbound(), body), "\(body) is taken")
    #expect(problem.message.hasPrefix(start), "\(problem.message)")
    #expect(problem.message.hasSuffix("."))
    #expect(problem.parameter != nil)
  }
}
