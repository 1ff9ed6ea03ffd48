/// A file or text that was added to a collection.
public enum DocumentEntity {}
public typealias DocumentID = Identifier<DocumentEntity>
public typealias ChunkID = Identifier<Chunk>

/// A piece of text with its meaning: what retrieval finds.
public struct Chunk: Hashable, Sendable {
  public let id: ChunkID
  /// At most 10,000 characters. Rule KB-5.
  public let text: String
  public let metadata: [MetadataPair]
  public let humanReadableID: String?
  /// The object of the calling application that the chunk represents, and its entity.
  public let mxObjectID: String?
  public let mxEntity: String?
  /// Nil where the chunk was inserted by itself.
  public let source: ChunkSource?

  public init(
    id: ChunkID, text: String, metadata: [MetadataPair] = [], humanReadableID: String? = nil,
    mxObjectID: String? = nil, mxEntity: String? = nil, source: ChunkSource? = nil
  ) {
    self.id = id
    self.text = text
    self.metadata = metadata
    self.humanReadableID = humanReadableID
    self.mxObjectID = mxObjectID
    self.mxEntity = mxEntity
    self.source = source
  }
}

/// Where in a document a chunk stands. Rule KB-14.
public struct ChunkSource: Hashable, Sendable {
  public let document: DocumentID
  /// Counted from zero, in the order of the document.
  public let number: Int
  /// First and last page, counted from one.
  public let pages: ClosedRange<Int>
  /// Characters of the document's extracted text.
  public let span: Range<Int>

  public init(document: DocumentID, number: Int, pages: ClosedRange<Int>, span: Range<Int>) {
    self.document = document
    self.number = number
    self.pages = pages
    self.span = span
  }
}
