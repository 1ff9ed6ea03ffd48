public import Core
import Dialects

/// A kind of answer that a provider gives: what was asked of which codec.
public struct AnswerKind: Sendable, CustomStringConvertible {
  /// The folder of its transcripts.
  public let name: String
  public let codec: any OutboundCodec
  public let call: ModelCall
  /// The model's id at the provider, which at Bedrock tells whose words it takes.
  public let upstreamModel: String
  /// How the call passes where an application speaks the provider's dialect; nil where none does.
  public var passed: PassedCall?

  public var description: String { name }

  /// A fresh decoder.
  public var decoder: any UpstreamDecoder { passed?.decoder ?? codec.decoder(for: call) }

  /// `inbound` and `body`: what such an application sent.
  init(
    name: String, codec: any OutboundCodec, call: ModelCall, inbound: (any InboundCodec)? = nil, body: String = "",
    upstreamModel: String = "m"
  ) {
    self.name = name
    self.codec = codec
    self.call = call
    self.upstreamModel = upstreamModel
    let request = InboundRequest(method: "POST", path: "/", headers: [], body: Sensitive(Array(body.utf8)))
    passed = (try? inbound?.decode(request))?.original.flatMap {
      codec.passing($0, for: call, upstreamModel: upstreamModel)
    }
  }

  public static let all: [AnswerKind] = [
    AnswerKind(
      name: "openai-chat", codec: OpenAIChatOutbound(), call: chat(), inbound: OpenAIChatInbound(), body: question()),
    AnswerKind(
      name: "openai-chat-stream", codec: OpenAIChatOutbound(), call: chat(streams: true), inbound: OpenAIChatInbound(),
      body: question(#""stream":true,"stream_options":{"include_usage":true},"#)),
    AnswerKind(
      name: "openai-embeddings", codec: OpenAIEmbeddingsOutbound(), call: embed(), inbound: OpenAIEmbeddingsInbound(),
      body: #"{"input":["a","b"]}"#),
    AnswerKind(
      name: "anthropic", codec: AnthropicMessagesOutbound(), call: chat(), inbound: AnthropicMessagesInbound(),
      body: question(#""max_tokens":9,"#)),
    AnswerKind(
      name: "anthropic-stream", codec: AnthropicMessagesOutbound(), call: chat(streams: true),
      inbound: AnthropicMessagesInbound(), body: question(#""max_tokens":9,"stream":true,"#)),
    AnswerKind(name: "anthropic-json", codec: AnthropicMessagesOutbound(), call: chat(.jsonObject)),
    AnswerKind(
      name: "anthropic-json-stream", codec: AnthropicMessagesOutbound(), call: chat(.jsonObject, streams: true)),
    AnswerKind(
      name: "converse", codec: BedrockConverseOutbound(), call: chat(), inbound: BedrockConverseInbound(),
      body: converse),
    AnswerKind(
      name: "converse-stream", codec: BedrockConverseOutbound(), call: chat(streams: true),
      inbound: BedrockConverseInbound(isStreaming: true), body: converse),
    AnswerKind(name: "converse-json", codec: BedrockConverseOutbound(), call: chat(.jsonObject)),
    AnswerKind(name: "converse-json-stream", codec: BedrockConverseOutbound(), call: chat(.jsonObject, streams: true)),
    AnswerKind(
      name: "claude-invoke", codec: BedrockConverseOutbound(), call: chat(), inbound: BedrockInvokeInbound(),
      body: question(#""max_tokens":9,"#), upstreamModel: "anthropic.m"),
    AnswerKind(
      name: "claude-invoke-stream", codec: BedrockConverseOutbound(), call: chat(streams: true),
      inbound: BedrockInvokeInbound(isStreaming: true), body: question(#""max_tokens":9,"#),
      upstreamModel: "anthropic.m"),
    AnswerKind(
      name: "cohere-embed", codec: CohereEmbedOutbound(), call: embed(["float"]), inbound: CohereEmbedInbound(.v2),
      body: #"{"texts":["a","b"],"embedding_types":["float"]}"#),
    AnswerKind(
      name: "cohere-invoke", codec: BedrockInvokeCohereOutbound(), call: embed(), inbound: BedrockInvokeInbound(),
      body: #"{"texts":["a","b"]}"#, upstreamModel: "cohere.m"),
    AnswerKind(
      name: "cohere-invoke-types", codec: BedrockInvokeCohereOutbound(), call: embed(["float", "int8", "ubinary"])),
  ]

  public static func named(_ name: String) -> AnswerKind? { all.first { $0.name == name } }

  private static func chat(_ format: ResponseFormat? = nil, streams: Bool = false) -> ModelCall {
    let question = Message(role: .user, content: [.text(Sensitive("What?"))])
    return .chat(ChatRequest(messages: [question], responseFormat: format, isStreaming: streams))
  }

  private static func question(_ members: String = "") -> String {
    "{\(members)\"messages\":[{\"role\":\"user\",\"content\":\"What?\"}]}"
  }

  private static let converse = #"{"messages":[{"role":"user","content":[{"text":"What?"}]}]}"#

  /// Two texts: every transcript has so many vectors.
  private static func embed(_ types: [String] = []) -> ModelCall {
    .embed(EmbedRequest(inputs: [Sensitive("a"), Sensitive("b")], embeddingTypes: types))
  }
}
