import Core
import Testing

@testable import Dialects

/// What a table does to requests: each member that it does not carry is sent with a value that asks for something, and
/// with its usual values.
@Suite("Members do what the tables say: refused by name, kept for the dialect's own providers, or left out (D-2, D-4)")
struct MemberOutcomeTests {
  struct Table: Sendable, CustomTestStringConvertible {
    let name: String
    let rules: [String: MemberRule]
    let codec: any InboundCodec
    /// A request without its last bracket.
    let start: String
    /// JSON values that ask for something, of members for which `true` is none.
    var values: [String: String] = [:]

    var testDescription: String { name }
  }

  static let tables = [
    Table(
      name: "chat", rules: OpenAIChatMembers.rules, codec: OpenAIChatInbound(),
      start: #"{"messages":[{"role":"user","content":"x"}]"#,
      values: ["modalities": #"["audio"]"#, "metadata": #"{"a":"b"}"#, "service_tier": #""priority""#]),
    Table(
      name: "responses", rules: ResponsesMembers.rules, codec: OpenAIResponsesInbound(), start: #"{"input":"x""#,
      values: [
        "include": #"["message.output_text.logprobs"]"#, "metadata": #"{"a":"b"}"#, "service_tier": #""flex""#,
        "access_programs": #"{"cyber":"standard"}"#,
      ]),
    Table(
      name: "messages", rules: AnthropicMembers.rules, codec: AnthropicMessagesInbound(),
      start: #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]"#,
      values: ["speed": #""fast""#, "service_tier": #""priority""#, "inference_geo": #""us""#]),
    Table(
      name: "converse", rules: ConverseMembers.rules, codec: BedrockConverseInbound(),
      start: #"{"messages":[{"role":"user","content":[{"text":"x"}]}]"#,
      values: [
        "guardrailConfig": #"{"guardrailIdentifier":"g"}"#, "promptVariables": #"{"a":{"text":"b"}}"#,
        "additionalModelResponseFieldPaths": #"["/stop_sequence"]"#, "requestMetadata": #"{"a":"b"}"#,
      ]),
    Table(
      name: "embeddings", rules: OpenAIMembers.embeddings, codec: OpenAIEmbeddingsInbound(),
      start: #"{"model":"m","input":"x""#),
    Table(
      name: "embed", rules: CohereMembers.rules, codec: CohereEmbedInbound(.v2),
      start: #"{"model":"m","texts":["x"],"input_type":"search_query""#),
  ]

  @Test("Members at the top of a request", arguments: tables)
  func outcomes(_ table: Table) throws {
    var seen = 0
    for (name, rule) in table.rules.sorted(by: { $0.key < $1.key }) {
      let body = "\(table.start),\"\(name)\":\(table.values[name] ?? "true")}"
      switch rule {
      case .carried, .members, .kinds, .oneOf, .ownObject: continue
      case .hint, .echo:
        #expect(try Self.beyond(table.codec, body) == nil, "\(name)")
      case .own(let usual):
        #expect(try Self.beyond(table.codec, body)?.parameter == name, "\(name)")
        for value in usual { try Self.expectNothing(table, name, value) }
      case .refused(let clause, let usual):
        Self.expectRefusal(table, name, body, clause)
        for value in usual { try Self.expectNothing(table, name, value) }
      case .only(let word, let clause):
        Self.expectRefusal(table, name, body, clause)
        #expect(try Self.beyond(table.codec, "\(table.start),\"\(name)\":[\"\(word)\"]}") == nil)
      }
      seen += 1
      #expect(try Self.beyond(table.codec, "\(table.start),\"\(name)\":null}") == nil, "\(name): null")
    }
    #expect(seen >= 1)
  }

  @Test(
    "Members deeper down",
    arguments: [
      ("chat", #""messages":[{"role":"user","name":"ann","content":"x"}]"#, "messages[0].name"),
      ("chat", #""stream_options":{"include_obfuscation":true}"#, ""),
      ("chat", #""prompt_cache_options":{"mode":"explicit","ttl":"30m"}"#, ""),
      ("chat", #""prompt_cache_options":{"ttl":"12h"}"#, "!prompt_cache_options.ttl"),
      ("chat", #""store":false,"service_tier":"default","n":1,"logit_bias":{},"modalities":["text"]"#, ""),
      ("chat", #""store":true"#, "!store"), ("chat", #""n_predict":9"#, "!n_predict"),
      ("chat", #""prompt_cache_retention":"24h""#, "!prompt_cache_retention"),
      (
        "chat",
        #""messages":[{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"x","#
          + #""prompt_cache_breakpoint":{"mode":"explicit"}}]}]"#, "messages[0].content[0].prompt_cache_breakpoint"
      ),
      (
        "chat",
        #""messages":[{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"x","#
          + #""prompt_cache_breakpoint":{"mode":"explicit","ttl":"30m"}}]}]"#,
        "messages[0].content[0].prompt_cache_breakpoint"
      ),
      (
        "chat",
        #""messages":[{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"x","#
          + #""prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}]}]"#,
        "!messages[0].content[0].prompt_cache_breakpoint.ttl"
      ),
      ("chat", #""fallbacks":["dear"]"#, "!fallbacks"), ("chat", #""fallbacks":[],"enable_search":false"#, ""),
      ("chat", #""search_parameters":{"mode":"on"}"#, "!search_parameters"),
      ("chat", #""extra_body":{"google":{"cached_content":"c"}}"#, "!extra_body"),
      ("embeddings", #""fallbacks":[{"model":"dear"}]"#, "!fallbacks"),
      (
        "responses", #""tools":[{"type":"function","name":"f","async":true}]"#, "!tools[0].async"
      ),
      (
        "responses", #""tools":[{"type":"function","name":"f","allowed_callers":["direct"],"defer_loading":false}]"#,
        ""
      ),
      (
        "responses", #""input":[{"role":"user","content":[{"type":"input_image","detail":"high"}]}]"#,
        "!input[0].content[0].detail"
      ),
      (
        "responses",
        #""input":[{"type":"function_call","call_id":"c","name":"f","arguments":"{}","#
          + #""caller":{"type":"program","caller_id":"p"}}]"#, "!input[0].caller.type"
      ),
      ("messages", #""tools":[{"name":"f","input_schema":{},"input_examples":[{}]}]"#, "tools[0].input_examples"),
      ("messages", #""tools":[{"name":"f","input_schema":{},"defer_loading":true}]"#, "tools[0].defer_loading"),
      (
        "messages", #""tools":[{"name":"f","input_schema":{},"allowed_callers":["x"]}]"#, "!tools[0].allowed_callers[0]"
      ),
      ("messages", #""tools":[{"name":"f","input_schema":{},"eager_input_streaming":true}]"#, ""),
      ("messages", #""output_config":{"task_budget":{"type":"tokens","total":9}}"#, "output_config.task_budget"),
      ("messages", #""billing_policy":{"type":"billing_policy","bill_to":"user_profile"}"#, "!billing_policy.bill_to"),
      ("messages", #""context_management":{"edits":[{"type":"clear_thinking_20251015"}]}"#, "context_management"),
      (
        "messages", #""context_management":{"edits":[{"type":"compact_20260112"}]}"#,
        "!context_management.edits[0].type"
      ),
      ("messages", #""anthropic_beta":["context-1m-2025-08-07"]"#, "!anthropic_beta"),
      (
        "messages",
        #""messages":[{"role":"user","content":[{"type":"document","context":"c","#
          + #""source":{"type":"text","data":"x"}}]}]"#, "messages[0].content[0].context"
      ),
      (
        "messages",
        #""messages":[{"role":"assistant","content":[{"type":"tool_use","id":"i","name":"f","#
          + #""caller":{"type":"code_execution_20250825"}}]}]"#, "!messages[0].content[0].caller.type"
      ),
      ("converse", #""serviceTier":{"type":"priority"}"#, "!serviceTier.type"),
      ("converse", #""performanceConfig":{"latency":"optimized"}"#, "!performanceConfig.latency"),
      ("converse", #""performanceConfig":{"latency":"standard"},"serviceTier":{"type":"default"}"#, ""),
      ("converse", #""projectIdentifier":"p""#, "!projectIdentifier"),
      ("converse", #""outputConfig":{"effort":"low"}"#, "outputConfig.effort"),
      (
        "converse",
        #""messages":[{"role":"user","content":[{"document":{"name":"n","context":"c","#
          + #""source":{"text":"x"}}}]}]"#, "messages[0].content[0].document.context"
      ),
      (
        "converse",
        #""messages":[{"role":"user","content":[{"document":{"name":"n","#
          + #""citations":{"enabled":true},"source":{"text":"x"}}}]}]"#, "!messages[0].content[0].document.citations"
      ),
      (
        "converse", #""messages":[{"role":"user","content":[{"guardContent":{}}]}]"#,
        "!messages[0].content[0].guardContent"
      ),
      (
        "converse", #""messages":[{"role":"user","content":[{"text":"x","toolUse":{}}]}]"#,
        "!messages[0].content[0].toolUse"
      ),
    ])
  func deeper(_ name: String, _ members: String, _ outcome: String) throws {
    let table = try #require(Self.tables.first { $0.name == name })
    // Of members with one name the last counts.
    let body = "\(table.start),\(members)}"
    if outcome.hasPrefix("!") {
      let refusal = #expect(throws: InvalidRequest.self) { try table.codec.decode(Exchange.request(body)) }
      #expect(refusal?.parameter == String(outcome.dropFirst()), "\(refusal?.message ?? "")")
    } else {
      #expect(try Self.beyond(table.codec, body)?.parameter == (outcome.isEmpty ? nil : outcome))
    }
  }

  @Test("Headers of InvokeModel that ask for another price or account are refused by the client's name for them")
  func invokeHeaders() throws {
    let body = #"{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    for (field, name, usual) in [
      ("X-Amzn-Bedrock-PerformanceConfig-Latency", "performanceConfigLatency", "standard"),
      ("X-Amzn-Bedrock-Service-Tier", "serviceTier", "default"),
      ("X-Amzn-Bedrock-ProjectIdentifier", "projectIdentifier", "default"),
    ] {
      let asked = Exchange.request(body, headers: [HTTPField(field, "other")])
      let refusal = #expect(throws: InvalidRequest.self) { try BedrockInvokeInbound().decode(asked) }
      #expect(refusal?.parameter == name)
      _ = try BedrockInvokeInbound().decode(Exchange.request(body, headers: [HTTPField(field, usual)]))
    }
    _ = try BedrockInvokeInbound().decode(
      Exchange.request(body, headers: [HTTPField("X-Amzn-Bedrock-Request-Metadata", #"{"a":"b"}"#)]))
  }

  @Test("The connector, whose form is nobody's specification, may set other members beside a block")
  func connector() throws {
    let body = #"{"messages":[{"role":"user","content":[{"text":"x","toolUse":{},"toolCallId":"t"}]}]}"#
    #expect(try Exchange.chat(ConnectorConverseInbound(), body).messages[0].content == [.text(Sensitive("x"))])
  }

  // MARK: Support

  private static func beyond(_ codec: any InboundCodec, _ body: String) throws -> InvalidRequest? {
    do {
      let decoded = try codec.decode(Exchange.request(body))
      return decoded.original?.beyondNeutral
    } catch {
      // A request that does not pass, because a member stands in it twice, is refused with what it would have noted.
      guard error.message.hasSuffix("is not supported by the provider of this model; leave it out.") else {
        throw error
      }
      return error
    }
  }

  private static func expectRefusal(_ table: Table, _ name: String, _ body: String, _ clause: String) {
    let refusal = #expect(throws: InvalidRequest.self, "\(name)") { try table.codec.decode(Exchange.request(body)) }
    #expect(refusal?.parameter?.hasPrefix(name) == true, "\(name)")
    #expect(refusal?.message.hasSuffix("\(clause).") == true, "\(refusal?.message ?? name)")
  }

  private static func expectNothing(_ table: Table, _ name: String, _ usual: UsualValue) throws {
    let value =
      switch usual {
      case .word(let word): "\"\(word)\""
      case .number(let number): "\(number)"
      case .bool(let bool): "\(bool)"
      case .empty: name.hasSuffix("s") && name.hasPrefix("additional") ? "[]" : "{}"
      }
    #expect(try beyond(table.codec, "\(table.start),\"\(name)\":\(value)}") == nil, "\(name): \(value)")
  }
}
