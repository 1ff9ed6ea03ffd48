public import Core

/// The Mendix connector's chat: `POST <base>/converse` with the body and answer of Bedrock's Converse, and errors as
/// plain text.
public struct ConnectorConverseInbound: InboundCodec {
  public let dialect = Dialect.connector
  private let clock: WallClock?

  /// `clock` tells the answer's latency.
  public init(clock: WallClock? = nil) { self.clock = clock }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let body = try JSONDocument.request(request.body)
    var chat = try ConverseReader(body, typesEnums: true).request
    chat.model = try ConnectorModelChoice.model(request, body)
    return DecodedCall(call: .chat(chat), encoder: ConverseAnswerEncoder(clock: clock))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    ConnectorFailure.answer(failure, requestID: requestID)
  }

  /// Whole answers have begun only once they are complete.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { [] }
}
