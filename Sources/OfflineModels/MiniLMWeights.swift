/// The weights of all-MiniLM-L6-v2, shapes checked. Matrices are stored as the file has them: one row an output.
struct MiniLMWeights: Sendable {
  /// Dimensions of an embedding.
  static let dimensions = 384
  static let layers = 6
  static let heads = 12
  static let headDimensions = dimensions / heads
  /// Width of the layer between.
  static let inner = 1_536
  /// Positions that the model was trained with; inputs are held to ``MiniLM/maximumTokens``.
  static let positions = 512

  /// A matrix and what is added to its product.
  struct Linear: Sendable {
    let weight: Tensor
    let bias: Tensor
  }

  /// One layer of the encoder.
  struct Layer: Sendable {
    let query: Linear
    let key: Linear
    let value: Linear
    let attentionOutput: Linear
    let attentionNorm: Linear
    let intermediate: Linear
    let output: Linear
    let outputNorm: Linear
  }

  let words: Tensor
  let positions: Tensor
  let types: Tensor
  let embeddingsNorm: Linear
  let layers: [Layer]

  /// Finds every tensor in `file`; `vocabulary` is the number of word pieces. Throws where one is missing or of
  /// another shape.
  init(file: Safetensors, vocabulary: Int) throws(OfflineModelsError) {
    let width = Self.dimensions
    words = try file.tensor("embeddings.word_embeddings.weight", shape: [vocabulary, width])
    positions = try file.tensor("embeddings.position_embeddings.weight", shape: [Self.positions, width])
    types = try file.tensor("embeddings.token_type_embeddings.weight", shape: [2, width])
    embeddingsNorm = try Self.linear(file, "embeddings.LayerNorm", [width])
    var layers: [Layer] = []
    for number in 0..<Self.layers {
      let name = "encoder.layer.\(number)"
      layers.append(
        Layer(
          query: try Self.linear(file, "\(name).attention.self.query", [width, width]),
          key: try Self.linear(file, "\(name).attention.self.key", [width, width]),
          value: try Self.linear(file, "\(name).attention.self.value", [width, width]),
          attentionOutput: try Self.linear(file, "\(name).attention.output.dense", [width, width]),
          attentionNorm: try Self.linear(file, "\(name).attention.output.LayerNorm", [width]),
          intermediate: try Self.linear(file, "\(name).intermediate.dense", [Self.inner, width]),
          output: try Self.linear(file, "\(name).output.dense", [width, Self.inner]),
          outputNorm: try Self.linear(file, "\(name).output.LayerNorm", [width])))
    }
    self.layers = layers
  }

  private static func linear(
    _ file: Safetensors, _ name: String, _ shape: [Int]
  ) throws(OfflineModelsError) -> Linear {
    Linear(
      weight: try file.tensor("\(name).weight", shape: shape),
      bias: try file.tensor("\(name).bias", shape: [shape[0]]))
  }
}
