import Foundation

/// The terms of a text, by which keyword search finds it. Rule KB-10.
///
/// A term is a run of letters and digits without case, accents and width. Scripts that put no blanks between words
/// (Chinese, Japanese, Korean, Thai and their neighbours) are cut into pairs of neighbouring signs. A text has each
/// Chinese character as a term by itself too, because it may be a word; a question has one only where it stands alone.
public enum Terms {
  /// Most bytes of a term in UTF-8; what is longer is cut.
  public static let mostBytes = 64

  /// The terms of a chunk's text in their order; a term stands as often as the text has it.
  public static func of(_ text: String) -> [String] { terms(text, isQuestion: false) }

  /// The terms to look for.
  public static func inQuestion(_ question: String) -> [String] { terms(question, isQuestion: true) }

  private static func terms(_ text: String, isQuestion: Bool) -> [String] {
    var text = text
    let terms = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? asciiTerms(bytes) : nil }
    return terms ?? foldedTerms(text, isQuestion)
  }

  /// Most texts are ASCII, and an index is built of very many of them.
  private static func asciiTerms(_ bytes: UnsafeBufferPointer<UInt8>) -> [String] {
    var terms: [String] = []
    terms.reserveCapacity(bytes.count / 6)
    var start = 0
    while start < bytes.count {
      guard isASCIIWord(bytes[start]) else {
        start += 1
        continue
      }
      var end = start + 1
      while end < bytes.count, isASCIIWord(bytes[end]) { end += 1 }
      let length = min(end - start, mostBytes)
      let begin = start
      terms.append(
        String(unsafeUninitializedCapacity: length) { room in
          for index in 0..<length {
            let byte = bytes[begin + index]
            // Bit 5 is what a small letter has more than a capital; digits have it already.
            room[index] = byte | 0x20
          }
          return length
        })
      start = end
    }
    return terms
  }

  private static func isASCIIWord(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func foldedTerms(_ text: String, _ isQuestion: Bool) -> [String] {
    var writer = TermWriter(givesSingleSigns: !isQuestion)
    // Width, ligatures and other forms of the same characters; what came in parts is put together.
    // In two steps, because Foundation's form NFKC leaves apart what only becomes a pair by it (half-width kana).
    let plain = text.decomposedStringWithCompatibilityMapping.precomposedStringWithCanonicalMapping
    for scalar in plain.unicodeScalars {
      TermFolding.fold(scalar) { writer.take($0) }
    }
    writer.endWord()
    return writer.terms
  }
}

/// Collects folded characters into terms.
private struct TermWriter {
  let givesSingleSigns: Bool
  private(set) var terms: [String] = []
  private var word = ""
  /// The run of signs of a script without blanks, as far as it is not yet in pairs: its last sign.
  private var lastSign: Unicode.Scalar?
  /// Whether that sign is in no term yet.
  private var isUngiven = false

  init(givesSingleSigns: Bool) { self.givesSingleSigns = givesSingleSigns }

  mutating func take(_ scalar: Unicode.Scalar) {
    switch TermFolding.part(scalar) {
    case .word:
      endRun()
      word.unicodeScalars.append(scalar)
    case .unspaced:
      endPlainWord()
      if let last = lastSign {
        terms.append(String(String.UnicodeScalarView([last, scalar])))
        isUngiven = false
      } else {
        isUngiven = true
      }
      lastSign = scalar
      if givesSingleSigns, TermFolding.isIdeograph(scalar) {
        terms.append(String(Character(scalar)))
        isUngiven = false
      }
    case .none: endWord()
    }
  }

  mutating func endWord() {
    endPlainWord()
    endRun()
  }

  /// A sign by itself is a term by itself.
  private mutating func endRun() {
    if let last = lastSign, isUngiven { terms.append(String(Character(last))) }
    lastSign = nil
    isUngiven = false
  }

  private mutating func endPlainWord() {
    guard !word.isEmpty else { return }
    terms.append(Self.cut(word))
    word = ""
  }

  private static func cut(_ word: String) -> String {
    guard word.utf8.count > Terms.mostBytes else { return word }
    var bytes = 0
    let kept = word.unicodeScalars.prefix { scalar in
      bytes += UTF8.width(scalar)
      return bytes <= Terms.mostBytes
    }
    return String(kept)
  }
}
