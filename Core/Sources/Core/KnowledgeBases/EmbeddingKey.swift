/// Under which a vector that was paid for is kept: the model, its dimensions and the text. Rule KB-15: a key of a cache,
/// not a rule of uniqueness; any number of chunks may have it.
public struct EmbeddingKey: Hashable, Sendable {
  /// SHA-256.
  public let hash: [UInt8]

  /// A key as it was stored.
  public init(hash: [UInt8]) { self.hash = hash }

  public init(text: String, model: ModelVersionID, dimensions: Int, sha256: SHA256Function) {
    var bytes: [UInt8] = []
    // Lengths stand before what varies, so that no two different inputs write the same bytes.
    for part in [model.text, String(dimensions), text] {
      let utf8 = Array(part.utf8)
      bytes += (0..<8).map { UInt8(truncatingIfNeeded: utf8.count >> (56 - 8 * $0)) }
      bytes += utf8
    }
    hash = sha256(bytes)
  }
}
