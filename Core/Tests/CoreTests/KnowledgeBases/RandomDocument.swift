import Core

/// Random documents as extraction gives them: prose with abbreviations and figures, tables, headings, scripts without
/// blanks, endless words, empty pages, and paragraphs that go on over a page.
struct RandomDocument {
  var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  private static let words = [
    "the", "pump", "is", "started", "by", "Dr.", "Meyer", "at", "3.14", "bar", "e.g.", "in", "Hamburg", "No.", "7",
    "and",
    "then", "checked", "z. B.", "U.S.", "Navy", "\u{201E}quoted\u{201C}", "na\u{EF}ve", "x", "1,000", "e\u{301}t\u{E9}",
    "\u{1F469}\u{200D}\u{1F680}", "\u{43D}\u{430}\u{441}\u{43E}\u{441}", "valve", "approx.", "five", "hours",
  ]

  mutating func document(pages: Int) -> ExtractedDocument {
    var all: [ExtractedPage] = []
    var begun: String?
    for _ in 0..<pages {
      var blocks: [ExtractedBlock] = []
      if let rest = begun { blocks.append(ExtractedBlock(.paragraph, rest)) }
      begun = nil
      if pick(0...12) > 0 {
        for _ in 0..<pick(1...6) { blocks += group() }
        if pick(0...3) == 0 {
          blocks.append(ExtractedBlock(.paragraph, "it begins here and goes"))
          begun = "on with " + prose(sentences: pick(0...8))
        }
      }
      all.append(ExtractedPage(blocks))
    }
    return ExtractedDocument(pages: all)
  }

  /// A paragraph, a heading with one, or a table.
  private mutating func group() -> [ExtractedBlock] {
    switch pick(0...9) {
    case 0: return [ExtractedBlock(.heading(level: pick(1...3)), "Chapter " + words(pick(1...4)))]
    case 1: return (0..<pick(1...12)).map { _ in ExtractedBlock(.tableRow, words(pick(2...9))) }
    case 2: return [ExtractedBlock(.paragraph, unspaced(pick(1...400)))]
    case 3 where pick(0...4) == 0:
      return [ExtractedBlock(.paragraph, String(repeating: one(["=", "ab", "e\u{301}"]), count: pick(100...4_000)))]
    case 4: return [ExtractedBlock(.paragraph, words(pick(1...700)))]
    default: return [ExtractedBlock(.paragraph, prose(sentences: pick(1...15)))]
    }
  }

  mutating func prose(sentences: Int) -> String {
    (0..<sentences).map { _ in
      "We " + words(pick(2...30)) + one([".", ".", ".", "!", "?", ".\u{201D}", "..."])
    }.joined(separator: one([" ", " ", "\n", "  "]))
  }

  private mutating func words(_ count: Int) -> String {
    (0..<count).map { _ in one(Self.words) }.joined(separator: " ")
  }

  private mutating func unspaced(_ count: Int) -> String {
    (0..<count).map { _ in one(["\u{6771}", "\u{4EAC}", "\u{306F}", "\u{732B}", "\u{3002}", "\u{3001}", "\u{FF01}"]) }
      .joined()
  }

  mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func one(_ all: [String]) -> String { all[pick(0...(all.count - 1))] }
}
