public import Core
import Dialects

/// Any server that speaks OpenAI's chat completions and embeddings. Rule N-1.
public struct OpenAICompatibleProvider: RemoteProvider {
  public let transport: any UpstreamTransport

  public init(transport: any UpstreamTransport) { self.transport = transport }

  public func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
    switch call {
    case .chat: OpenAIChatOutbound()
    case .embed: OpenAIEmbeddingsOutbound()
    }
  }
}
