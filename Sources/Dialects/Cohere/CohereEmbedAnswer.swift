import Core

/// Cohere's answer to an embed call: `embeddings` is a list of vectors, or an object of lists by number form.
struct CohereEmbedAnswer {
  let vectors: Sensitive<[[Float]]>
  let otherTypes: [String: RawJSON]
  /// `meta.billed_units.input_tokens`.
  let billedTokens: Int64?

  init(_ body: JSONNode, inputs: Int) throws(UpstreamFailure) {
    guard let embeddings = body["embeddings"] else { throw .missing("embeddings") }
    billedTokens = body["meta"]?["billed_units"]?["input_tokens"]?.integer
    var others: [String: RawJSON] = [:]
    var floats: JSONNode?
    if embeddings.kind == .array {
      floats = embeddings
    } else {
      floats = embeddings["float"]
      for type in CohereEmbedBody.types where type != "float" {
        guard let values = embeddings[type] else { continue }
        guard values.kind == .array, values.count == inputs else { throw .missing("an embedding for every input") }
        others[type] = RawJSON(Array(values.raw))
      }
    }
    otherTypes = others
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
