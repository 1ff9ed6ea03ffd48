/// Finds the sentences of a text in any language that ends them with a mark or a line.
enum SentenceSplitter {
  private static let terminators: Set<Unicode.Scalar> = [".", "!", "?", "…", "؟", "।", "۔"]
  /// These end a sentence without a space after them.
  private static let denseTerminators: Set<Unicode.Scalar> = ["。", "！", "？", "．"]
  private static let questionMarks: Set<Unicode.Scalar> = ["?", "？", "؟"]
  private static let closers: Set<Unicode.Scalar> = ["\"", "'", ")", "]", "}", "”", "’", "»", "」", "』", "）"]
  private static let lineMarkers: Set<Character> = ["#", ">", "*", "-", "+", "•", "·"]
  /// Words before a full stop that do not end a sentence.
  private static let abbreviations: Set<String> = [
    "e.g", "i.e", "dr", "mr", "mrs", "ms", "prof", "st", "no", "nr", "vs", "cf", "ca", "approx", "fig", "z.b", "d.h",
    "bzw", "usw", "art", "abs",
  ]
  /// Lines of these lengths without an end look as if an editor had wrapped them.
  private static let wrappedLineLengths = 60...120

  /// When a line goes on in the next.
  enum LineJoining: Sendable {
    /// In tables.
    case never
    /// Where the next line begins with a small letter: in messages, whose lines people end on purpose.
    case beforeSmallLetters
    /// Also where the line is as long as wrapped lines are: in documents.
    case wrapped
  }

  /// The sentences of `text` in their order, trimmed, white space collapsed to single spaces; never empty ones.
  static func sentences(in text: String, joining: LineJoining) -> [String] {
    paragraphs(of: text, joining: joining).flatMap(sentences(ofParagraph:))
  }

  /// Whether `sentence` ends as questions do.
  static func isQuestion(_ sentence: String) -> Bool {
    sentence.unicodeScalars.last { !closers.contains($0) }.map(questionMarks.contains) ?? false
  }

  private static func paragraphs(of text: String, joining: LineJoining) -> [String] {
    var paragraphs: [String] = []
    var current = ""
    func end() {
      if !current.isEmpty { paragraphs.append(current) }
      current = ""
    }
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let words = line.split(whereSeparator: \.isWhitespace)
      let isMarked = words.first.map { $0.allSatisfy(lineMarkers.contains) } ?? false
      let content = (isMarked ? words.dropFirst() : words[...]).joined(separator: " ")
      let goesOn = !isMarked && !current.isEmpty && goes(current, on: content, joining: joining)
      if !goesOn { end() }
      if content.isEmpty { continue }
      current += goesOn ? " " + content : content
    }
    end()
    return paragraphs
  }

  private static func goes(_ line: String, on next: String, joining: LineJoining) -> Bool {
    guard let first = next.first, let last = line.unicodeScalars.last else { return false }
    if terminators.contains(last) || denseTerminators.contains(last) { return false }
    return switch joining {
    case .never: false
    case .beforeSmallLetters: first.isLowercase
    case .wrapped: first.isLowercase || wrappedLineLengths.contains(line.count)
    }
  }

  private static func sentences(ofParagraph paragraph: String) -> [String] {
    let scalars = Array(paragraph.unicodeScalars)
    var sentences: [String] = []
    var start = 0
    var index = 0
    while index < scalars.count {
      guard terminators.contains(scalars[index]) || denseTerminators.contains(scalars[index]) else {
        index += 1
        continue
      }
      let mark = index
      index += 1
      while index < scalars.count,
        terminators.contains(scalars[index]) || denseTerminators.contains(scalars[index])
          || closers.contains(scalars[index])
      {
        index += 1
      }
      if ends(scalars, mark: mark, next: index, from: start) {
        append(scalars[start..<index], to: &sentences)
        start = index
      }
    }
    append(scalars[start...], to: &sentences)
    return sentences
  }

  private static func append(_ scalars: ArraySlice<Unicode.Scalar>, to sentences: inout [String]) {
    let trimmed = scalars.drop { $0 == " " }
    guard !trimmed.isEmpty else { return }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: trimmed)
    sentences.append(String(view))
  }

  /// Whether the mark at `mark` ends a sentence that began at `start`; `next` is the first scalar after mark and
  /// closing quotes.
  private static func ends(_ scalars: [Unicode.Scalar], mark: Int, next: Int, from start: Int) -> Bool {
    guard next < scalars.count, !denseTerminators.contains(scalars[mark]) else { return true }
    guard scalars[next] == " " else { return false }
    guard scalars[mark] == ".", mark + 1 == next else { return true }
    if next + 1 < scalars.count, scalars[next + 1].properties.isLowercase { return false }
    let word = scalars[start..<mark].reversed().prefix { $0 != " " && $0 != "(" }.reversed()
    if word.count == 1, word.allSatisfy(\.properties.isUppercase) { return false }
    if word.count <= 2, word.allSatisfy({ $0.properties.numericType == .decimal }) { return false }
    var view = String.UnicodeScalarView()
    view.append(contentsOf: word)
    return !abbreviations.contains(String(view).lowercased())
  }
}
