public import Core

/// Bedrock's InvokeModel as applications speak it: `POST /model/{modelId}/invoke`, and `/invoke-with-response-stream`
/// with frames of an event stream. Rules D-1, D-2.
///
/// The body is that of the model's maker: Claude's messages for chat, Cohere's embed body for vectors. Its own members
/// tell which.
public struct BedrockInvokeInbound: InboundCodec {
  public let dialect = Dialect.bedrock
  static let version = "bedrock-2023-05-31"
  private static let embedMembers = ["texts", "images", "inputs"]

  private let isStreaming: Bool
  private let clock: WallClock?

  /// The path says whether the answer is streamed. `clock` tells the answer's latency.
  public init(isStreaming: Bool = false, clock: WallClock? = nil) {
    self.isStreaming = isStreaming
    self.clock = clock
  }

  public func decode(_ request: InboundRequest) throws(InvalidRequest) -> DecodedCall {
    try ConverseMembers.check(request.headers)
    let body = try JSONDocument.request(request.body)
    let model = BedrockHead.model(request.parameters)
    if body["messages"] != nil { return try message(body, model: model) }
    guard Self.embedMembers.contains(where: { body[$0] != nil }) else {
      throw InvalidRequest(
        "The body must be that of a Claude model, with messages, or that of a Cohere embeddings model, with texts.")
    }
    return try embed(body, model: model)
  }

  public func encode(_ failure: GatewayFailure, requestID: RequestID) -> WholeAnswer {
    BedrockFailure(failure).answer(requestID: requestID)
  }

  /// An exception frame. Rule F-4.
  public func encodeMidStream(_ failure: GatewayFailure, requestID: RequestID) -> [UInt8] {
    BedrockStreamFailure.bytes(failure, knowsTimeout: true)
  }

  // MARK: Bodies

  private func message(_ body: JSONNode, model: String?) throws(InvalidRequest) -> DecodedCall {
    if let version = body["anthropic_version"], !version.isString(Self.version) {
      throw version.problem("must be \"\(Self.version)\"")
    }
    let reader = try AnthropicReader(body)
    let original = BedrockPassableMessage(reader, isStreaming: isStreaming, clock: clock)
    if original == nil, let beyond = reader.beyondNeutral { throw beyond }
    var chat = reader.request
    guard isStreaming || !chat.isStreaming else {
      throw body.problem("stream", "cannot be true here; call invoke-with-response-stream for a streamed answer")
    }
    chat.model = model
    chat.isStreaming = isStreaming
    let encoder: any AnswerEncoder =
      isStreaming
      ? BedrockInvokeStreamEncoder(clock: clock) : BedrockInvokeEncoder(AnthropicEncoder(), clock: clock)
    return DecodedCall(call: .chat(chat), encoder: encoder, original: original)
  }

  private func embed(_ body: JSONNode, model: String?) throws(InvalidRequest) -> DecodedCall {
    guard !isStreaming else {
      throw InvalidRequest("Embeddings cannot be streamed; call invoke with this body.")
    }
    var (embed, types) = try CohereEmbedBody.read(body)
    embed.model = model
    let encoder = CohereEmbedEncoder(texts: embed.inputs, types: types)
    return DecodedCall(
      call: .embed(embed), encoder: BedrockInvokeEncoder(encoder, clock: clock),
      original: try BedrockPassableEmbed(body, clock: clock))
  }
}
