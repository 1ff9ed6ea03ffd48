/// A document's text as one run of characters, with the place of every block in it.
struct DocumentLayout {
  struct Block {
    let kind: ExtractedBlock.Kind
    let range: Range<Int>
    /// Counted from one.
    let page: Int
    /// Whether this paragraph goes on with the first block of the next page.
    let goesOn: Bool
  }

  private(set) var scalars: [Unicode.Scalar] = []
  /// In the order of the text; a page without text has none.
  private(set) var blocks: [Block] = []

  init(_ document: ExtractedDocument) {
    let all = document.pages.enumerated().flatMap { number, page in page.blocks.map { (page: number + 1, block: $0) } }
    for (index, (page, block)) in all.enumerated() {
      let start = scalars.count
      scalars.append(contentsOf: block.text.unicodeScalars)
      let next = index + 1 < all.count ? all[index + 1] : nil
      // An empty page in between ends every paragraph.
      let goesOn = next.map { $0.page == page + 1 && Self.goesOn(block, $0.block) } ?? false
      blocks.append(Block(kind: block.kind, range: start..<scalars.count, page: page, goesOn: goesOn))
      if let next {
        let isTable = block.kind == .tableRow && next.block.kind == .tableRow && next.page == page
        scalars.append(contentsOf: goesOn || isTable ? ["\n"] : ["\n", "\n"])
      }
    }
  }

  var text: String { text(scalars.indices) }

  func text(_ range: Range<Int>) -> String {
    String(String.UnicodeScalarView(scalars[range]))
  }

  /// The range without blanks at its ends; empty where nothing else is in it.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, scalars[start].isBlank { start += 1 }
    while end > start, scalars[end - 1].isBlank { end -= 1 }
    return start..<end
  }

  /// A paragraph goes on over a page where it stops in mid-sentence and the next page begins in one: with a letter that
  /// is not a capital.
  private static func goesOn(_ last: ExtractedBlock, _ first: ExtractedBlock) -> Bool {
    guard last.kind == .paragraph, first.kind == .paragraph, let end = last.text.unicodeScalars.last,
      let start = first.text.unicodeScalars.first
    else { return false }
    switch start.properties.generalCategory {
    case .lowercaseLetter, .otherLetter:
      return end.properties.isAlphabetic || ",;-\u{2013}".unicodeScalars.contains(end)
    default: return false
    }
  }
}

extension Unicode.Scalar {
  var isBlank: Bool { value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }
  var isASCIIDigit: Bool { (0x30...0x39).contains(value) }
}
