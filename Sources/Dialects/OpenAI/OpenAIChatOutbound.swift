public import Core

/// OpenAI's chat completions as servers of many makers speak them. Rules D-1, D-2, N-1.
///
/// The path is `/chat/completions`; a deployment's base address ends in `/v1` as OpenAI clients have it.
public struct OpenAIChatOutbound: OutboundCodec {
  /// What the server calls the most output tokens.
  public enum MaxTokensName: String, Sendable {
    /// Understood nearly everywhere.
    case maxTokens = "max_tokens"
    /// Required by OpenAI's own reasoning models.
    case maxCompletionTokens = "max_completion_tokens"
  }

  private let maxTokensName: MaxTokensName

  public init(maxTokensName: MaxTokensName = .maxTokens) { self.maxTokensName = maxTokensName }

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider's chat service cannot embed texts.")
    }
    let body = try OpenAIChatWriter(chat, maxTokensName: maxTokensName.rawValue).body(model: upstreamModel)
    return Self.request(body, isStreaming: chat.isStreaming)
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard let original = original as? OpenAIPassableChat, case .chat(let chat) = call else { return nil }
    let body = original.body(
      model: upstreamModel, maxTokens: chat.inference.maxTokens, usualMaxTokensName: maxTokensName.rawValue)
    return PassedCall(request: Self.request(body, isStreaming: chat.isStreaming), encoder: original.encoder)
  }

  private static func request(_ body: [UInt8], isStreaming: Bool) -> UpstreamRequest {
    let accept = isStreaming ? "text/event-stream" : "application/json"
    return UpstreamRequest(
      path: "/chat/completions",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", accept)], body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    call.isStreaming ? OpenAIChatStreamDecoder() : OpenAIChatDecoder()
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    OpenAIUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}
