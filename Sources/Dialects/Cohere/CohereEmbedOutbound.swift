public import Core

/// Cohere's own embeddings service: `POST /v2/embed`, or the version that the caller spoke. Rules D-1, N-1.
public struct CohereEmbedOutbound: OutboundCodec {
  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .embed(let embed) = call else {
      throw InvalidRequest("This provider's embeddings service cannot answer chats.")
    }
    return Self.request("/v2/embed", CohereEmbedBody.write(embed, model: upstreamModel))
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard let original = original as? CoherePassableEmbed, case .embed = call else { return nil }
    return PassedCall(
      request: Self.request(original.path, original.body(model: upstreamModel)), encoder: original.encoder)
  }

  private static func request(_ path: String, _ body: [UInt8]) -> UpstreamRequest {
    UpstreamRequest(
      path: path,
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
      body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    guard case .embed(let embed) = call else { return CohereEmbedDecoder(EmbedRequest(inputs: [])) }
    return CohereEmbedDecoder(embed)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    CohereUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}

/// Reads Cohere's errors: the status says what kind, `{"message"}` only what it is about.
enum CohereUpstreamFailure {
  static func read(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    let message = (try? JSONDocument(body).root)?["message"]?.string
    return UpstreamStatus.failure(
      kind(status), status: status, code: nil, words: message, retryAfter: UpstreamStatus.retryAfter(headers))
  }

  private static func kind(_ status: Int) -> UpstreamFailure.Kind {
    switch status {
    // Cohere's own: a key that is not valid, and a request that was given up before it was answered.
    case 498: .misconfigured
    case 499: .timeout
    default: UpstreamStatus.kind(status)
    }
  }
}
