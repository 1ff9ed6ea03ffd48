/// How a document is cut into chunks. Rule KB-14. Sizes are characters (Unicode scalars).
public enum ChunkingMethod: Hashable, Sendable {
  /// Paragraphs, then sentences, up to a size; the last sentences of a chunk begin the next one.
  case sentences(size: Int, overlap: Int)
  /// Pieces of one size, cut between words, on each page anew.
  case fixed(size: Int, overlap: Int)
  /// A chunk a page; a page that is longer than a chunk may be is cut between sentences.
  case byPage
  /// The whole document is one chunk.
  case whole

  /// What is used where nobody says.
  public static let standard = ChunkingMethod.sentences(size: 1_500, overlap: 150)
  public static let sizes = 100...KnowledgeLimits.chunkCharacters

  /// Everything that is wrong with the method's figures.
  public func problems(field: String = "chunking") -> [FieldProblem] {
    switch self {
    case .byPage, .whole: return []
    case .sentences(let size, let overlap), .fixed(let size, let overlap):
      var problems: [FieldProblem] = []
      if !Self.sizes.contains(size) {
        problems.append(
          FieldProblem(
            "\(field).size", "A chunk has \(Self.sizes.lowerBound) to \(Self.sizes.upperBound) characters, not \(size)."
          ))
      }
      if overlap < 0 || overlap > size / 2 {
        problems.append(
          FieldProblem("\(field).overlap", "Chunks overlap by 0 characters to half of their size, not by \(overlap)."))
      }
      return problems
    }
  }
}

/// What the embeddings model accepts of one text. Rule KB-14.
public struct ChunkTokenLimit: Sendable {
  public let most: Int
  /// How many tokens a text has, with those that the model adds around it.
  public let count: @Sendable (String) -> Int

  public init(most: Int, count: @escaping @Sendable (String) -> Int) {
    self.most = most
    self.count = count
  }
}

/// A chunk of a document before it has an id and a vector.
public struct ChunkDraft: Hashable, Sendable {
  /// Exactly the characters of `span` in ``ExtractedDocument/text``.
  public let text: String
  /// Counted from zero.
  public let number: Int
  /// First and last page, counted from one.
  public let pages: ClosedRange<Int>
  /// Characters of the document's text.
  public let span: Range<Int>
  /// The headings that the chunk stands under, highest first.
  public let headings: [String]
  /// Counted where there was a limit to keep.
  public let tokens: Int?
}

/// Why a document cannot be cut as was asked.
public enum ChunkingRefusal: Error, Hashable, Sendable {
  case invalid(InvalidInput)
  /// Chunking is off and the document is longer than one chunk may be; tokens are told where their limit is in the way.
  case tooLongForOneChunk(characters: Int, tokens: Int?, mostTokens: Int?)
  /// The model accepts fewer tokens than a single character has.
  case modelTooSmall(mostTokens: Int)

  /// One sentence for who uploaded the document.
  public var sentence: String {
    switch self {
    case .invalid(let input): input.problems.map(\.message).joined(separator: " ")
    case .tooLongForOneChunk(let characters, let tokens, let most):
      if let tokens, let most {
        """
        The document has \(UnitsFormat.grouped(Int64(tokens))) tokens, but the embeddings model accepts \
        \(UnitsFormat.grouped(Int64(most))) at once; turn chunking on.
        """
      } else {
        """
        The document has \(UnitsFormat.grouped(Int64(characters))) characters, but one chunk has at most \
        \(UnitsFormat.grouped(Int64(KnowledgeLimits.chunkCharacters))); turn chunking on.
        """
      }
    case .modelTooSmall(let most):
      "The embeddings model accepts only \(most) tokens at once, too few for any text; choose another model."
    }
  }
}
