public import Core

/// OpenAI's embeddings as servers of many makers speak them. The path is `/embeddings` below a base that ends in `/v1`.
public struct OpenAIEmbeddingsOutbound: OutboundCodec {
  public init() {}

  public func request(for call: ModelCall, upstreamModel: String) throws(InvalidRequest) -> UpstreamRequest {
    guard case .embed(let embed) = call else {
      throw InvalidRequest("This provider's embeddings service cannot answer chats.")
    }
    if let other = embed.embeddingTypes.first(where: { $0 != "float" }) {
      throw InvalidRequest(
        "The provider of this model gives embeddings as float only, not as \(UpstreamStatus.shown(other) ?? "asked").",
        parameter: "embedding_types")
    }
    if let truncate = embed.truncate, truncate != "NONE" {
      throw InvalidRequest(
        "The provider of this model cannot cut texts that are too long; leave truncate out.", parameter: "truncate")
    }
    var writer = JSONWriter(reserving: 1_024)
    writer.object { writer in
      writer.member("model", upstreamModel)
      writer.array("input") { for text in embed.inputs { $0.string(text.reveal()) } }
      // Every server gives numbers; only some give Base64.
      writer.member("encoding_format", "float")
      if let dimensions = embed.dimensions { writer.member("dimensions", dimensions) }
    }
    return Self.request(writer.bytes)
  }

  public func passing(_ original: any PassableRequest, for call: ModelCall, upstreamModel: String) -> PassedCall? {
    guard let original = original as? OpenAIPassableEmbeddings, case .embed = call else { return nil }
    return PassedCall(request: Self.request(original.body(model: upstreamModel)), encoder: original.encoder)
  }

  private static func request(_ body: [UInt8]) -> UpstreamRequest {
    UpstreamRequest(
      path: "/embeddings",
      headers: [HTTPField("content-type", "application/json"), HTTPField("accept", "application/json")],
      body: Sensitive(body))
  }

  public func decoder(for call: ModelCall) -> any UpstreamDecoder {
    guard case .embed(let embed) = call else { return OpenAIEmbeddingsDecoder(inputs: 0) }
    return OpenAIEmbeddingsDecoder(inputs: embed.inputs.count)
  }

  public func failure(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    OpenAIUpstreamFailure.read(status: status, headers: headers, body: body)
  }
}

/// Reads a list of embeddings, which servers may give in any order.
struct OpenAIEmbeddingsDecoder: UpstreamDecoder {
  private let inputs: Int
  private var buffer = BodyBuffer()

  init(inputs: Int) { self.inputs = inputs }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    try buffer.append(bytes)
    return []
  }

  var isComplete: Bool { buffer.holdsObject }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let body = try buffer.object()
    if let error = body["error"] { throw OpenAIUpstreamFailure.inside(error) }
    guard let data = body["data"], data.kind == .array else { throw .missing("data") }
    var vectors = [[Float]?](repeating: nil, count: inputs)
    for (position, entry) in data.elements.enumerated() {
      let index = entry["index"]?.integer ?? Int64(position)
      guard let place = Int(exactly: index), vectors.indices.contains(place),
        let vector = entry["embedding"].flatMap({ FloatVector.vector($0) })
      else { throw .missing("an embedding that fits its input") }
      vectors[place] = vector
    }
    let whole = vectors.compactMap { $0 }
    guard whole.count == inputs else { throw .missing("an embedding for every input") }
    let usage = OpenAIUpstream.embeddingsUsage(body["usage"])
    return [.embedded(EmbedAnswer(vectors: Sensitive(whole), usage: usage))]
  }
}
