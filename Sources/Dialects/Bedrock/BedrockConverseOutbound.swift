public import Core

/// Bedrock's Converse and ConverseStream as a provider speaks them. Rules D-1, D-2, N-1.
///
/// A call of InvokeModel with Claude's words passes through to Claude too, and is answered in them.
public struct BedrockConverseOutbound: OutboundCodec {
  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider's chat service cannot embed texts.")
    }
    let body = try ConverseWriter(chat).body()
    return Self.converse(upstreamModel, body, isStreaming: chat.isStreaming)
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard case .chat(let chat) = call else { return nil }
    let maxTokens = chat.inference.maxTokens
    switch original {
    case let converse as BedrockPassableConverse:
      let body = converse.body(maxTokens: maxTokens)
      return PassedCall(
        request: Self.converse(upstreamModel, body, isStreaming: converse.isStreaming), encoder: converse.encoder)
    case let message as BedrockPassableMessage:
      guard BedrockMaker(of: upstreamModel) == .anthropic else { return nil }
      let action = message.isStreaming ? "invoke-with-response-stream" : "invoke"
      return PassedCall(
        request: Self.request(upstreamModel, action, message.body(maxTokens: maxTokens), accept: "application/json"),
        encoder: message.encoder, decoder: message.decoder(for: call))
    default: return nil
    }
  }

  private static func converse(_ upstreamModel: String, _ body: [UInt8], isStreaming: Bool) -> UpstreamRequest {
    request(
      upstreamModel, isStreaming ? "converse-stream" : "converse", body,
      accept: isStreaming ? EventStreamFrame.contentType : "application/json")
  }

  private static func request(
    _ upstreamModel: String, _ action: String, _ body: [UInt8], accept: String
  ) -> UpstreamRequest {
    UpstreamRequest(
      path: "/model/\(PercentEncoding.segment(upstreamModel))/\(action)",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", accept)], body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    let answersByTool = AnswerTool.isWanted(by: call)
    return call.isStreaming
      ? ConverseStreamDecoder(answersByTool: answersByTool) : ConverseDecoder(answersByTool: answersByTool)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    BedrockUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}
