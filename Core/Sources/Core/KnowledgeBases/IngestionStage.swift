/// How far a document is on its way into a collection. Rule KB-12.
public enum IngestionStage: Hashable, Sendable {
  /// The file is stored; the job waits for its turn.
  case received
  case extracting
  case chunking
  case embedding
  /// The document can be found.
  case indexed
  /// The embeddings resource is exhausted, and goes on by itself at its refill; nil where it is suspended and nobody
  /// knows until when.
  case waitingForAllowance(refill: Instant?)
  case failed(IngestionFailure)
  case cancelled

  /// Whether nothing happens any more, unless somebody asks for it.
  public var isEnd: Bool {
    switch self {
    case .indexed, .failed, .cancelled: true
    case .received, .extracting, .chunking, .embedding, .waitingForAllowance: false
    }
  }

  /// Whether somebody is waiting for work that is being done.
  public var isWorking: Bool {
    switch self {
    case .extracting, .chunking, .embedding: true
    case .received, .waitingForAllowance, .indexed, .failed, .cancelled: false
    }
  }
}

/// Why a job failed.
public struct IngestionFailure: Error, Hashable, Sendable {
  /// One sentence in plain words, with how to mend it.
  public let reason: String
  /// Whether the same may go well a minute later: the model did not answer, the disk was busy.
  public let isPassing: Bool

  public init(_ reason: String, isPassing: Bool) {
    self.reason = reason
    self.isPassing = isPassing
  }
}

/// What people see of a running job. Rule KB-12.
public struct IngestionProgress: Hashable, Sendable {
  public internal(set) var pagesRead: Int
  /// Nil until they are counted.
  public internal(set) var pages: Int?
  /// Nil until the document is cut.
  public internal(set) var chunks: Int?
  /// Chunks without a vector.
  public internal(set) var chunksMissing: Int

  public init(pagesRead: Int = 0, pages: Int? = nil, chunks: Int? = nil, chunksMissing: Int = 0) {
    self.pagesRead = pagesRead
    self.pages = pages
    self.chunks = chunks
    self.chunksMissing = chunksMissing
  }

  public var chunksEmbedded: Int { max(0, (chunks ?? 0) - chunksMissing) }
}

/// What is stored of a document's ingestion, whoever did it and when: all that a retry or a new start needs to know.
public struct StoredWork: Hashable, Sendable {
  /// Nil where the text is not extracted.
  public let pages: Int?
  /// Nil where the chunks are not cut.
  public let chunks: Int?
  /// Chunks whose vector is not stored.
  public let chunksMissing: Int
  /// Whether the document of this job can be found.
  public let isPublished: Bool

  public init(pages: Int?, chunks: Int?, chunksMissing: Int, isPublished: Bool) {
    self.pages = pages
    self.chunks = chunks
    self.chunksMissing = chunksMissing
    self.isPublished = isPublished
  }
}
