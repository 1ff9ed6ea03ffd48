public import Core
import Dialects

/// A kind of answer that a provider gives: what was asked of which codec.
public struct AnswerKind: Sendable, CustomStringConvertible {
  /// The folder of its transcripts.
  public let name: String
  public let codec: any OutboundCodec
  public let call: ModelCall

  public var description: String { name }

  /// A fresh decoder.
  public var decoder: any UpstreamDecoder { codec.decoder(for: call) }

  public static let all: [AnswerKind] = [
    AnswerKind(name: "openai-chat", codec: OpenAIChatOutbound(), call: chat()),
    AnswerKind(name: "openai-chat-stream", codec: OpenAIChatOutbound(), call: chat(streams: true)),
    AnswerKind(name: "openai-embeddings", codec: OpenAIEmbeddingsOutbound(), call: embed()),
    AnswerKind(name: "anthropic", codec: AnthropicMessagesOutbound(), call: chat()),
    AnswerKind(name: "anthropic-stream", codec: AnthropicMessagesOutbound(), call: chat(streams: true)),
    AnswerKind(name: "anthropic-json", codec: AnthropicMessagesOutbound(), call: chat(.jsonObject)),
    AnswerKind(
      name: "anthropic-json-stream", codec: AnthropicMessagesOutbound(), call: chat(.jsonObject, streams: true)),
    AnswerKind(name: "converse", codec: BedrockConverseOutbound(), call: chat()),
    AnswerKind(name: "converse-stream", codec: BedrockConverseOutbound(), call: chat(streams: true)),
    AnswerKind(name: "converse-json", codec: BedrockConverseOutbound(), call: chat(.jsonObject)),
    AnswerKind(name: "converse-json-stream", codec: BedrockConverseOutbound(), call: chat(.jsonObject, streams: true)),
    AnswerKind(name: "cohere-embed", codec: CohereEmbedOutbound(), call: embed(["float"])),
    AnswerKind(name: "cohere-invoke", codec: BedrockInvokeCohereOutbound(), call: embed()),
    AnswerKind(
      name: "cohere-invoke-types", codec: BedrockInvokeCohereOutbound(), call: embed(["float", "int8", "ubinary"])),
  ]

  public static func named(_ name: String) -> AnswerKind? { all.first { $0.name == name } }

  private static func chat(_ format: ResponseFormat? = nil, streams: Bool = false) -> ModelCall {
    let question = Message(role: .user, content: [.text(Sensitive("What?"))])
    return .chat(ChatRequest(messages: [question], responseFormat: format, isStreaming: streams))
  }

  /// Two texts: every transcript has so many vectors.
  private static func embed(_ types: [String] = []) -> ModelCall {
    .embed(EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")], embeddingTypes: types))
  }
}
