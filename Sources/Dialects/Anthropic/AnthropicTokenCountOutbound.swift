public import Core

/// The counter of Anthropic's service: `POST /v1/messages/count_tokens`. Rules D-1, D-4.
public struct AnthropicTokenCountOutbound: TokenCountCodec {
  private static let path = "/v1/messages/count_tokens"

  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider counts the tokens of chats only.")
    }
    return Self.request(try AnthropicWriter(chat).countBody(model: upstreamModel), headers: [])
  }

  public func passing(_ original: any PassableRequest, upstreamModel: String) -> UpstreamRequest? {
    guard let messages = original as? AnthropicPassableMessages else { return nil }
    return Self.request(messages.body(model: upstreamModel, maxTokens: nil), headers: messages.headers)
  }

  /// `headers` are the caller's own; a version among them stands for ours.
  private static func request(_ body: [UInt8], headers: [HTTPField]) -> UpstreamRequest {
    let version = AnthropicMessagesOutbound.version
    let named = headers.value(of: "anthropic-version") == nil ? [HTTPField("anthropic-version", version)] : []
    return UpstreamRequest(
      path: path,
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")] + named
        + headers, body: Sensitive(body))
  }

  public func count(in body: [UInt8]) throws(UpstreamFailure) -> TokenCount {
    try UpstreamCount.read("input_tokens", in: body)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    AnthropicUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}
