public import Core
import Dialects
public import Foundation

/// A kind of request that applications send.
public struct RequestKind: Sendable, CustomStringConvertible {
  /// The folder of its bodies.
  public let name: String
  public let codec: any InboundCodec
  public let parameters: [String: String]

  public var description: String { name }

  public func request(_ body: [UInt8]) -> InboundRequest {
    InboundRequest(method: "POST", path: "/", parameters: parameters, headers: [], body: Sensitive(body))
  }

  /// Bodies of this kind below `folder`.
  public func bodies(in folder: URL = Corpus.folder) throws -> [[UInt8]] {
    try Corpus.files(in: folder.appending(path: "Requests/\(name)")).map { Array(try Data(contentsOf: $0)) }
  }

  public static let all: [RequestKind] = [
    RequestKind("openai-chat", OpenAIChatInbound()), RequestKind("openai-embeddings", OpenAIEmbeddingsInbound()),
    RequestKind("openai-responses", OpenAIResponsesInbound()), RequestKind("anthropic", AnthropicMessagesInbound()),
    RequestKind("converse", BedrockConverseInbound(), ["modelId": "m"]),
    RequestKind("converse", BedrockConverseInbound(isStreaming: true), ["modelId": "m"]),
    RequestKind("invoke", BedrockInvokeInbound(), ["modelId": "m"]),
    RequestKind("invoke", BedrockInvokeInbound(isStreaming: true), ["modelId": "m"]),
    RequestKind("cohere", CohereEmbedInbound(.v1)), RequestKind("cohere", CohereEmbedInbound(.v2)),
    RequestKind("connector-converse", ConnectorConverseInbound()),
    RequestKind("connector-converse", ConnectorConverseInbound(isStreaming: true)),
    RequestKind("connector-invoke", ConnectorInvokeInbound()),
  ]

  private init(_ name: String, _ codec: any InboundCodec, _ parameters: [String: String] = [:]) {
    self.name = name
    self.codec = codec
    self.parameters = parameters
  }
}
