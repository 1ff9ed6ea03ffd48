public import Core

/// Bedrock's Converse and ConverseStream as a provider speaks them. Rules D-1, D-2, N-1.
public struct BedrockConverseOutbound: OutboundCodec {
  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .chat(let chat) = call else {
      throw InvalidRequest("This provider's chat service cannot embed texts.")
    }
    let body = try ConverseWriter(chat).body()
    let action = chat.isStreaming ? "converse-stream" : "converse"
    let accept = chat.isStreaming ? EventStreamFrame.contentType : "application/json"
    return UpstreamRequest(
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
