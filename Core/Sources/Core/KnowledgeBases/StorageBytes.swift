/// What a knowledge base takes of its storage, by what it holds. Rule KB-5.
///
/// Counted by rule and not measured, so that a store can keep the sum as it goes, a recount gives the same figure to the
/// byte, and every engine counts alike.
public struct StorageBytes: Hashable, Sendable, AdditiveArithmetic {
  /// Files as they were uploaded.
  public var original: Int64
  /// Chunks' texts in UTF-8, and the extracted text where it is kept.
  public var text: Int64
  /// Four bytes for each number of each vector.
  public var vectors: Int64
  /// Names and values of pairs, and the names that chunks and documents have.
  public var metadata: Int64
  /// What makes them found: see ``index(dimensions:distinctTerms:pairs:)``.
  public var index: Int64

  public init(original: Int64 = 0, text: Int64 = 0, vectors: Int64 = 0, metadata: Int64 = 0, index: Int64 = 0) {
    self.original = original
    self.text = text
    self.vectors = vectors
    self.metadata = metadata
    self.index = index
  }

  public static let zero = StorageBytes()

  /// What counts against ``KnowledgeLimits/storageBytes``.
  public var total: Int64 { original + text + vectors + metadata + index }

  /// Bytes of a chunk's row beside its content.
  public static let bytesPerRow: Int64 = 64
  /// Bytes of one place in the lists of a term or of a metadata value.
  public static let bytesPerPosting: Int64 = 4

  /// What one chunk takes. `distinctTerms` is how many different terms ``Terms`` finds in its text.
  public static func chunk(_ chunk: Chunk, dimensions: Int, distinctTerms: Int) -> StorageBytes {
    let names = [chunk.id.text, chunk.humanReadableID, chunk.mxObjectID, chunk.mxEntity].compactMap { $0?.utf8.count }
    return StorageBytes(
      text: Int64(chunk.text.utf8.count), vectors: 4 * Int64(dimensions),
      metadata: Int64(chunk.metadata.metadataBytes + names.reduce(0, +)),
      index: index(dimensions: dimensions, distinctTerms: distinctTerms, pairs: chunk.metadata.count))
  }

  /// What one document takes beside its chunks. `extractedText` is nil where the text is not kept.
  public static func document(
    original: Int64, extractedText: String?, identity: DocumentIdentity, metadata: [MetadataPair] = []
  ) -> StorageBytes {
    StorageBytes(
      original: original, text: Int64(extractedText?.utf8.count ?? 0),
      metadata: Int64(identity.key.utf8.count + metadata.metadataBytes), index: bytesPerRow)
  }

  /// One bit for each number of the vector and eight bytes of correction (KB-7), a posting for each term and each pair,
  /// and the row.
  public static func index(dimensions: Int, distinctTerms: Int, pairs: Int) -> Int64 {
    Int64((dimensions + 7) / 8 + 8) + bytesPerPosting * Int64(distinctTerms + pairs) + bytesPerRow
  }

  public static func + (a: Self, b: Self) -> Self {
    StorageBytes(
      original: a.original + b.original, text: a.text + b.text, vectors: a.vectors + b.vectors,
      metadata: a.metadata + b.metadata, index: a.index + b.index)
  }

  public static func - (a: Self, b: Self) -> Self {
    StorageBytes(
      original: a.original - b.original, text: a.text - b.text, vectors: a.vectors - b.vectors,
      metadata: a.metadata - b.metadata, index: a.index - b.index)
  }
}
