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
      let tokens = plan.tokens.wholeInput
      body.writeString(",\"usage\":{\"prompt_tokens\":\(tokens),\"total_tokens\":\(tokens)}")
    }
    body.writeStaticString("}")
    return Answer(body: body)
  }
}
