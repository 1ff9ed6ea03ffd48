/// A run of text that chunks are cut from by itself, so that an edit changes no chunk beyond it: a page from its first
/// new paragraph on, or from a heading to the next. Rules KB-14, KB-15.
struct ChunkSection {
  /// A block, or a part of it.
  struct Unit {
    /// Sentences of a paragraph; a row or a heading as one.
    let sentences: [Range<Int>]
    let isHeading: Bool
  }

  var units: [Unit] = []
  /// Sentences before the section that may begin its first chunk again, because their paragraph goes on in it.
  var leadIn: [Range<Int>] = []
  var headings: [String] = []

  var isEmpty: Bool { units.isEmpty }
  var hasText: Bool { units.contains { !$0.isHeading } }
}

/// Finds a document's sections.
struct SectionFinder {
  /// Most characters of the next page by which the last sentence of a page is finished.
  static let mostCarried = 750
  /// Most characters of a heading in the trail that chunks tell.
  static let mostHeadingCharacters = 200

  private let layout: DocumentLayout
  private var sections: [ChunkSection] = []
  private var current = ChunkSection()
  private var trail: [(level: Int, text: String)] = []

  private init(_ layout: DocumentLayout) { self.layout = layout }

  static func sections(of layout: DocumentLayout) -> [ChunkSection] {
    var finder = SectionFinder(layout)
    finder.walk()
    return finder.sections
  }

  private mutating func walk() {
    var page = 0
    /// Up to where the page before has taken the first block, to finish its sentence.
    var taken = 0
    for (index, block) in layout.blocks.enumerated() {
      if block.page != page {
        let leadIn = taken > block.range.lowerBound ? current.units.last?.sentences ?? [] : []
        close()
        current.leadIn = leadIn
        page = block.page
      }
      if case .heading(let level) = block.kind {
        if current.hasText { close() }
        enter(level, block.range)
        current.units.append(.init(sentences: [block.range], isHeading: true))
        continue
      }
      var sentences =
        block.kind == .paragraph
        ? SentenceBorders.sentences(in: layout.scalars, max(taken, block.range.lowerBound)..<block.range.upperBound)
        : [block.range]
      if block.goesOn { taken = finish(&sentences, on: layout.blocks[index + 1]) }
      if sentences.isEmpty {
        // All of the paragraph was taken: what follows is another one.
        current.leadIn = []
      } else {
        current.units.append(.init(sentences: sentences, isHeading: false))
      }
    }
    close()
  }

  /// Draws the last sentence on to its end on the next page; up to where that page's first block is taken by it.
  private func finish(_ sentences: inout [Range<Int>], on next: DocumentLayout.Block) -> Int {
    guard let last = sentences.last else { return 0 }
    let reach = min(next.range.upperBound, next.range.lowerBound + Self.mostCarried)
    guard let whole = SentenceBorders.sentences(in: layout.scalars, last.lowerBound..<reach).first,
      whole.upperBound > next.range.lowerBound,
      // Where nothing ends the sentence within reach, the page's end does.
      reach == next.range.upperBound || whole.upperBound < layout.trimmed(last.lowerBound..<reach).upperBound
    else { return 0 }
    sentences[sentences.count - 1] = whole
    return whole.upperBound
  }

  private mutating func enter(_ level: Int, _ range: Range<Int>) {
    trail.removeAll { $0.level >= level }
    let shown = range.lowerBound..<min(range.upperBound, range.lowerBound + Self.mostHeadingCharacters)
    trail.append((level, layout.text(shown)))
    current.headings = trail.map(\.text)
  }

  private mutating func close() {
    if !current.isEmpty { sections.append(current) }
    current = ChunkSection()
    current.headings = trail.map(\.text)
  }
}
