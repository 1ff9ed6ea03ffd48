public import Core

/// The Mendix connector's embeddings: `POST <base>/invoke` with Cohere's embed body and answer.
public struct ConnectorInvokeInbound: InboundCodec, ShapeReading {
  public let dialect = Dialect.connector

  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let body = try JSONDocument.request(request.body)
    var (embed, types) = try CohereEmbedBody.read(body)
    embed.model = try ConnectorModelChoice.model(request, body)
    return DecodedCall(call: .embed(embed), encoder: CohereEmbedEncoder(texts: embed.inputs, types: types))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    ConnectorFailure.answer(failure, requestID: requestID)
  }

  /// Embeddings are never streamed.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { [] }

  public func unrecognised(in request: InboundRequest) -> [String] {
    ConnectorShape.invoke.unrecognised(in: request.body)
  }
}
