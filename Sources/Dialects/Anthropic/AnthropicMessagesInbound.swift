public import Core

/// Anthropic's messages as applications speak them. Rules D-1, D-2.
public struct AnthropicMessagesInbound: InboundCodec {
  public let dialect = Dialect.anthropic

  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    let reader = try AnthropicReader(request.body)
    let encoder: any AnswerEncoder =
      reader.request.isStreaming ? AnthropicStreamEncoder() : AnthropicEncoder()
    return DecodedCall(
      call: .chat(reader.request), encoder: encoder,
      original: try AnthropicPassableMessages(reader, headers: request.headers))
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    AnthropicFailure(failure).answer(requestID: requestID)
  }

  /// The event `error`, which the official client raises. Rule F-4.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    var bytes: [UInt8] = []
    ServerSentEvent(name: "error", data: AnthropicFailure(failure).body(requestID: requestID)).write(to: &bytes)
    return bytes
  }
}
