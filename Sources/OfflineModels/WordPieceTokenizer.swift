import Foundation

/// The tokenizer of the uncased BERT models: normalises as ``ScalarClasses`` says, splits at spaces and punctuation,
/// then takes the longest known piece again and again. Gives the ids of the reference implementation exactly.
final class WordPieceTokenizer: Sendable {
  /// A word of more scalars is one unknown token.
  static let maximumWordScalars = 100
  /// `[CLS]` before and `[SEP]` after every text that is embedded.
  static let markerTokens = 2

  let vocabulary: Vocabulary
  private let classes = ScalarClasses()

  init(vocabulary: Vocabulary) { self.vocabulary = vocabulary }

  /// Token ids of `text` between `[CLS]` and `[SEP]`.
  func encode(_ text: String) -> [Int32] {
    var ids = [vocabulary.classify]
    ids.reserveCapacity(text.utf8.count / 3 + 4)
    appendPieces(of: text, to: &ids)
    ids.append(vocabulary.separate)
    return ids
  }

  /// Token ids of `text` alone.
  func pieces(of text: String) -> [Int32] {
    var ids: [Int32] = []
    appendPieces(of: text, to: &ids)
    return ids
  }

  /// Number of word pieces of `text`, markers left out.
  func count(_ text: String) -> Int { pieces(of: text).count }

  /// The words that pieces are looked for in, normalised; special tokens are words like any other.
  func words(of text: String) -> [String] {
    var words: [String] = []
    forEachWord(of: text.unicodeScalars[...]) { word, _ in words.append(String(decoding: word, as: UTF8.self)) }
    return words
  }

  private func appendPieces(of text: String, to ids: inout [Int32]) {
    var rest = text.unicodeScalars[...]
    // Looking for special tokens costs a pass; no text without a bracket holds one.
    if text.utf8.contains(UInt8(ascii: "[")) {
      while let (range, id) = firstSpecialToken(in: rest) {
        appendPieces(ofPlain: rest[..<range.lowerBound], to: &ids)
        ids.append(id)
        rest = rest[range.upperBound...]
      }
    }
    appendPieces(ofPlain: rest, to: &ids)
  }

  private func appendPieces(ofPlain text: Substring.UnicodeScalarView, to ids: inout [Int32]) {
    var hashes: [PieceHash] = []
    forEachWord(of: text) { word, scalars in
      word.withUnsafeBufferPointer { appendPieces(ofWord: $0, scalars: scalars, hashes: &hashes, to: &ids) }
    }
  }

  private func firstSpecialToken(
    in text: Substring.UnicodeScalarView
  ) -> (Range<String.Index>, Int32)? {
    var start = text.startIndex
    while let bracket = text[start...].firstIndex(of: "[") {
      for special in vocabulary.specialTokens {
        var index = bracket
        var matched = 0
        while matched < special.text.count, index < text.endIndex, text[index].value == special.text[matched] {
          text.formIndex(after: &index)
          matched += 1
        }
        if matched == special.text.count { return (bracket..<index, special.id) }
      }
      start = text.index(after: bracket)
    }
    return nil
  }
}

// MARK: - Words

extension WordPieceTokenizer {
  /// Calls `body` with the UTF-8 bytes of each word and its number of scalars.
  private func forEachWord(of text: Substring.UnicodeScalarView, _ body: ([UInt8], Int) -> Void) {
    var word: [UInt8] = []
    var scalars = 0
    func endWord() {
      guard scalars > 0 else { return }
      body(word, scalars)
      word.removeAll(keepingCapacity: true)
      scalars = 0
    }
    func add(_ value: UInt32) {
      append(value, to: &word)
      scalars += 1
    }
    func take(_ class: ScalarClasses.Class) {
      switch `class` {
      case .dropped: break
      case .space: endWord()
      case .inWord(let value): add(value)
      case .isolated(let value):
        endWord()
        add(value)
        endWord()
      case .sequence(let index):
        for part in classes.sequence(index) { take(part) }
      }
    }
    for scalar in text {
      let value = scalar.value
      if Self.hangulSyllables.contains(value) {
        for jamo in hangulJamo(of: value) where jamo != 0 { add(jamo) }
      } else {
        take(classes(value))
      }
    }
    endWord()
  }

  private static let hangulSyllables: ClosedRange<UInt32> = 0xAC00...0xD7A3

  /// The letters of a Hangul syllable by Unicode's arithmetic; the last is 0 where the syllable ends in a vowel.
  private func hangulJamo(of syllable: UInt32) -> [UInt32] {
    let index = syllable - Self.hangulSyllables.lowerBound
    let last = index % 28
    return [0x1100 + index / 588, 0x1161 + index % 588 / 28, last == 0 ? 0 : 0x11A7 + last]
  }

  private func append(_ value: UInt32, to word: inout [UInt8]) {
    if value < 0x80 {
      word.append(UInt8(truncatingIfNeeded: value))
    } else if let scalar = Unicode.Scalar(value) {
      word.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
  }
}

// MARK: - Pieces

extension WordPieceTokenizer {
  private func appendPieces(
    ofWord word: UnsafeBufferPointer<UInt8>, scalars: Int, hashes: inout [PieceHash], to ids: inout [Int32]
  ) {
    guard scalars <= Self.maximumWordScalars else {
      ids.append(vocabulary.unknown)
      return
    }
    let first = ids.count
    var start = 0
    while start < word.count {
      guard let (id, end) = longestPiece(of: word, from: start, hashes: &hashes) else {
        ids.removeSubrange(first...)
        ids.append(vocabulary.unknown)
        return
      }
      ids.append(id)
      start = end
    }
  }

  private func longestPiece(
    of word: UnsafeBufferPointer<UInt8>, from start: Int, hashes: inout [PieceHash]
  ) -> (Int32, Int)? {
    let limit = min(word.count, start + vocabulary.longestPiece)
    var hash = PieceHash(isContinuation: start > 0)
    hashes.removeAll(keepingCapacity: true)
    for index in start..<limit {
      hash.add(word[index])
      hashes.append(hash)
    }
    var end = limit
    while end > start {
      let isBoundary = end == word.count || word[end] & 0xC0 != 0x80
      if isBoundary, let id = vocabulary.id(of: word[start..<end], hash: hashes[end - start - 1]) {
        return (id, end)
      }
      end -= 1
    }
    return nil
  }
}
