import Core

/// Cohere's embed request as its own clients and the connector send it, and as its own service and Bedrock's InvokeModel
/// take it. Rules D-2, D-4.
enum CohereEmbedBody {
  /// Number forms in the neutral call's words.
  static let types = ["float", "int8", "uint8", "binary", "ubinary"]
  /// float32 in Base64: the same numbers in another spelling.
  static let base64Type = "base64"
  private static let inputTypes = ["search_query", "search_document", "classification", "clustering"]
  /// What a text is embedded for where the caller's dialect has no words for it.
  private static let usualInputType = "search_document"
  /// Most texts that are read from one request; the model's own limit is checked after.
  private static let mostTexts = 4_096
  private static let dimensionRange: ClosedRange<Int64> = 1...65_536

  // MARK: Reading

  static func read(_ body: JSONNode) throws(InvalidRequest) -> (request: EmbedRequest, types: [String]) {
    if let images = body["images"], images.kind != .array || images.count > 0 {
      throw images.problem("is not supported; send texts")
    }
    if let most = body["max_tokens"] {
      throw most.problem("is not supported; leave it out, and use truncate for texts that are too long")
    }
    let types = try Self.types(body)
    var neutral: [String] = []
    for type in types.map({ $0 == base64Type ? "float" : $0 }) where !neutral.contains(type) { neutral.append(type) }
    let request = EmbedRequest(
      inputs: try texts(body), inputType: try word(body, "input_type", among: inputTypes),
      truncate: try truncation(body), dimensions: try body.optionalInt("output_dimension", in: dimensionRange),
      embeddingTypes: neutral)
    return (request, types)
  }

  /// `texts`, or `inputs` of one text each.
  private static func texts(_ body: JSONNode) throws(InvalidRequest) -> [Sensitive<String>] {
    let inputs = try body.optionalArray("inputs")
    if let inputs, inputs.count > 0, try body.optionalArray("texts")?.count ?? 0 > 0 {
      throw inputs.problem("cannot stand beside texts; send one of them")
    }
    let fromInputs = inputs.flatMap { $0.count > 0 ? $0 : nil }
    let list = if let fromInputs { fromInputs } else { try body.requiredArray("texts") }
    var texts: [Sensitive<String>] = []
    for element in list.elements {
      guard texts.count < mostTexts else { throw list.problem("may hold at most \(mostTexts) texts") }
      texts.append(Sensitive(fromInputs == nil ? try element.text() : try text(ofInput: element)))
    }
    guard !texts.isEmpty else { throw list.problem("must hold at least one text") }
    return texts
  }

  /// An input may mix texts and images; only one that is a single text has a vector of text alone. Rule D-2.
  private static func text(ofInput input: JSONNode) throws(InvalidRequest) -> String {
    let content = try input.object().requiredArray("content")
    var only: String?
    for part in content.elements {
      guard try part.object().requiredText("type") == "text" else {
        throw part.problem("type", "must be \"text\"; images are not supported")
      }
      only = try part.requiredText("text")
    }
    guard content.count == 1, let only else { throw content.problem("must hold exactly one text") }
    return only
  }

  private static func types(_ body: JSONNode) throws(InvalidRequest) -> [String] {
    guard let list = try body.optionalArray("embedding_types") else { return [] }
    var types: [String] = []
    for element in list.elements {
      let type = try element.text()
      guard Self.types.contains(type) || type == base64Type else {
        throw element.problem("must be one of \((Self.types + [base64Type]).joined(separator: ", "))")
      }
      if !types.contains(type) { types.append(type) }
    }
    return types
  }

  /// Newer models say LEFT and RIGHT for START and END.
  private static func truncation(_ body: JSONNode) throws(InvalidRequest) -> String? {
    switch try word(body, "truncate", among: ["NONE", "START", "END", "LEFT", "RIGHT"]) {
    case "LEFT": "START"
    case "RIGHT": "END"
    case let other: other
    }
  }

  private static func word(
    _ body: JSONNode, _ name: String, among words: [String]
  ) throws(InvalidRequest) -> String? {
    guard let node = body[name] else { return nil }
    let text = try node.text()
    guard words.contains(text) else { throw node.problem("must be one of \(words.joined(separator: ", "))") }
    return text
  }

  // MARK: Writing

  /// `model` where the path does not name it. Cohere's own service answers with the number forms that it is asked for,
  /// by name; behind Bedrock a plain list of vectors comes where none is named.
  static func write(_ embed: EmbedRequest, model: String? = nil) -> [UInt8] {
    let types = embed.embeddingTypes.isEmpty && model != nil ? ["float"] : embed.embeddingTypes
    var writer = JSONWriter(reserving: 1_024)
    writer.object { writer in
      if let model { writer.member("model", model) }
      writer.array("texts") { for text in embed.inputs { $0.string(text.reveal()) } }
      writer.member("input_type", embed.inputType ?? usualInputType)
      if let truncate = embed.truncate { writer.member("truncate", truncate) }
      if !types.isEmpty { writer.array("embedding_types") { for type in types { $0.string(type) } } }
      if let dimensions = embed.dimensions { writer.member("output_dimension", dimensions) }
    }
    return writer.bytes
  }
}
