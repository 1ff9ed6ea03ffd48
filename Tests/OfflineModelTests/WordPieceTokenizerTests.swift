import Foundation
import Testing

@testable import OfflineModels

@Suite("WordPiece tokenizer (C-5, decision 21)")
struct WordPieceTokenizerTests {
  @Test(
    "Words become the longest known pieces, unknown words one unknown token",
    arguments: [
      ("unwanted", ["un", "##want", "##ed"]),
      ("wanted", ["wanted"]),
      ("UNWANTED, running.", ["un", "##want", "##ed", ",", "runn", "##ing", "."]),
      ("abc", ["abc"]),
      ("abca", ["abc", "##a"]),
      ("abx", ["[UNK]"]),
      ("xyz a", ["[UNK]", "a"]),
      ("éé", ["e", "##e"]),
      ("e\u{301}e\u{301}", ["e", "##e"]),
      ("日本", ["日", "本"]),
      ("a日本b", ["a", "日", "本", "b"]),
      ("  a \t\n b\u{A0}c ", ["a", "b", "c"]),
      ("a\u{0}b\u{200D}c", ["abc"]),
      ("#a", ["#", "a"]),
      ("", []),
      ("[MASK]", ["[MASK]"]),
      ("a[SEP]b", ["a", "[SEP]", "b"]),
      ("[mask]", ["[UNK]", "[UNK]", "[UNK]"]),
      ("[[CLS]", ["[UNK]", "[CLS]"]),
    ])
  func pieces(text: String, expected: [String]) throws {
    let tokenizer = try SmallVocabulary.tokenizer.get()
    #expect(tokenizer.pieces(of: text) == expected.map(SmallVocabulary.id))
    #expect(tokenizer.count(text) == expected.count)
    #expect(tokenizer.encode(text).count == expected.count + WordPieceTokenizer.markerTokens)
    #expect(tokenizer.encode(text).first == SmallVocabulary.id("[CLS]"))
    #expect(tokenizer.encode(text).last == SmallVocabulary.id("[SEP]"))
  }

  @Test("A word of 100 scalars is taken apart, one of 101 is unknown")
  func wordLimit() throws {
    let tokenizer = try SmallVocabulary.tokenizer.get()
    let hundred = String(repeating: "a", count: 100)
    #expect(tokenizer.count(hundred) == 100)
    #expect(tokenizer.pieces(of: hundred + "a") == [SmallVocabulary.id("[UNK]")])
    // Dropped marks do not count.
    #expect(tokenizer.count(hundred + "\u{301}") == 100)
  }

  @Test(
    "Random words are taken apart as a naive search of the vocabulary does it", arguments: 1...20 as ClosedRange<UInt64>
  )
  func naiveReference(seed: UInt64) throws {
    var source = SeededGenerator(seed: seed)
    let tokenizer = try SmallVocabulary.tokenizer.get()
    for _ in 0..<200 {
      let length = Int.random(in: 1...12, using: &source)
      let word = String((0..<length).map { _ in "aabbccexdunwt".randomElement(using: &source) ?? "a" })
      #expect(tokenizer.pieces(of: word) == naivePieces(of: word).map(SmallVocabulary.id), "seed \(seed): \(word)")
    }
  }

  @Test(
    "Random texts: counts of parts at spaces add up, and every id is in the vocabulary",
    arguments: 1...20 as ClosedRange<UInt64>)
  func additive(seed: UInt64) throws {
    var source = SeededGenerator(seed: seed)
    let tokenizer = try SmallVocabulary.tokenizer.get()
    for _ in 0..<50 {
      let parts = (0..<4).map { _ in randomText(using: &source) }
      let whole = tokenizer.pieces(of: parts.joined(separator: " "))
      #expect(whole == parts.flatMap(tokenizer.pieces), "seed \(seed)")
      #expect(whole.allSatisfy { (0..<Int32(SmallVocabulary.pieces.count)).contains($0) }, "seed \(seed)")
    }
  }

  @Test("A vocabulary without the marker pieces is refused with their names")
  func incompleteVocabulary() throws {
    let error = #expect(throws: OfflineModelsError.self) {
      try Vocabulary(lines: Array("[PAD]\n[UNK]\na\n".utf8), file: "vocab.txt")
    }
    #expect(error?.description.contains("[CLS]") == true)
    #expect(throws: OfflineModelsError.self) { try Vocabulary(lines: [], file: "vocab.txt") }
  }

  private func naivePieces(of word: String) -> [String] {
    var rest = Substring(word)
    var pieces: [String] = []
    while !rest.isEmpty {
      let prefix = pieces.isEmpty ? "" : "##"
      let lengths = (1...rest.count).reversed()
      guard let length = lengths.first(where: { SmallVocabulary.pieces.contains(prefix + rest.prefix($0)) }) else {
        return ["[UNK]"]
      }
      pieces.append(prefix + rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return pieces
  }

  /// Any scalars but white space at the ends and brackets, which could make special tokens across parts.
  private func randomText(using source: inout SeededGenerator) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0...10, using: &source) {
      let highest: UInt32 = Bool.random(using: &source) ? 0x250 : 0x10FFFF
      if let scalar = Unicode.Scalar(UInt32.random(in: 0...highest, using: &source)), scalar != "[" {
        text.append(scalar)
      }
    }
    return String(text)
  }
}
