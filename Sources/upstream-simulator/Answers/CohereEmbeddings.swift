import NIOCore

/// The answer to Cohere's `POST /v2/embed` and `/v1/embed`, and to Bedrock's InvokeModel with a body of theirs.
struct CohereEmbeddings {
  enum Service: Sendable {
    case bedrock, version1, version2
  }

  static let types = ["float", "int8", "uint8", "binary", "ubinary", "base64"]

  let plan: CallPlan
  let input: CohereInput
  let service: Service

  func answer() -> Answer {
    let dimensions = input.dimensions ?? SimulatedVector.defaultDimensions
    let vectors = input.fingerprints.map { SimulatedVector(fingerprint: $0, dimensions: dimensions) }
    var body = ByteBuffer()
    body.writeString("{\"id\":\"sim-\(plan.number)\",\"response_type\":\"")
    // The newer interface always answers by type.
    if let types = input.types ?? (service == .version2 ? ["float"] : nil) {
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
    body.writeImmutableBuffer(input.texts)
    if service != .bedrock { body.writeString(",\"meta\":" + meta) }
    body.writeStaticString("}")
    return Answer(headers: service == .bedrock && plan.reportsUsage ? BedrockHeaders.counts(plan) : [], body: body)
  }

  /// Texts are billed by their tokens, images by theirs beside the number of images.
  private var meta: String {
    let version = service == .version2 ? "2" : "1"
    var units: [String] = []
    if plan.reportsUsage {
      let imageTokens = input.images * Conversation.imageTokens
      units.append("\"input_tokens\":\(max(0, plan.tokens.wholeInput - imageTokens))")
      if input.images > 0 { units += ["\"images\":\(input.images)", "\"image_tokens\":\(imageTokens)"] }
    }
    let billed = units.isEmpty ? "" : ",\"billed_units\":{\(units.joined(separator: ","))}"
    return "{\"api_version\":{\"version\":\"\(version)\"}\(billed)}"
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
