/// Where sentences end. Made for cutting text into chunks: a border that is missed makes a chunk longer, a wrong one
/// cuts a sentence, so in doubt there is none.
enum SentenceBorders {
  /// The sentences of a range without the blanks around them, in order. Everything that is not blank is in one.
  static func sentences(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = range.lowerBound
    while true {
      while start < range.upperBound, scalars[start].isBlank { start += 1 }
      guard start < range.upperBound else { return found }
      let end = sentenceEnd(in: scalars, start..<range.upperBound)
      found.append(start..<end)
      start = end
    }
  }

  /// Where the sentence ends that the range begins with; the end of the range, without blanks, where nothing ends it.
  private static func sentenceEnd(in scalars: [Unicode.Scalar], _ range: Range<Int>) -> Int {
    var index = range.lowerBound
    while index < range.upperBound {
      guard let terminator = Terminator(scalars[index]) else {
        index += 1
        continue
      }
      let mark = index
      index += 1
      while index < range.upperBound, Terminator(scalars[index]) != nil || closers.contains(scalars[index]) {
        index += 1
      }
      if index == range.upperBound { return index }
      if terminator == .wide {
        // A full-width point is a decimal point as well.
        if scalars[mark] == "\u{FF0E}", scalars[index].properties.generalCategory == .decimalNumber { continue }
        return index
      }
      if scalars[index].isBlank, isBorder(in: scalars, mark: mark, after: index, range) { return index }
    }
    var end = range.upperBound
    while scalars[end - 1].isBlank { end -= 1 }
    return end
  }

  /// Whether a sentence ends with the mark at `mark`, which a blank follows at `after`.
  private static func isBorder(in scalars: [Unicode.Scalar], mark: Int, after: Int, _ range: Range<Int>) -> Bool {
    guard let next = scalars[after..<range.upperBound].first(where: { !$0.isBlank }) else { return true }
    // "approx. five", "'Really?' he asked"
    if next.properties.generalCategory == .lowercaseLetter { return false }
    guard scalars[mark] == "." else { return true }
    let word = word(in: scalars, endingAt: mark, from: range.lowerBound)
    guard let first = word.first else { return true }
    // "1. First", "a. First": the number of a paragraph.
    let beginsSentence = word.startIndex == range.lowerBound
    if beginsSentence, word.count <= 4, word.allSatisfy({ $0.isASCIIDigit || $0 == "." }) { return false }
    // "J. Smith", "U.S. Navy", "z. B. Hamburg"
    if word.count == 1, first.properties.isAlphabetic { return false }
    let text = String(String.UnicodeScalarView(word)).lowercased()
    return !abbreviations.contains(text) && !isInitials(word)
  }

  /// The letters, digits and inner points right before a mark.
  private static func word(in scalars: [Unicode.Scalar], endingAt end: Int, from lowest: Int) -> ArraySlice<
    Unicode.Scalar
  > {
    var start = end
    while start > lowest, end - start < 24, isPartOfWord(scalars[start - 1]) { start -= 1 }
    return scalars[start..<end]
  }

  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "." || scalar.isASCIIDigit || scalar.properties.isAlphabetic
  }

  /// "U.S", "e.g", "z.B": single letters with points between them.
  private static func isInitials(_ word: ArraySlice<Unicode.Scalar>) -> Bool {
    word.count >= 3 && word.count % 2 == 1
      && word.enumerated().allSatisfy { $0 % 2 == 1 ? $1 == "." : $1.properties.isAlphabetic }
  }

  /// What ends a sentence, and whether a blank must follow.
  private enum Terminator {
    /// Of scripts that put a blank between sentences.
    case narrow
    /// Of scripts that put none.
    case wide

    init?(_ scalar: Unicode.Scalar) {
      switch scalar {
      case ".", "!", "?", "\u{2026}", "\u{203D}", "\u{061F}", "\u{06D4}", "\u{0964}", "\u{0965}", "\u{1362}",
        "\u{0589}":
        self = .narrow
      case "\u{3002}", "\u{FF01}", "\u{FF1F}", "\u{FF61}", "\u{FF0E}": self = .wide
      default: return nil
      }
    }
  }

  /// What may stand after the mark and still belong to the sentence.
  private static let closers = Set(
    "\"')]}\u{2019}\u{201D}\u{BB}\u{203A}\u{300D}\u{300F}\u{FF09}\u{3011}".unicodeScalars)

  /// Words that a point shortens and that something follows.
  private static let abbreviations: Set<String> = [
    "abb", "abs", "al", "approx", "art", "bzw", "ca", "cap", "cf", "ch", "col", "dept", "dr", "ed", "eds", "eq", "evtl",
    "fig", "figs", "ft", "gen", "ggf", "hon", "hr", "inkl", "jr", "kap", "lt", "max", "min", "mme", "mr", "mrs", "ms",
    "mt", "nr", "no", "nos", "op", "pp", "prof", "rev", "sec", "sen", "sgt", "sog", "sr", "st", "str", "tab", "tel",
    "vgl", "viz", "vol", "vs",
  ]
}
