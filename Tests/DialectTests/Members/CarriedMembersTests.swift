import Core
import Testing

@testable import Dialects

@Suite("What every target can say is carried from each dialect to each provider (D-2)")
struct CarriedMembersTests {
  /// One tool, and a chat with it, in each dialect; `strict` is a member with a comma before it, or nothing.
  private static func asking(_ strict: String) -> [(codec: any InboundCodec, body: String)] {
    [
      (
        OpenAIChatInbound(),
        #"{"messages":[{"role":"user","content":"x"}],"tools":[{"function":{"name":"f"\#(strict)}}]}"#
      ),
      (OpenAIResponsesInbound(), #"{"input":"x","tools":[{"type":"function","name":"f"\#(strict)}]}"#),
      (
        AnthropicMessagesInbound(),
        #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}],"tools":[{"name":"f","input_schema":{}\#(strict)}]}"#
      ),
      (
        BedrockConverseInbound(),
        #"{"messages":[{"role":"user","content":[{"text":"x"}]}],"#
          + #""toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{}}\#(strict)}}]}}"#
      ),
    ]
  }

  private static let targets: [any OutboundCodec] = [
    OpenAIChatOutbound(), AnthropicMessagesOutbound(), BedrockConverseOutbound(),
  ]

  private static func written(_ call: ModelCall) throws -> [String] {
    try targets.map { Exchange.text(try $0.request(for: call, upstreamModel: "m").body.reveal()) }
  }

  @Test("A tool is strict where the caller said so, and nothing is said of one that is not")
  func strictTools() throws {
    for (codec, body) in Self.asking(#","strict":true"#) {
      let call = try codec.decode(Exchange.request(body)).call
      for text in try Self.written(call) { #expect(text.contains(#""strict":true"#), "\(text)") }
    }
    for strict in ["", #","strict":false"#, #","strict":null"#] {
      for (codec, body) in Self.asking(strict) {
        let call = try codec.decode(Exchange.request(body)).call
        for text in try Self.written(call) { #expect(!text.contains("strict"), "\(text)") }
      }
    }
    for (codec, body) in Self.asking(#","strict":"yes""#) {
      let refusal = #expect(throws: InvalidRequest.self) { try codec.decode(Exchange.request(body)) }
      #expect(refusal?.parameter?.hasSuffix(".strict") == true)
    }
  }

  @Test("What an answer's shape is for is told to the model")
  func formatDescriptions() throws {
    let schema = #""name":"s","description":"A weather report","schema":{"type":"object"}"#
    let asking: [(any InboundCodec, String)] = [
      (
        OpenAIChatInbound(),
        #"{"messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_schema","json_schema":{\#(schema)}}}"#
      ),
      (OpenAIResponsesInbound(), #"{"input":"x","text":{"format":{"type":"json_schema",\#(schema)}}}"#),
      (
        BedrockConverseInbound(),
        #"{"messages":[{"role":"user","content":[{"text":"x"}]}],"outputConfig":{"textFormat":{"type":"json_schema","#
          + #""structure":{"jsonSchema":{"description":"A weather report","schema":"{}"}}}}}"#
      ),
    ]
    for (codec, body) in asking {
      let call = try codec.decode(Exchange.request(body)).call
      for text in try Self.written(call) { #expect(text.contains("A weather report"), "\(text)") }
    }
  }

  @Test("Cache breakpoints of chat completions become cache markers, wherever they stand")
  func breakpoints() throws {
    let point = #""prompt_cache_breakpoint":{"mode":"explicit"}"#
    let chat = try Exchange.chat(
      OpenAIChatInbound(),
      #"{"messages":[{"role":"system","content":[{"type":"text","text":"s",\#(point)},{"type":"text","text":"t"}]},"#
        + #"{"role":"user","content":[{"type":"text","text":"u",\#(point)},{"type":"text","text":"v"}]},"#
        + #"{"role":"assistant","content":[{"type":"text","text":"a",\#(point)}]},{"role":"user","content":"x"}]}"#)
    #expect(chat.system == [.text(Sensitive("s")), .cachePoint, .text(Sensitive("t"))])
    #expect(chat.messages[0].content == [.text(Sensitive("u")), .cachePoint, .text(Sensitive("v"))])
    #expect(chat.messages[1].content == [.text(Sensitive("a")), .cachePoint])
    let texts = try Self.targets.dropFirst().map {
      Exchange.text(try $0.request(for: .chat(chat), upstreamModel: "m").body.reveal())
    }
    #expect(texts[0].components("cache_control") == 3)
    #expect(texts[1].components("cachePoint") == 3)
    // A server of the dialect gets them as they are; in neutral words they cannot be said.
    #expect(throws: InvalidRequest.self) { try OpenAIChatOutbound().request(for: .chat(chat), upstreamModel: "m") }
    let wrong = #"{"messages":[{"role":"user","content":[{"type":"text","text":"u","prompt_cache_breakpoint":{}}]}]}"#
    #expect(
      Exchange.refusal(OpenAIChatInbound(), wrong)?.parameter == "messages[0].content[0].prompt_cache_breakpoint.mode")
  }

  @Test("What an image costs in its own size nobody knows, so it is refused; other wishes stay in the dialect")
  func imageDetail() {
    func asking(_ detail: String) -> String {
      #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AQID","#
        + #""detail":"\#(detail)"}}]}]}"#
    }
    #expect(Exchange.refusal(OpenAIChatInbound(), asking("auto")) == nil)
    #expect(Exchange.refusal(OpenAIChatInbound(), asking("low"))?.message.contains("by the provider") == true)
    #expect(Exchange.refusal(OpenAIChatInbound(), asking("original"))?.message.contains("must be") == true)
  }
}

extension String {
  /// How often `word` stands in it.
  fileprivate func components(_ word: String) -> Int { ranges(of: word).count }
}
