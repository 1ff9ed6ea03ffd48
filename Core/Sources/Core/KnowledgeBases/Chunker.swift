/// Cuts a document into chunks. Rule KB-14. The same document always gives the same chunks, and an edit changes only the
/// chunks of its section (KB-15).
public struct Chunker: Sendable {
  private let method: ChunkingMethod
  private let tokens: ChunkTokenLimit?

  /// `tokens` is what the embeddings model accepts; nil where nothing but characters bounds a chunk.
  public init(_ method: ChunkingMethod = .standard, tokens: ChunkTokenLimit? = nil) {
    self.method = method
    self.tokens = tokens
  }

  /// The document's chunks in order; none where it has no text. No chunk is longer than the method's size,
  /// ``KnowledgeLimits/chunkCharacters`` and the model's limit, and every character that is not blank is in one.
  public func drafts(of document: ExtractedDocument) throws(ChunkingRefusal) -> [ChunkDraft] {
    let problems = method.problems()
    guard problems.isEmpty else { throw .invalid(InvalidInput(problems)) }
    let layout = DocumentLayout(document)
    let cuts: [ChunkCut] =
      switch method {
      case .sentences(let size, let overlap):
        try packed(SectionFinder.sections(of: layout), layout, size: size, overlap: overlap)
      case .fixed(let size, let overlap): try fixed(layout, size: size, overlap: overlap)
      case .byPage: try byPage(layout)
      case .whole: try whole(layout)
      }
    let pages = PageFinder(layout)
    return cuts.enumerated().map { number, cut in
      ChunkDraft(
        text: layout.text(cut.range), number: number, pages: pages.pages(of: cut.range), span: cut.range,
        headings: cut.headings, tokens: cut.tokens)
    }
  }

  private func packed(
    _ sections: [ChunkSection], _ layout: DocumentLayout, size: Int, overlap: Int
  ) throws(ChunkingRefusal) -> [ChunkCut] {
    let cutter = PieceCutter(layout: layout, mostCharacters: size, tokens: tokens)
    var cuts: [ChunkCut] = []
    for section in sections {
      let packer = try SectionPacker(section, cutter: cutter, overlap: overlap)
      cuts += packer.cuts(after: cuts.last?.range.lowerBound ?? -1)
    }
    return cuts
  }

  private func fixed(_ layout: DocumentLayout, size: Int, overlap: Int) throws(ChunkingRefusal) -> [ChunkCut] {
    let cutter = PieceCutter(layout: layout, mostCharacters: size, tokens: tokens)
    var cuts: [ChunkCut] = []
    for page in layout.pageRanges {
      var (start, end) = (page.lowerBound, page.lowerBound)
      while !layout.trimmed(end..<page.upperBound).isEmpty,
        var part = try cutter.parts(of: start..<page.upperBound, most: 1).first
      {
        // The overlap is given up where the model's limit leaves no room for anything new beside it.
        if part.range.upperBound <= end, let next = try cutter.parts(of: end..<page.upperBound, most: 1).first {
          part = next
        }
        cuts.append(ChunkCut(range: part.range, headings: [], tokens: part.tokens))
        end = part.range.upperBound
        // The overlap begins with a word.
        let wanted = max(part.range.lowerBound + 1, end - overlap)
        start = (wanted..<end).first { layout.scalars[$0 - 1].isBlank && !layout.scalars[$0].isBlank } ?? end
      }
    }
    return cuts
  }

  private func byPage(_ layout: DocumentLayout) throws(ChunkingRefusal) -> [ChunkCut] {
    let size = KnowledgeLimits.chunkCharacters
    let cutter = PieceCutter(layout: layout, mostCharacters: size, tokens: tokens)
    var cuts: [ChunkCut] = []
    for page in layout.pageRanges {
      let parts = try cutter.parts(of: page, most: 2)
      if parts.count == 1 {
        cuts.append(ChunkCut(range: parts[0].range, headings: [], tokens: parts[0].tokens))
        continue
      }
      var section = ChunkSection()
      section.units = layout.blocks.filter { page.contains($0.range.lowerBound) }.map {
        .init(sentences: SentenceBorders.sentences(in: layout.scalars, $0.range), isHeading: false)
      }
      cuts += try SectionPacker(section, cutter: cutter, overlap: 0).cuts()
    }
    return cuts
  }

  private func whole(_ layout: DocumentLayout) throws(ChunkingRefusal) -> [ChunkCut] {
    let range = layout.scalars.indices
    guard !range.isEmpty else { return [] }
    guard range.count <= KnowledgeLimits.chunkCharacters else {
      throw .tooLongForOneChunk(characters: range.count, tokens: nil, mostTokens: nil)
    }
    let count = tokens?.count(layout.text)
    if let tokens, let count, count > tokens.most {
      throw .tooLongForOneChunk(characters: range.count, tokens: count, mostTokens: tokens.most)
    }
    return [ChunkCut(range: range, headings: [], tokens: count)]
  }
}

/// Where a chunk lies.
struct ChunkCut {
  let range: Range<Int>
  let headings: [String]
  let tokens: Int?
}

/// Tells pages by characters.
private struct PageFinder {
  private let starts: [(start: Int, page: Int)]

  init(_ layout: DocumentLayout) { starts = layout.blocks.map { ($0.range.lowerBound, $0.page) } }

  func pages(of range: Range<Int>) -> ClosedRange<Int> {
    page(of: range.lowerBound)...page(of: range.upperBound - 1)
  }

  /// The page of the last block that begins at or before a character.
  private func page(of character: Int) -> Int {
    var (low, high) = (0, starts.count)
    while low < high {
      let middle = (low + high) / 2
      if starts[middle].start <= character { low = middle + 1 } else { high = middle }
    }
    return starts[max(0, low - 1)].page
  }
}

extension DocumentLayout {
  /// The text of each page that has any, from its first block to its last.
  fileprivate var pageRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    var page = 0
    for block in blocks {
      if block.page == page, let last = ranges.popLast() {
        ranges.append(last.lowerBound..<block.range.upperBound)
      } else {
        ranges.append(block.range)
      }
      page = block.page
    }
    return ranges
  }
}
