public import Core

/// Cohere's embeddings models behind Bedrock's InvokeModel. Rules D-1, N-1.
public struct BedrockInvokeCohereOutbound: OutboundCodec {
  static let inputTokenHeader = "x-amzn-bedrock-input-token-count"
  static let outputTokenHeader = "x-amzn-bedrock-output-token-count"

  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .embed(let embed) = call else {
      throw InvalidRequest("This provider's embeddings service cannot answer chats.")
    }
    return Self.request(upstreamModel, CohereEmbedBody.write(embed))
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard let original = original as? BedrockPassableEmbed, case .embed = call,
      BedrockMaker(of: upstreamModel) == .cohere
    else { return nil }
    return PassedCall(request: Self.request(upstreamModel, original.bytes), encoder: original.encoder)
  }

  private static func request(_ upstreamModel: String, _ body: [UInt8]) -> UpstreamRequest {
    UpstreamRequest(
      path: "/model/\(PercentEncoding.segment(upstreamModel))/invoke",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
      body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    guard case .embed(let embed) = call else { return CohereEmbedDecoder(EmbedRequest(inputs: [])) }
    return CohereEmbedDecoder(embed)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    BedrockUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}
