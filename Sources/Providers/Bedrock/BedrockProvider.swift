public import Core
import Dialects

/// AWS Bedrock: Converse for text, InvokeModel for embeddings. Rule N-1.
public struct BedrockProvider: RemoteProvider {
  public let transport: any UpstreamTransport

  public init(transport: any UpstreamTransport) { self.transport = transport }

  public func codec(for call: ModelCall) throws(InvalidRequest) -> any OutboundCodec {
    switch call {
    case .chat: BedrockConverseOutbound()
    case .embed: BedrockInvokeCohereOutbound()
    }
  }

  public func tokenCounter(for call: ModelCall) -> (any TokenCountCodec)? {
    switch call {
    case .chat: BedrockTokenCountOutbound()
    case .embed: nil
    }
  }
}

extension UpstreamEndpoint {
  /// The public address of Bedrock's runtime in a region.
  public static func bedrock(name: String, region: String) throws(FieldProblem) -> UpstreamEndpoint {
    try UpstreamEndpoint(name: name, address: "https://bedrock-runtime.\(region).amazonaws.com")
  }
}

extension AWSCredentials {
  /// How requests to Bedrock in `region` are signed with these credentials.
  public func authorizer(region: String, clock: WallClock) -> any RequestAuthorizer {
    switch self {
    case .bearer(let token):
      BearerAuthorization(token: token)
    case .accessKey(let id, let secret, let sessionToken):
      SignatureV4Authorization(
        signature: SignatureV4(
          accessKeyID: id, secret: secret, sessionToken: sessionToken, region: region, service: "bedrock"),
        clock: clock)
    }
  }
}
