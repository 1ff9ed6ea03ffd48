/// The encoder all-MiniLM-L6-v2: token ids in, vectors of length 1 out (BERT with 6 layers, mean over all tokens).
///
/// Texts of one pass are laid one after another without padding, so that a text's vector does not depend on its
/// neighbours' lengths; only attention looks at each text apart. Buffers are made once. One thread at a time.
final class MiniLM {
  /// `max_seq_length` of the reference package, `[CLS]` and `[SEP]` included.
  static let maximumTokens = 256
  /// Tokens of one pass; bounds the buffers and how long one pass keeps others waiting.
  static let maximumTokensOfPass = maximumTokens

  private let weights: MiniLMWeights
  private let hidden: Buffer
  private let query: Buffer
  private let key: Buffer
  private let value: Buffer
  private let context: Buffer
  private let inner: Buffer
  private let scores: Buffer

  init(weights: MiniLMWeights) {
    LinearAlgebra.prepare()
    self.weights = weights
    let size = Self.maximumTokensOfPass * MiniLMWeights.dimensions
    hidden = Buffer(size)
    query = Buffer(size)
    key = Buffer(size)
    value = Buffer(size)
    context = Buffer(size)
    inner = Buffer(Self.maximumTokensOfPass * MiniLMWeights.inner)
    scores = Buffer(Self.maximumTokens * Self.maximumTokens)
  }

  /// Splits texts of these lengths, in order, into passes that each fit ``maximumTokensOfPass``.
  static func passes(lengths: some Sequence<Int>) -> [Range<Int>] {
    var passes: [Range<Int>] = []
    var start = 0
    var end = 0
    var tokens = 0
    for length in lengths {
      if tokens + length > maximumTokensOfPass && end > start {
        passes.append(start..<end)
        start = end
        tokens = 0
      }
      tokens += length
      end += 1
    }
    if end > start { passes.append(start..<end) }
    return passes
  }

  /// One vector for each text of one pass. Token ids are the tokenizer's, markers included; a text has 1 to
  /// ``maximumTokens`` of them, all together at most ``maximumTokensOfPass``.
  func embed(_ texts: ArraySlice<[Int32]>) -> [[Float]] {
    let rows = texts.reduce(0) { $0 + $1.count }
    precondition(rows <= Self.maximumTokensOfPass, "one pass holds at most \(Self.maximumTokensOfPass) tokens")
    precondition(texts.allSatisfy { !$0.isEmpty && $0.count <= Self.maximumTokens }, "texts fit the model")
    guard rows > 0 else { return [] }
    look(up: texts)
    for layer in weights.layers {
      attend(layer, texts: texts, rows: rows)
      feedForward(layer, rows: rows)
    }
    return pool(texts)
  }
}

// MARK: - Steps

extension MiniLM {
  private func look(up texts: ArraySlice<[Int32]>) {
    let width = MiniLMWeights.dimensions
    let words = weights.words.floats
    let positions = weights.positions.floats
    let type = weights.types.floats
    var row = hidden.floats
    var rows = 0
    for text in texts {
      for (position, id) in text.enumerated() {
        Kernels.sum(width, words + Int(id) * width, positions + position * width, type, into: row)
        row += width
        rows += 1
      }
    }
    normalize(weights.embeddingsNorm, rows: rows, from: hidden, into: hidden)
  }

  private func attend(_ layer: MiniLMWeights.Layer, texts: ArraySlice<[Int32]>, rows: Int) {
    let width = MiniLMWeights.dimensions
    project(layer.query, rows: rows, from: hidden, into: query)
    project(layer.key, rows: rows, from: hidden, into: key)
    project(layer.value, rows: rows, from: hidden, into: value)
    var first = 0
    for text in texts {
      for head in 0..<MiniLMWeights.heads {
        let offset = first * width + head * MiniLMWeights.headDimensions
        attend(length: text.count, offset: offset)
      }
      first += text.count
    }
    // The residual lies in `hidden`: the product is added to it.
    Kernels.addBias(rows, width, layer.attentionOutput.bias.floats, to: hidden.floats)
    multiply(layer.attentionOutput, rows: rows, from: context, keep: 1, into: hidden)
    normalize(layer.attentionNorm, rows: rows, from: hidden, into: hidden)
  }

  /// Attention of one head within one text whose first value of that head lies at `offset`.
  private func attend(length: Int, offset: Int) {
    let width = MiniLMWeights.dimensions
    let headWidth = MiniLMWeights.headDimensions
    LinearAlgebra.multiplyTransposed(
      rows: length, columns: length, inner: headWidth, scale: 1 / Float(headWidth).squareRoot(),
      query.floats + offset, stride: width, key.floats + offset, stride: width, keep: 0, scores.floats,
      stride: length)
    Kernels.softmax(rows: length, columns: length, scores.floats)
    LinearAlgebra.multiply(
      rows: length, columns: headWidth, inner: length, scores.floats, stride: length, value.floats + offset,
      stride: width, context.floats + offset, stride: width)
  }

  private func feedForward(_ layer: MiniLMWeights.Layer, rows: Int) {
    project(layer.intermediate, rows: rows, from: hidden, into: inner)
    Kernels.gelu(rows * MiniLMWeights.inner, inner.floats)
    Kernels.addBias(rows, MiniLMWeights.dimensions, layer.output.bias.floats, to: hidden.floats)
    multiply(layer.output, rows: rows, from: inner, keep: 1, into: hidden)
    normalize(layer.outputNorm, rows: rows, from: hidden, into: hidden)
  }

  private func pool(_ texts: ArraySlice<[Int32]>) -> [[Float]] {
    let width = MiniLMWeights.dimensions
    var row = UnsafePointer(hidden.floats)
    return texts.map { text in
      var vector = [Float](repeating: 0, count: width)
      vector.withUnsafeMutableBufferPointer { buffer in
        guard let sum = buffer.baseAddress else { return }
        for _ in text {
          LinearAlgebra.add(width, 1, row, to: sum)
          row += width
        }
        // The mean's divisor cancels out against the norm.
        let norm = LinearAlgebra.dot(width, sum, sum).squareRoot()
        LinearAlgebra.scale(width, 1 / max(norm, Self.smallestNorm), sum)
      }
      return vector
    }
  }

  private static let smallestNorm: Float = 1e-12

  private func project(_ linear: MiniLMWeights.Linear, rows: Int, from: Buffer, into: Buffer) {
    Kernels.fill(rows, linear.bias.shape[0], linear.bias.floats, into: into.floats)
    multiply(linear, rows: rows, from: from, keep: 1, into: into)
  }

  private func multiply(_ linear: MiniLMWeights.Linear, rows: Int, from: Buffer, keep: Float, into: Buffer) {
    let (outputs, inputs) = (linear.weight.shape[0], linear.weight.shape[1])
    LinearAlgebra.multiplyTransposed(
      rows: rows, columns: outputs, inner: inputs, from.floats, stride: inputs, linear.weight.floats, stride: inputs,
      keep: keep, into.floats, stride: outputs)
  }

  private func normalize(_ norm: MiniLMWeights.Linear, rows: Int, from: Buffer, into: Buffer) {
    Kernels.layerNorm(
      rows: rows, columns: MiniLMWeights.dimensions, from.floats, weight: norm.weight.floats, bias: norm.bias.floats,
      into: into.floats)
  }
}

/// Floats that are written over again and again.
private final class Buffer {
  let floats: UnsafeMutablePointer<Float>

  init(_ count: Int) {
    floats = .allocate(capacity: count)
    floats.initialize(repeating: 0, count: count)
  }

  deinit { floats.deallocate() }
}
