public import Core

/// Bedrock's Converse as applications speak it: `POST /model/{modelId}/converse`. Rules D-1, D-2.
///
/// Only whole answers; the streamed call has its own framing and is not decoded here.
public struct BedrockConverseInbound: InboundCodec {
  public let dialect = Dialect.bedrock
  private let clock: WallClock?

  /// `clock` tells the answer's latency.
  public init(clock: WallClock? = nil) { self.clock = clock }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    var chat = try ConverseReader(try JSONDocument.request(request.body)).request
    chat.model = request.parameters["modelId"]
    return DecodedCall(call: .chat(chat), encoder: ConverseAnswerEncoder(clock: clock))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    BedrockFailure(failure).answer(requestID: requestID)
  }

  /// Whole answers have begun only once they are complete.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] { [] }
}
