public import Core
import Dialects

/// Anthropic's service, or another one that speaks its messages. Rule N-1.
public struct AnthropicProvider: RemoteProvider {
  public let transport: any UpstreamTransport

  public init(transport: any UpstreamTransport) { self.transport = transport }

  public func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
    switch call {
    case .chat: return AnthropicMessagesOutbound()
    case .embed: throw InvalidRequest("The provider of this model has no embeddings.")
    }
  }

  public func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)? {
    switch call {
    case .chat: AnthropicTokenCountOutbound()
    case .embed: nil
    }
  }
}

extension UpstreamEndpoint {
  /// Anthropic's public address.
  public static func anthropic(name: String) throws(FieldProblem) -> UpstreamEndpoint {
    try UpstreamEndpoint(name: name, address: "https://api.anthropic.com")
  }
}

/// A key in the field `x-api-key`, as Anthropic wants it.
public struct APIKeyAuthorization: RequestAuthorizer {
  private let key: Sensitive<String>

  public init(key: String) { self.key = Sensitive(key) }

  public func fields(method: String, path: String, headers: [HTTPField], body: [UInt8]) -> [HTTPField] {
    [HTTPField("x-api-key", key.reveal())]
  }
}
