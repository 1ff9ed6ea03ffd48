public import Core

/// Anthropic's question how many input tokens a message has: `POST /v1/messages/count_tokens`. Rules D-1, D-3.
public struct AnthropicTokenCountInbound: InboundTokenCountCodec {
  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> CountedCall {
    let reader = try AnthropicReader(request.body, isOnlyCounted: true)
    return CountedCall(
      .chat(reader.request), original: try AnthropicPassableMessages(reader, headers: request.headers))
  }

  public func encode(_ count: InputCount, requestID: RequestID) -> WholeAnswer {
    let head = AnthropicAnswer.head(contentType: "application/json", requestID: requestID)
    var writer = JSONWriter()
    writer.object { $0.member("input_tokens", count.tokens.count) }
    return WholeAnswer(status: head.status, headers: head.headers + count.headers, body: writer.bytes)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    AnthropicFailure(failure).answer(requestID: requestID)
  }
}
