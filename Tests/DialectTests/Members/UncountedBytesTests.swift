import Core
import Testing

@testable import Dialects

@Suite("What goes along and nobody counted is bounded by its bytes (D-4, U-5)")
struct UncountedBytesTests {
  private static let requests: [(codec: any InboundCodec, body: String)] = [
    (
      OpenAIChatInbound(),
      #"{"messages":[{"role":"system","content":[{"type":"text","text":"s"}]},{"role":"user","content":["#
        + #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID"}},{"type":"text","text":"x"}]},"#
        + #"{"role":"assistant","content":"y","tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},"#
        + #"{"role":"tool","tool_call_id":"c","content":"r"}],"tools":[{"function":{"name":"f"}}],"#
        + #""response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"a":1}}}}"#
    ),
    (
      AnthropicMessagesInbound(),
      #"{"max_tokens":9,"system":[{"type":"text","text":"s","cache_control":{"type":"ephemeral"}}],"messages":["#
        + #"{"role":"user","content":[{"type":"document","title":"t","source":{"type":"text","data":"x"}}]},"#
        + #"{"role":"assistant","content":[{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},"#
        + #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":[{"type":"text","text":"r"}]}]}],"#
        + #""tools":[{"name":"f","input_schema":{"a":1}}],"thinking":{"type":"disabled"}}"#
    ),
    (
      BedrockConverseInbound(),
      #"{"system":[{"text":"s"}],"inferenceConfig":{"maxTokens":9},"messages":[{"role":"user","content":["#
        + #"{"document":{"name":"n","format":"txt","source":{"text":"x"}}}]},{"role":"assistant","content":["#
        + #"{"toolUse":{"toolUseId":"c","name":"f","input":{"a":1}}}]},{"role":"user","content":[{"toolResult":"#
        + #"{"toolUseId":"c","content":[{"text":"r"}]}}]}],"#
        + #""toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"a":1}}}}]}}"#
    ),
    (
      BedrockInvokeInbound(),
      #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    ),
    (CohereEmbedInbound(.v2), #"{"texts":["x"],"input_type":"search_query"}"#),
    (OpenAIEmbeddingsInbound(), #"{"input":["x"]}"#),
  ]

  private static func uncounted(_ codec: any InboundCodec, _ body: String) throws -> Int? {
    try codec.decode(Exchange.request(body)).original?.uncountedBytes
  }

  @Test("Wherever a member is put that nobody knows, its bytes are counted, or the request does not pass")
  func anywhere() throws {
    let word = String(repeating: "w", count: 500)
    for (codec, body) in Self.requests {
      #expect(try Self.uncounted(codec, body) == 0, "\(body)")
      var places = 0
      for index in body.indices where body[index] == "{" {
        let rest = body[body.index(after: index)...]
        // What schemas and the inputs of tools hold is in the neutral call, whatever it is.
        guard !rest.hasPrefix("}"), !rest.hasPrefix(#""a":1"#), !rest.hasPrefix(#"\""#) else { continue }
        let longer = body[...index] + #""unheard_of":{"x":["\#(word)"]},"# + rest
        guard let decoded = try? codec.decode(Exchange.request(String(longer))) else { continue }
        places += 1
        if let original = decoded.original { #expect(original.uncountedBytes > 500, "\(longer)") }
      }
      #expect(places >= (body.contains("messages") ? 2 : 1), "\(body)")
    }
  }

  @Test("Members for the dialect's own providers count, and so does what comes back from an answer; hints do not")
  func kinds() throws {
    func chat(_ members: String) throws -> Int? {
      try Self.uncounted(OpenAIChatInbound(), #"{"messages":[{"role":"user","content":"x"}],\#(members)}"#)
    }
    #expect(try chat(#""user":"somebody","metadata":{"a":"b"},"store":false"#) == 0)
    #expect(try chat(#""logit_bias":{"5":1}"#) == 7)
    #expect(try chat(#""logprobs":false"#) == 0)
    // The name counts as well, and with a value of null it is all there is.
    #expect(try chat(#""abc":"d""#) == 8)
    #expect(try chat(#""abc":null"#) == 9)
    let echo =
      #"{"messages":[{"role":"assistant","content":"x","reasoning_content":"hm"},{"role":"user","content":"y"}]}"#
    #expect(try Self.uncounted(OpenAIChatInbound(), echo) == 4)
    // An object of the dialect's own counts once, with whatever nobody knows in it.
    let point = #"{"mode":"explicit","new":"member"}"#
    let result =
      #"{"messages":[{"role":"user","content":"x"},{"role":"tool","tool_call_id":"c","content":[{"type":"text","#
      + #""text":"x","prompt_cache_breakpoint":\#(point)}]}]}"#
    #expect(try Self.uncounted(OpenAIChatInbound(), result) == point.utf8.count)
  }

  @Test("A request in which a member stands twice does not pass, and is refused where it must")
  func duplicates() throws {
    let twice = #"{"messages":[{"role":"user","content":"x","content":"y"}]"#
    #expect(try OpenAIChatInbound().decode(Exchange.request(twice + "}")).original == nil)
    let refusal = #expect(throws: InvalidRequest.self) {
      try OpenAIChatInbound().decode(Exchange.request(twice + #","logprobs":true}"#))
    }
    #expect(refusal?.parameter == "logprobs")
    // Each of two is judged, so that none hides behind the other.
    let hidden = #"{"messages":[{"role":"user","content":"x"}],"service_tier":"priority","service_tier":"default"}"#
    #expect(throws: InvalidRequest.self) { try OpenAIChatInbound().decode(Exchange.request(hidden)) }
    let message = #"{"max_tokens":9,"messages":[{"role":"user","content":"x","content":"y"}]}"#
    #expect(try AnthropicMessagesInbound().decode(Exchange.request(message)).original == nil)
    let embed = #"{"texts":["x"],"texts":["y"],"input_type":"search_query"}"#
    #expect(try CohereEmbedInbound(.v2).decode(Exchange.request(embed)).original == nil)
    let other = #"{"messages":[{"role":"user","content":"x"}],"LOGPROBS":1,"logprobs":true}"#
    #expect(throws: InvalidRequest.self) { try OpenAIChatInbound().decode(Exchange.request(other)) }
  }

  @Test("A body with very many members is surveyed in time that grows with its length only")
  func manyMembers() throws {
    let members = (0..<50_000).map { #""m\#($0)":\#($0)"# }.joined(separator: ",")
    let body = #"{"messages":[{"role":"user","content":"x",\#(members)}]}"#
    #expect(try #require(try Self.uncounted(OpenAIChatInbound(), body)) > 500_000)
  }
}
