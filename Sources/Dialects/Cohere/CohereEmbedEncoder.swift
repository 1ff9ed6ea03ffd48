import Core

/// Cohere's answer: `id`, `response_type`, `texts`, `embeddings`. Behind Bedrock, and so for the connector, the token
/// counts stand in the head, which is asked for once the vectors are known; Cohere's own clients read them in `meta`.
struct CohereEmbedEncoder: AnswerEncoder {
  private let texts: [Sensitive<String>]
  /// Number forms as asked for; empty gives a plain list of vectors.
  private let types: [String]
  /// Nil for the answer as it comes through Bedrock.
  private let version: CohereEmbedInbound.Version?
  private var id = ""
  private var answer: EmbedAnswer?

  init(texts: [Sensitive<String>], types: [String], version: CohereEmbedInbound.Version? = nil) {
    self.texts = texts
    self.types = types
    self.version = version
  }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    id = requestID.text
    var headers = [HTTPField("content-type", "application/json"), HTTPField("x-request-id", requestID.text)]
    if version == nil, let usage = answer?.usage {
      headers.append(
        HTTPField(BedrockInvokeCohereOutbound.inputTokenHeader, String(usage.shownInput.count)))
      headers.append(HTTPField(BedrockInvokeCohereOutbound.outputTokenHeader, String(usage.output.count)))
    }
    return AnswerHead(status: 200, headers: headers)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    if case .embedded(let answer) = event { self.answer = answer }
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    let vectors = answer?.vectors.reveal() ?? []
    var writer = JSONWriter(reserving: 256 + vectors.count * (vectors.first?.count ?? 0) * 12)
    writer.object { writer in
      writer.member("id", id)
      writer.member("response_type", types.isEmpty ? "embeddings_floats" : "embeddings_by_type")
      writer.array("texts") { for text in texts { $0.string(text.reveal()) } }
      writer.name("embeddings")
      if types.isEmpty {
        Self.write(vectors, to: &writer)
      } else {
        writer.object { forms in for type in types { write(type, vectors, to: &forms) } }
      }
      if let version { Self.write(usage, version, to: &writer) }
    }
    return writer.bytes
  }

  private func write(_ type: String, _ vectors: [[Float]], to writer: inout JSONWriter) {
    writer.name(type)
    switch type {
    case "float": Self.write(vectors, to: &writer)
    case CohereEmbedBody.base64Type:
      writer.array { list in for vector in vectors { list.base64(FloatVector.littleEndian(vector)) } }
    default: writer.raw(answer?.otherTypes[type]?.bytes.reveal() ?? Array("[]".utf8))
    }
  }

  private static func write(_ usage: TokenUsage, _ version: CohereEmbedInbound.Version, to writer: inout JSONWriter) {
    writer.object("meta") { meta in
      meta.object("api_version") { $0.member("version", version.rawValue) }
      meta.object("billed_units") { $0.member("input_tokens", usage.shownInput.count) }
    }
  }

  private static func write(_ vectors: [[Float]], to writer: inout JSONWriter) {
    writer.array { list in
      for vector in vectors { list.array { numbers in for number in vector { numbers.float(number) } } }
    }
  }
}
