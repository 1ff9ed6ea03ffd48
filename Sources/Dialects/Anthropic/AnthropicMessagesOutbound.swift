public import Core

/// Anthropic's own service, or another one that speaks its messages. Rules D-1, D-2, N-1.
///
/// The path is `/v1/messages`; a deployment's base address has no path, as Anthropic's clients have it.
public struct AnthropicMessagesOutbound: OutboundCodec {
  static let version = "2023-06-01"

  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider's chat service cannot embed texts.")
    }
    let body = try AnthropicWriter(chat).body(model: upstreamModel)
    return Self.request(body, isStreaming: chat.isStreaming, headers: [])
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard let original = original as? AnthropicPassableMessages, case .chat(let chat) = call else { return nil }
    let body = original.body(model: upstreamModel, maxTokens: chat.inference.maxTokens)
    return PassedCall(
      request: Self.request(body, isStreaming: chat.isStreaming, headers: original.headers), encoder: original.encoder)
  }

  /// `headers` are the caller's own; a version among them stands for ours.
  private static func request(_ body: [UInt8], isStreaming: Bool, headers: [HTTPField]) -> UpstreamRequest {
    let named = headers.value(of: "anthropic-version") == nil ? [HTTPField("anthropic-version", version)] : []
    return UpstreamRequest(
      path: "/v1/messages",
      headers: [
        HTTPField("content-type", "application/json"),
        HTTPField("accept", isStreaming ? "text/event-stream" : "application/json"),
      ] + named + headers, body: Sensitive(body))
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
