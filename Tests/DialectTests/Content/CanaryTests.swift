import Core
import Dialects
import Testing

@Suite("Content never stands in an error (V-1, V-2)")
struct CanaryTests {
  private static let canary = "xyzzy-7f3a"

  /// Everything that an error may be printed as.
  private static func prints(_ error: any Error) -> String { "\(error) \(String(reflecting: error)) \(dump(error))" }

  private static func dump(_ error: any Error) -> String {
    var text = ""
    Swift.dump(error, to: &text)
    return text
  }

  private static let refused = [
    #"{"messages":[{"role":"§","content":"§"}],"model":"m"}"#, #"{"messages":["§"]}"#, #"{"messages":"§"}"#,
    #"{"messages":[{"role":"user","content":[{"type":"§","text":"§"}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"§"}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:§;base64,§"}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"type":"file","file":{"filename":"§","file_data":"data:§;base64,AAAA"}}]}]}"#,
    #"{"messages":[{"role":"assistant","tool_calls":[{"id":"§","function":{"name":"§","arguments":"§"}}]}]}"#,
    #"{"messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f"}}],"tool_choice":{"function":{"name":"§"}}}"#,
    #"{"messages":[{"role":"user","content":"x"}],"reasoning_effort":"§"}"#,
    #"{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"§"}}"#,
    #"{"messages":[{"role":"user","content":[{"§ §":{}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"image":{"format":"§"}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"document":{"name":"§","format":"§","source":{}}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"§","content":[],"status":"§"}}]}]}"#,
    #"{"messages":[{"role":"user","content":[{"text":"§"}]}],"additionalModelRequestFields":{"§ §":"§"}}"#,
    #"{"input":["§",7]}"#, #"{"input":"§","encoding_format":"§"}"#, #"{"texts":["§",{"§":1}]}"#,
    #"{"texts":["§"],"embedding_types":["§"]}"#, #"{"texts":["§"],"truncate":"§"}"#,
    #"{"texts":["§"],"input_type":"§"}"#, #"{"inputs":[{"content":[{"type":"§","text":"§"}]}]}"#,
    #"{"images":["§"]}"#, #"{"texts":["§"],"max_tokens":"§"}"#,
    #"{"max_tokens":9,"messages":[{"role":"user","content":[{"type":"image","source":{"type":"§","data":"§"}}]}]}"#,
    #"{"max_tokens":9,"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"§","content":[{"type":"§"}]}]}]}"#,
    #"{"max_tokens":9,"messages":[{"role":"user","content":"§"}],"tool_choice":{"type":"tool","name":"§"}}"#,
    #"{"max_tokens":9,"messages":[{"role":"user","content":"§"}],"thinking":{"type":"§"}}"#,
    #"{"input":[{"role":"user","content":[{"type":"input_text","text":"§"},{"type":"§"}]}]}"#,
    #"{"input":[{"role":"user","content":[{"type":"input_image","image_url":"§"}]}]}"#, #"{"input":[{"type":"§"}]}"#,
    #"{"input":[{"type":"function_call","call_id":"§","name":"§","arguments":"§"}]}"#,
    #"{"input":[{"type":"reasoning","summary":[{"type":"summary_text","text":"§"}],"encrypted_content":"§"}]}"#,
    #"{"input":"§","instructions":"§","tools":[{"type":"§"}]}"#, #"{"input":"§","include":["§"]}"#,
    #"{"input":"§","previous_response_id":"§"}"#, #"{"input":"§","reasoning":{"effort":"§"}}"#,
    #"{"input":"§","text":{"format":{"type":"§"}}}"#, #"{"input":"§","tool_choice":{"type":"§"}}"#,
    "§", #"{"§":§}"#, #"{"messages":[{"role":"user","content":"§"#, "{\"messages\":\"§\u{1}\"}", #"["§"]"#,
  ]

  @Test("No refused request is quoted", arguments: refused)
  func requests(_ template: String) {
    let body = template.replacing("§", with: Self.canary)
    let codecs: [any InboundCodec] = [
      OpenAIChatInbound(), OpenAIEmbeddingsInbound(), BedrockConverseInbound(), ConnectorConverseInbound(),
      ConnectorInvokeInbound(), AnthropicMessagesInbound(), OpenAIResponsesInbound(),
      BedrockConverseInbound(isStreaming: true), BedrockInvokeInbound(), BedrockInvokeInbound(isStreaming: true),
      ConnectorConverseInbound(isStreaming: true), CohereEmbedInbound(.v2),
    ]
    var refusals = 0
    for codec in codecs {
      guard let refusal = Exchange.refusal(codec, body) else { continue }
      refusals += 1
      #expect(!Self.prints(refusal).contains(Self.canary))
    }
    #expect(refusals > 0)
  }

