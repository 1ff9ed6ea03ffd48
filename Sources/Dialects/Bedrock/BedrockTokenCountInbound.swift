public import Core

/// Bedrock's question how many input tokens a call has: `POST /model/{modelId}/count-tokens`. Rules D-1, D-3.
///
/// The call stands in it as `converse`, or as the body that `invokeModel` would get, in Base64.
public struct BedrockTokenCountInbound: InboundTokenCountCodec {
  public init() {}

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> CountedCall {
    let input = try JSONDocument.request(request.body).requiredObject("input")
    let model = BedrockHead.model(request.parameters)
    switch (try input.optionalObject("converse"), try input.optionalObject("invokeModel")) {
    case (let converse?, nil):
      let reader = try ConverseReader(converse)
      // The question is written anew, so that the neutral call must say everything. Rule D-2.
      if let beyond = reader.beyondNeutral { throw beyond }
      var chat = reader.request
      chat.model = model
      return CountedCall(.chat(chat))
    case (nil, let invoke?):
      return try Self.invoked(Sensitive(try invoke.required("body").base64()), model: model)
    default:
      throw input.problem("must hold either converse or invokeModel")
    }
  }

  /// What an InvokeModel body asks: a message in Anthropic's words, or texts to embed in Cohere's.
  private static func invoked(_ bytes: Sensitive<[UInt8]>, model: String?) throws(InvalidRequest) -> CountedCall {
    let body = try JSONDocument.request(bytes)
    guard body["messages"] != nil else {
      var embed = try CohereEmbedBody.read(body).request
      embed.model = model
      return CountedCall(.embed(embed))
    }
    let reader = try AnthropicReader(body, isOnlyCounted: true)
    if let beyond = reader.beyondNeutral { throw beyond }
    var chat = reader.request
    chat.model = model
    return CountedCall(.chat(chat))
  }

  public func encode(_ count: InputCount, requestID: RequestID) -> WholeAnswer {
    var writer = JSONWriter()
    writer.object { $0.member("inputTokens", count.tokens.count) }
    let head = BedrockHead.head(contentType: "application/json", requestID: requestID, also: count.headers)
    return WholeAnswer(status: head.status, headers: head.headers, body: writer.bytes)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    BedrockFailure(failure).answer(requestID: requestID)
  }
}
