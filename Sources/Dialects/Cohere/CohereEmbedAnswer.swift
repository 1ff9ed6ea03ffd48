import Core

/// Cohere's answer to an embed call: `embeddings` is a list of vectors, or an object of lists by number form.
struct CohereEmbedAnswer {
  let vectors: Sensitive<[[Float]]>
  let otherTypes: [String: RawJSON]
  /// `meta.billed_units.input_tokens`.
  let billedTokens: Int64?

  /// `types` are the number forms that were asked for; one that is missing would reach the caller as no vector at all.
  init(_ body: JSONNode, inputs: Int, types: [String]) throws(UpstreamFailure) {
    guard let embeddings = body["embeddings"] else { throw .missing("embeddings") }
    billedTokens = ReportedTokens.count(body["meta"]?["billed_units"]?["input_tokens"])
    var others: [String: RawJSON] = [:]
    var floats: JSONNode?
    if embeddings.kind == .array {
      floats = embeddings
    } else {
      // float32 in Base64 is what a caller asked for whose request passed through.
      floats = embeddings["float"] ?? embeddings[CohereEmbedBody.base64Type]
      for type in CohereEmbedBody.types where type != "float" {
        guard let values = embeddings[type] else { continue }
        guard values.kind == .array, values.count == inputs else { throw .missing("an embedding for every input") }
        others[type] = RawJSON(Array(values.raw))
      }
    }
    otherTypes = others
    for type in types where type == "float" ? floats == nil : others[type] == nil {
      throw .missing("embeddings of every kind that was asked for")
    }
    guard let floats else {
      guard !others.isEmpty else { throw .missing("embeddings of a known kind") }
      vectors = Sensitive([])
      return
    }
    guard let numbers = FloatVector.vectors(floats), numbers.count == inputs else {
      throw .missing("an embedding for every input")
    }
    vectors = Sensitive(numbers)
  }
}
