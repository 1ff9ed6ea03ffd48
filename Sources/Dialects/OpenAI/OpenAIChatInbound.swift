public import Core

/// OpenAI's chat completions as applications speak them. Rules D-1, D-2.
public struct OpenAIChatInbound: InboundCodec {
  public let dialect = Dialect.openAI

  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let reader = try OpenAIChatReader(request.body)
    let encoder: any AnswerEncoder =
      reader.request.isStreaming
      ? OpenAIChatStreamEncoder(includesUsage: reader.includesUsage) : OpenAIChatEncoder()
    return DecodedCall(call: .chat(reader.request), encoder: encoder, original: try OpenAIPassableChat(reader))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    OpenAIFailure(failure).answer(requestID: requestID)
  }

  /// One chunk with a truthy `error`, which the official client raises; the stream ends without `[DONE]`. Rule F-4.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    var bytes: [UInt8] = []
    ServerSentEvent(data: OpenAIFailure(failure).body).write(to: &bytes)
    return bytes
  }
}
