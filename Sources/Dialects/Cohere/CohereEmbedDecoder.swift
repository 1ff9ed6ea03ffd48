import Core

/// Reads vectors from the body, and the token count from the head where Bedrock puts it, or else from the body.
struct CohereEmbedDecoder: UpstreamDecoder {
  private let inputs: Int
  private let types: [String]
  private var inputTokens: Int64?
  private var buffer = BodyBuffer()

  init(_ embed: EmbedRequest) {
    inputs = embed.inputs.count
    types = embed.embeddingTypes
  }

  mutating func head(status: Int, headers: [HTTPField]) {
    inputTokens = ReportedTokens.count(headers.value(of: BedrockInvokeCohereOutbound.inputTokenHeader))
  }

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    try buffer.append(bytes)
    return []
  }

  var isComplete: Bool { buffer.holdsObject }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let answer = try CohereEmbedAnswer(try buffer.object(), inputs: inputs, types: types)
    let tokens = [inputTokens, answer.billedTokens].compactMap { $0 }.first { $0 > 0 }
    return [
      .embedded(
        EmbedAnswer(
          vectors: answer.vectors, otherTypes: answer.otherTypes,
          usage: tokens.map { TokenUsage(input: TokenCount($0)) }))
    ]
  }
}
