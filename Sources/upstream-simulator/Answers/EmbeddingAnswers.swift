import NIOCore

/// The answer to `POST /v1/embeddings`.
struct OpenAIEmbeddings {
  let plan: CallPlan
  let facts: RequestFacts

  func answer() -> Answer {
    var body = ByteBuffer()
    body.writeStaticString("{\"object\":\"list\",\"data\":[")
    for (index, fingerprint) in facts.inputs.enumerated() {
      body.writeString((index == 0 ? "" : ",") + "{\"object\":\"embedding\",\"index\":\(index),\"embedding\":")
      let dimensions = facts.dimensions ?? SimulatedVector.defaultDimensions
      let vector = SimulatedVector(fingerprint: fingerprint, dimensions: dimensions)
      if facts.encodingFormat == "base64" {
        vector.writeBase64(into: &body)
      } else {
        vector.writeFloats(into: &body)
      }
      body.writeStaticString("}")
    }
    body.writeStaticString("],\"model\":")
    body.writeJSONString(plan.model)
    if plan.reportsUsage {
      let tokens = plan.inputTokens + plan.cacheReadTokens + plan.cacheWriteTokens
      body.writeString(",\"usage\":{\"prompt_tokens\":\(tokens),\"total_tokens\":\(tokens)}")
    }
    body.writeStaticString("}")
    return Answer(body: body)
  }
}

/// The answer to `POST /model/{modelId}/invoke` with a Cohere embed body.
struct CohereEmbeddings {
  static let types = ["float", "int8", "uint8", "binary", "ubinary", "base64"]

  let plan: CallPlan
  let facts: RequestFacts
  /// The request's texts as they stood there, to be repeated.
  let texts: ByteBuffer

  func answer() -> Answer {
    let dimensions = facts.dimensions ?? SimulatedVector.defaultDimensions
    let vectors = facts.inputs.map { SimulatedVector(fingerprint: $0, dimensions: dimensions) }
    var body = ByteBuffer()
    body.writeString("{\"id\":\"sim-\(plan.number)\",\"response_type\":\"")
    if let types = facts.embeddingTypes {
      body.writeStaticString("embeddings_by_type\",\"embeddings\":{")
      for (index, type) in types.enumerated() {
        body.writeString((index == 0 ? "" : ",") + "\"\(type)\":")
        write(vectors, as: type, into: &body)
      }
      body.writeStaticString("}")
    } else {
      body.writeStaticString("embeddings_floats\",\"embeddings\":")
      write(vectors, as: "float", into: &body)
    }
    body.writeStaticString(",\"texts\":")
    body.writeImmutableBuffer(texts)
    body.writeStaticString("}")
    return Answer(headers: headers, body: body)
  }

  private var headers: [(name: String, value: String)] {
    guard plan.reportsUsage else { return [] }
    return [
      ("x-amzn-bedrock-input-token-count", String(plan.inputTokens)),
      ("x-amzn-bedrock-output-token-count", "0"),
      ("x-amzn-bedrock-invocation-latency", String(plan.settings.latency)),
    ]
  }

  private func write(_ vectors: [SimulatedVector], as type: String, into body: inout ByteBuffer) {
    body.writeStaticString("[")
    for (index, vector) in vectors.enumerated() {
      if index > 0 { body.writeStaticString(",") }
      switch type {
      case "int8": vector.writeWhole(signed: true, into: &body)
      case "uint8": vector.writeWhole(signed: false, into: &body)
      case "binary": vector.writeBits(signed: true, into: &body)
      case "ubinary": vector.writeBits(signed: false, into: &body)
      case "base64": vector.writeBase64(into: &body)
      default: vector.writeFloats(into: &body)
      }
    }
    body.writeStaticString("]")
  }
}
