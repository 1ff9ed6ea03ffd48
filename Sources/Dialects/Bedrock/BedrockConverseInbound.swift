public import Core

/// Bedrock's Converse as applications speak it: `POST /model/{modelId}/converse`, and `/converse-stream` with frames of
/// an event stream. Rules D-1, D-2.
public struct BedrockConverseInbound: InboundCodec {
  public let dialect = Dialect.bedrock
  private let isStreaming: Bool
  private let clock: WallClock?

  /// The path says whether the answer is streamed. `clock` tells the answer's latency.
  public init(isStreaming: Bool = false, clock: WallClock? = nil) {
    self.isStreaming = isStreaming
    self.clock = clock
  }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let reader = try ConverseReader(try JSONDocument.request(request.body))
    let original = BedrockPassableConverse(reader, isStreaming: isStreaming)
    if original == nil, let beyond = reader.beyondNeutral { throw beyond }
    var chat = reader.request
    chat.model = BedrockHead.model(request.parameters)
    chat.isStreaming = isStreaming
    let encoder: any AnswerEncoder =
      isStreaming ? ConverseStreamEncoder(.frames, clock: clock) : ConverseAnswerEncoder(clock: clock)
    return DecodedCall(call: .chat(chat), encoder: encoder, original: original)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    BedrockFailure(failure).answer(requestID: requestID)
  }

  /// An exception frame. Rule F-4.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    BedrockStreamFailure.bytes(failure, knowsTimeout: false)
  }
}
