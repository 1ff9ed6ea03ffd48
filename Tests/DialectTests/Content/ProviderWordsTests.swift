import Core
import Testing

@testable import Dialects

@Suite("A provider's words about a refused request reach the caller, bounded, and nobody else (F-3, V-2)")
struct ProviderWordsTests {
  private static func words(_ text: String?) -> String? { ProviderWords.words(text)?.reveal() }

  @Test(
    "What helps stays",
    arguments: [
      "messages.0.content.1.image.source: Could not process image",
      "The model returned the following errors: tools.0.custom.strict: Extra inputs are not permitted",
      "The model's limit isn't 9; 'temperature' must be at most \"1.0\", and `top_p` can't be set.",
      "1 validation error detected: Value 'x' at 'modelId' failed to satisfy constraint",
    ])
  func plain(_ text: String) { #expect(Self.words(text) == text) }

  @Test("One line, without what is not seen; nothing stays nothing")
  func oneLine() {
    #expect(Self.words(" a\r\n\tb\u{0}c\u{2028}d\u{202E}e  f ") == "a b c d e f")
    for nothing in [nil, "", " \n"] { #expect(Self.words(nothing) == nil) }
  }

  @Test("At most 300 characters, however long the text is")
  func bounded() throws {
    #expect(Self.words(String(repeating: "abcd ", count: 60).dropLast().description)?.count == 299)
    let cut = try #require(Self.words(String(repeating: "abcd ", count: 1_000_000)))
    #expect(cut.count == 300 && cut.hasSuffix("…"))
    #expect(try #require(Self.words(String(repeating: "\"", count: 100_000))).count <= 300)
  }

  @Test("Longer quotations are left out, because they are what was asked")
  func quotations() {
    let prompt = String(repeating: "Dear diary, ", count: 9)
    for mark in ["\"", "'", "`"] {
      #expect(Self.words("input \(mark)\(prompt)\(mark) is bad") == "input \(mark)…\(mark) is bad")
      #expect(Self.words("input \(mark)\(prompt)") == "input \(mark)…")
    }
    let escaped = prompt + #"\"x\""# + prompt
    #expect(Self.words("{\"text\": \"\(escaped)\"}") == "{\"text\": \"…\"}")
    #expect(Self.words("bytes " + String(repeating: "QUJD", count: 30)) == "bytes …")
  }

  @Test("What names the operator's account is left out")
  func accounts() {
    #expect(
      Self.words("Model arn:aws:bedrock:eu-central-1:123456789012:inference-profile/a of 123456789012 is gone.")
        == "Model … of … is gone.")
  }

  @Test("Every dialect's refusals bring them; other failures are about the operator's account, and bring none")
  func decoders() {
    let bodies: [(any OutboundCodec, String)] = [
      (OpenAIChatOutbound(), #"{"error":{"message":"too bad","code":"c"}}"#),
      (OpenAIChatOutbound(), #"{"message":"too bad"}"#),
      (AnthropicMessagesOutbound(), #"{"type":"error","error":{"type":"invalid_request_error","message":"too bad"}}"#),
      (BedrockConverseOutbound(), #"{"message":"too bad"}"#), (CohereEmbedOutbound(), #"{"message":"too bad"}"#),
    ]
    for (codec, body) in bodies {
      let refused = codec.failure(status: 400, headers: [], body: Array(body.utf8))
      #expect(refused.words?.reveal() == "too bad" && !refused.message.contains("too bad"))
      let failure = GatewayFailure.upstream(refused)
      #expect(failure.callerMessage == failure.message + " The provider said: too bad")
      #expect(!"\(failure)\(String(reflecting: failure))\(failure.message)".contains("too bad"))
      let limited = codec.failure(
        status: 429, headers: [], body: Array(body.replacing("invalid_request", with: "rate_limit").utf8))
      #expect(limited.words == nil && GatewayFailure.upstream(limited).callerMessage == limited.message)
    }
  }

  @Test("Every inbound dialect tells them")
  func told() {
    let failure = GatewayFailure.upstream(UpstreamFailure(.rejected, "Refused.", words: Sensitive("too bad")))
    let codecs: [any InboundCodec] = [
      OpenAIChatInbound(), OpenAIEmbeddingsInbound(), OpenAIResponsesInbound(), AnthropicMessagesInbound(),
      BedrockConverseInbound(), BedrockInvokeInbound(), CohereEmbedInbound(.v2), ConnectorConverseInbound(),
      ConnectorInvokeInbound(),
    ]
    for codec in codecs {
      let answer = codec.encode(failure, requestID: Exchange.requestID)
      #expect(Exchange.text(answer.body).contains("Refused. The provider said: too bad"), "\(type(of: codec))")
    }
  }
}