  @Test("The canary is found where it is")
  func canFind() {
    #expect(Self.prints(InvalidRequest("quotes \(Self.canary)")).contains(Self.canary))
  }

  @Test("What holds content prints as redacted")
  func redaction() throws {
    let bytes = Array("{\"\(Self.canary)\":\"\(Self.canary)\"}".utf8)
    let document = try JSONDocument(bytes)
    var parser = ServerSentEventParser()
    _ = try parser.feed(bytes)
    let call = try ConnectorInvokeInbound().decode(Exchange.request("{\"texts\":[\"\(Self.canary)\"]}"))
    let response = try OpenAIResponsesInbound().decode(
      Exchange.request("{\"input\":\"\(Self.canary)\",\"instructions\":\"\(Self.canary)\"}"))
    let values: [Any] = [
      document, document.root, try JSONValue(bytes), JSONEditor(document), ServerSentEvent(data: bytes), parser,
      EventStreamFrame(event: Self.canary, payload: bytes), call, response,
    ]
    for value in values {
      var text = "\(value) \(String(reflecting: value))"
      Swift.dump(value, to: &text)
      #expect(!text.contains(Self.canary), "\(type(of: value))")
    }
  }

  @Test("No refusal of a provider's request quotes it")
  func outbound() {
    let secret = Sensitive(Self.canary)
    let raw = RawJSON(Array("{\"a\":\"\(Self.canary)\"}".utf8))
    let blocks: [ContentBlock] = [
      .text(secret), .cachePoint, .reasoning(text: secret, signature: Self.canary),
      .toolUse(id: Self.canary, name: Self.canary, input: raw),
      .toolResult(id: Self.canary, content: [.image(format: Self.canary, bytes: Sensitive([1]))], isError: false),
      .document(format: Self.canary, name: secret, bytes: Sensitive([1])),
    ]
    var refusals = 0
    let codecs: [any OutboundCodec] = [OpenAIChatOutbound(), BedrockConverseOutbound(), AnthropicMessagesOutbound()]
    for codec in codecs {
      for block in blocks {
        let call = ModelCall.chat(ChatRequest(messages: [Message(role: .user, content: [block])]))
        let limits = ModelLimits(maxOutputTokens: 1, defaultMaxTokens: 1, maxImages: 0, documentFormats: ["pdf"])
        for check in [
          { _ = try codec.request(for: call, upstreamModel: "m") }, { try RequestLimits.check(call, limits: limits) },
        ] {
          do { try check() } catch {
            refusals += 1
            #expect(!Self.prints(error).contains(Self.canary))
          }
        }
      }
    }
    #expect(refusals > 5)
  }

  @Test("No answer or error of a provider is quoted")
  func answers() {
    let answers = [
      Self.canary, #"{"error":{"message":"§","type":"§ §","code":"§ §"}}"#, #"{"message":"§","__type":"a:§"}"#,
      #"{"choices":[{"message":"§"}]}"#, #"data: {"choices":[{"delta":{"content":"§"#, "data: §\n\n",
      #"{"output":{"message":{"content":[{"§":"§"}]}},"stopReason":"§"}"#, #"{"data":[{"embedding":"§"}]}"#,
      #"{"type":"error","error":{"type":"§ §","message":"§"}}"#, #"{"content":[{"type":"tool_use","name":"§"}]}"#,
      #"data: {"type":"content_block_start","index":"§","content_block":{"text":"§"}}"# + "\n\n",
      #"data: {"type":"error","error":{"type":"§ §","message":"§"}}"# + "\n\n",
    ].map { Array($0.replacing("§", with: Self.canary).utf8) }
    let codecs: [any OutboundCodec] = [
      OpenAIChatOutbound(), OpenAIEmbeddingsOutbound(), BedrockConverseOutbound(), BedrockInvokeCohereOutbound(),
      AnthropicMessagesOutbound(), CohereEmbedOutbound(),
    ]
    for codec in codecs {
      for answer in answers {
        for status in [400, 429, 500] {
          #expect(!Self.prints(codec.failure(status: status, headers: [], body: answer)).contains(Self.canary))
        }
        for call in [
          ModelCall.chat(ChatRequest(messages: [])), .chat(ChatRequest(messages: [], isStreaming: true)),
          .embed(EmbedRequest(inputs: [Sensitive("a")])),
        ] {
          do { _ = try Exchange.decode(codec.decoder(for: call), answer) } catch {
            #expect(!Self.prints(error).contains(Self.canary))
          }
        }
      }
    }
  }
}
