public import Core

/// Cohere's embeddings as applications speak them: `POST /v2/embed` and `/v1/embed`. Rules D-1, D-2.
public struct CohereEmbedInbound: InboundCodec {
  /// Which answer a client reads: the second version has vectors by number form always, the first a plain list where no
  /// form is named.
  public enum Version: String, Sendable, CaseIterable {
    case v1 = "1"
    case v2 = "2"
  }

  public let dialect = Dialect.cohere
  private let version: Version

  public init(_ version: Version) { self.version = version }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let body = try JSONDocument.request(request.body)
    var (embed, types) = try CohereEmbedBody.read(body)
    embed.model = try body.optionalText("model")
    if types.isEmpty, version == .v2 { types = ["float"] }
    return DecodedCall(
      call: .embed(embed), encoder: CohereEmbedEncoder(texts: embed.inputs, types: types, version: version),
      original: try CoherePassableEmbed(body, version: version))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    CohereFailure(failure).answer(requestID: requestID)
  }

  /// Embeddings are never streamed: nothing can be said once the answer has begun.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { [] }
}
