import Core

/// What the embeddings model takes: refusals are sentences that name the text and the limit. Rules D-2, F-3.
struct EmbedInput: Sendable {
  /// Texts of one call, as many as the embeddings models of the catalog take.
  static let maximumTexts = 96
  /// Far more than the longest text that fits the model; keeps counting cheap.
  static let maximumTextBytes = 65_536

  private static let model = OfflineModels.embeddingsModel.text

  let tokenizer: WordPieceTokenizer

  /// Token ids of every text, markers included. Throws where the request asks for something else than this model does.
  func tokens(of request: EmbedRequest) throws(InvalidRequest) -> [[Int32]] {
    try checkOptions(request)
    var tokens: [[Int32]] = []
    for (index, text) in request.inputs.enumerated() {
      let parameter = "inputs[\(index)]"
      let text = text.reveal()
      guard text.utf8.count <= Self.maximumTextBytes else {
        throw InvalidRequest(
          "\(parameter) has \(text.utf8.count) bytes; \(Self.model) takes at most \(Self.maximumTextBytes) a text. "
            + "Split it: it is never cut.", parameter: parameter)
      }
      let ids = tokenizer.encode(text)
      guard ids.count <= MiniLM.maximumTokens else {
        throw InvalidRequest(
          "\(parameter) has \(ids.count) tokens; \(Self.model) takes at most \(MiniLM.maximumTokens) a text, its two "
            + "marker tokens included. Split it: it is never cut.", parameter: parameter)
      }
      tokens.append(ids)
    }
    return tokens
  }

  private func checkOptions(_ request: EmbedRequest) throws(InvalidRequest) {
    guard !request.inputs.isEmpty else {
      throw InvalidRequest("inputs is empty; give 1 to \(Self.maximumTexts) texts.", parameter: "inputs")
    }
    guard request.inputs.count <= Self.maximumTexts else {
      throw InvalidRequest(
        "inputs has \(request.inputs.count) texts; \(Self.model) takes at most \(Self.maximumTexts) a call.",
        parameter: "inputs")
    }
    if let dimensions = request.dimensions, dimensions != MiniLMWeights.dimensions {
      throw InvalidRequest(
        "dimensions is \(dimensions); \(Self.model) gives \(MiniLMWeights.dimensions) and no other number.",
        parameter: "dimensions")
    }
    if let other = request.embeddingTypes.first(where: { $0 != "float" }) {
      throw InvalidRequest(
        "\(Self.model) gives embeddings of the type float only; \(Self.quoted(other)) was asked for.",
        parameter: "embeddingTypes")
    }
  }

  /// Only known names are repeated: whatever else stands there could be content.
  private static func quoted(_ type: String) -> String {
    ["int8", "uint8", "binary", "ubinary", "base64"].contains(type) ? type : "another type"
  }
}
