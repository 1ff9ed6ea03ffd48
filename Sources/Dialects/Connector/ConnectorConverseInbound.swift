public import Core

/// The Mendix connector's chat: `POST <base>/converse` with the body and answer of Bedrock's Converse, and
/// `<base>/converse-stream` with the same events as server-sent ones. Errors are plain text.
public struct ConnectorConverseInbound: InboundCodec, ShapeReading {
  public let dialect = Dialect.connector
  private let isStreaming: Bool
  private let clock: WallClock?

  /// The path says whether the answer is streamed. `clock` tells the answer's latency.
  public init(isStreaming: Bool = false, clock: WallClock? = nil) {
    self.isStreaming = isStreaming
    self.clock = clock
  }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let body = try JSONDocument.request(request.body)
    let reader = try ConverseReader(body, typesEnums: true)
    // No request of the connector passes through: the neutral call must say everything. Rule D-2.
    if let beyond = reader.beyondNeutral { throw beyond }
    var chat = reader.request
    chat.model = try ConnectorModelChoice.model(request, body)
    chat.isStreaming = isStreaming
    let encoder: any AnswerEncoder =
      isStreaming ? ConverseStreamEncoder(.serverSentEvents, clock: clock) : ConverseAnswerEncoder(clock: clock)
    return DecodedCall(call: .chat(chat), encoder: encoder)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    ConnectorFailure.answer(failure, requestID: requestID)
  }

  /// The event `ERROR` with `{"message", "requestId"}`, after which the stream ends without `MESSAGE_STOP`. Rule F-4.
  ///
  /// The connector names no event for failures. One whose name it does not know stands in its log with its data, which
  /// is JSON as in every other event: the sentence, and the id under which the server's log has the call.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    var writer = JSONWriter()
    writer.object { error in
      error.member("message", failure.callerMessage)
      error.member("requestId", requestID.text)
    }
    var bytes: [UInt8] = []
    ServerSentEvent(name: "ERROR", data: writer.bytes).write(to: &bytes)
    return bytes
  }

  public func unrecognised(in request: InboundRequest) -> [String] {
    ConnectorShape.converse.unrecognised(in: request.body)
  }
}
