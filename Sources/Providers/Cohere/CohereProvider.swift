public import Core
import Dialects

/// Cohere's own service: embeddings only. Rule N-1.
public struct CohereProvider: RemoteProvider {
  public let transport: any UpstreamTransport

  public init(transport: any UpstreamTransport) { self.transport = transport }

  public func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
    switch call {
    case .chat: throw InvalidRequest("The provider of this model has embeddings only.")
    case .embed: return CohereEmbedOutbound()
    }
  }
}

extension UpstreamEndpoint {
  /// Cohere's public address.
  public static func cohere(name: String) throws(FieldProblem) -> UpstreamEndpoint {
    try UpstreamEndpoint(name: name, address: "https://api.cohere.com")
  }
}
