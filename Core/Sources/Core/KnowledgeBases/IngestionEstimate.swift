/// What an upload will take, told before anything is embedded. Rule KB-17.
public struct IngestionEstimate: Hashable, Sendable {
  public let chunks: Int
  /// Chunks whose vector is there already, or comes with that of an equal text of the upload; they cost no tokens.
  public let chunksWithoutCost: Int
  public let tokens: TokenCount
  public let bytes: StorageBytes
  /// What is given back when the document that the upload replaces goes.
  public let freed: StorageBytes

  public init(chunks: Int, chunksWithoutCost: Int, tokens: TokenCount, bytes: StorageBytes, freed: StorageBytes = .zero)
  {
    self.chunks = chunks
    self.chunksWithoutCost = chunksWithoutCost
    self.tokens = tokens
    self.bytes = bytes
    self.freed = freed
  }

  /// One chunk of the upload, as much of it as an estimate needs.
  public struct EstimatedChunk: Hashable, Sendable {
    public let key: EmbeddingKey
    public let tokens: TokenCount
    public let bytes: StorageBytes

    public init(key: EmbeddingKey, tokens: TokenCount, bytes: StorageBytes) {
      self.key = key
      self.tokens = tokens
      self.bytes = bytes
    }
  }

  /// Adds up an upload. `cached` are the keys whose vectors are stored, `document` the bytes of
  /// ``StorageBytes/document(original:extractedText:identity:metadata:)``, `freed` those of the document that is replaced.
  public init(
    of chunks: [EstimatedChunk], cached: Set<EmbeddingKey>, document: StorageBytes, freed: StorageBytes = .zero
  ) {
    var paid = cached
    var tokens = TokenCount.zero
    var withoutCost = 0
    for chunk in chunks {
      if paid.insert(chunk.key).inserted { tokens = tokens + chunk.tokens } else { withoutCost += 1 }
    }
    self.init(
      chunks: chunks.count, chunksWithoutCost: withoutCost, tokens: tokens,
      bytes: chunks.reduce(document) { $0 + $1.bytes }, freed: freed)
  }

  /// Everything that keeps the upload from fitting; empty where it fits.
  ///
  /// `tokensLeft` is what the embeddings resource's allowance still permits, nil where nothing bounds it; `refill` when
  /// it is whole again; `used` what the knowledge base takes now.
  public func refusals(
    tokensLeft: TokenCount?, refill: Instant?, used: StorageBytes, storage: Int64 = KnowledgeLimits.storageBytes
  ) -> [IngestionRefusal] {
    var refusals: [IngestionRefusal] = []
    if let tokensLeft, tokens > tokensLeft {
      refusals.append(.allowance(needed: tokens, left: max(.zero, tokensLeft), refill: refill))
    }
    let left = storage - used.total
    let growth = bytes.total - freed.total
    // What makes the knowledge base no larger is let in also where it is over its limit.
    if growth > 0, growth > left { refusals.append(.storage(needed: growth, left: max(0, left), of: storage)) }
    return refusals
  }
}

/// Why an upload does not fit. Rule KB-17.
public enum IngestionRefusal: Hashable, Sendable {
  case allowance(needed: TokenCount, left: TokenCount, refill: Instant?)
  /// Bytes.
  case storage(needed: Int64, left: Int64, of: Int64)

  /// One sentence with the figures and what to do.
  public var sentence: String {
    switch self {
    case .allowance(let needed, let left, let refill):
      """
      Embedding takes about \(UnitsFormat.grouped(needed.count)) tokens, but the embeddings resource has \
      \(UnitsFormat.grouped(left.count)) left\(refill.map { " until its refill on \(CompanyZone.utc.day(of: $0))" } ?? ""); \
      upload less, wait, or raise its capacity.
      """
    case .storage(let needed, let left, let of):
      """
      The upload takes \(UnitsFormat.grouped(needed)) bytes, but \(UnitsFormat.grouped(left)) of the knowledge base's \
      \(UnitsFormat.grouped(of)) bytes are left; delete documents or upload less.
      """
    }
  }
}
