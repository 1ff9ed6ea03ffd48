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
    return UpstreamRequest(
      path: "/model/\(PercentEncoding.segment(upstreamModel))/invoke",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
      body: Sensitive(CohereEmbedBody.write(embed)))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    guard case .embed(let embed) = call else { return CohereInvokeDecoder(inputs: 0) }
    return CohereInvokeDecoder(inputs: embed.inputs.count)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    BedrockUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}

/// Reads vectors from the body and the token count from the head.
struct CohereInvokeDecoder: UpstreamDecoder {
  private let inputs: Int
  private var inputTokens: Int64?
  private var buffer = BodyBuffer()

  init(inputs: Int) { self.inputs = inputs }

  mutating func head(status: Int, headers: [HTTPField]) {
    inputTokens = headers.value(of: BedrockInvokeCohereOutbound.inputTokenHeader).flatMap { Int64($0) }
  }

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    try buffer.append(bytes)
    return []
  }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let answer = try CohereEmbedAnswer(try buffer.object(), inputs: inputs)
    let tokens = inputTokens ?? answer.billedTokens
    return [
      .embedded(
        EmbedAnswer(
          vectors: answer.vectors, otherTypes: answer.otherTypes,
          usage: tokens.map { TokenUsage(input: TokenCount(max(0, $0))) }))
    ]
  }
}
