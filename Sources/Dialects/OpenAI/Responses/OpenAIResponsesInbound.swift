public import Core

/// OpenAI's responses as applications speak them. Rules D-1, D-2.
///
/// Nothing of a response is kept after its answer, whatever `store` says, which is true where it is left out; the answer
/// says so. What refers to something kept (`previous_response_id`, `conversation`, `prompt`, items by id) is refused.
public struct OpenAIResponsesInbound: InboundCodec {
  public let dialect = Dialect.openAI

  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let reader = try ResponsesReader(request.body)
    let encoder: any AnswerEncoder =
      reader.request.isStreaming ? ResponsesStreamEncoder(echo: reader.echo) : ResponsesEncoder(echo: reader.echo)
    return DecodedCall(call: .chat(reader.request), encoder: encoder)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    OpenAIFailure(failure).answer(requestID: requestID)
  }

  /// The event `error`, whose truthy member `error` the official client raises. Rule F-4.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    var bytes: [UInt8] = []
    ServerSentEvent(name: "error", data: OpenAIFailure(failure).responsesEvent).write(to: &bytes)
    return bytes
  }
}
