public import Core

/// Anthropic's own service, or another one that speaks its messages. Rules D-1, D-2, N-1.
///
/// The path is `/v1/messages`; a deployment's base address has no path, as Anthropic's clients have it.
public struct AnthropicMessagesOutbound: OutboundCodec {
  private static let version = "2023-06-01"

  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider's chat service cannot embed texts.")
    }
    let body = try AnthropicWriter(chat).body(model: upstreamModel)
    return UpstreamRequest(
      path: "/v1/messages",
      headers: [
        HTTPField("content-type", "application/json"), HTTPField("anthropic-version", Self.version),
        HTTPField("accept", chat.isStreaming ? "text/event-stream" : "application/json"),
      ], body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    let answersByTool = AnswerTool.isWanted(by: call)
    return call.isStreaming
      ? AnthropicStreamDecoder(answersByTool: answersByTool) : AnthropicDecoder(answersByTool: answersByTool)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    AnthropicUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}
