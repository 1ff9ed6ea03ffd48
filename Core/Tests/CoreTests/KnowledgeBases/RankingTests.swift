import Core
import Foundation
import Testing

@Suite("Terms and rankings")
struct RankingTests {
  @Test(
    "KB-10: terms are words without case, accents and width",
    arguments: [
      ("The Quick-brown fox, 3.14!", ["the", "quick", "brown", "fox", "3", "14"]),
      ("Stra\u{DF}e \u{C4}PFEL gro\u{308}\u{DF}e", ["strasse", "apfel", "grosse"]),
      ("\u{FF21}\u{FF22}\u{FF11} \u{FB01}nd", ["ab1", "find"]),
      ("\u{3A3}\u{3AF}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C2}", ["\u{3C3}\u{3B9}\u{3C3}\u{3C5}\u{3C6}\u{3BF}\u{3C3}"]),
      ("\u{130}stanbul \u{141}\u{F3}d\u{17A}", ["istanbul", "lodz"]),
      ("\u{6771}\u{4EAC}\u{90FD}", ["\u{6771}\u{4EAC}", "\u{4EAC}\u{90FD}"]),
      ("\u{732B}", ["\u{732B}"]),
      ("iPhone\u{7684}\u{624B}\u{6A5F}15", ["iphone", "\u{7684}\u{624B}", "\u{624B}\u{6A5F}", "15"]),
      ("\u{FF76}\u{FF9E}\u{FF97}", ["\u{30AC}\u{30E9}"]),
      ("\u{6771}\u{4EAC}\u{3002}\u{732B}", ["\u{6771}\u{4EAC}", "\u{732B}"]),
      ("don't mx_object_id", ["don", "t", "mx", "object", "id"]),
      ("\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}", ["\u{939}\u{93F}\u{928}\u{94D}\u{926}\u{940}"]),
      ("", []), (" \n!", []),
    ])
  func terms(text: String, expected: [String]) { #expect(Terms.inQuestion(text) == expected) }

  @Test("KB-10: a text has each Chinese character as a term too, so that a word of one character is found")
  func singleSigns() {
    #expect(
      Terms.of("\u{732B}\u{304C}\u{3044}\u{308B}") == [
        "\u{732B}", "\u{732B}\u{304C}", "\u{304C}\u{3044}", "\u{3044}\u{308B}",
      ])
    #expect(Terms.of("\u{6771}\u{4EAC}") == ["\u{6771}", "\u{6771}\u{4EAC}", "\u{4EAC}"])
    #expect(Terms.of("\u{732B}") == Terms.inQuestion("\u{732B}"))
  }

  @Test("KB-10: whatever is asked in a text's own words is found in it")
  func questionsFind() {
    let seed = UInt64.random(in: 0 ... .max)
    print("questions, seed \(seed)")
    var random = SplitMix(seed: seed)
    let signs = Array("ab1 .-\u{C4}\u{DF}\u{130}\u{6771}\u{4EAC}\u{306F}\u{30AC}\u{732B}\u{3002}\u{AC00}\u{E01}\u{435}")
    for _ in 0..<3_000 {
      let words = (0..<6).map { _ in
        String(
          (0..<Int.random(in: 1...5, using: &random)).map { _ in signs[Int.random(in: 0..<signs.count, using: &random)]
          })
      }
      let known = Set(Terms.of(words.joined(separator: " ")))
      for word in words { #expect(known.isSuperset(of: Terms.inQuestion(word)), "seed \(seed): \(word)") }
    }
  }

  @Test("KB-10: a term has at most 64 bytes and is cut between characters")
  func longTerms() {
    #expect(Terms.of(String(repeating: "A", count: 100)) == [String(repeating: "a", count: 64)])
    #expect(Terms.of("x" + String(repeating: "\u{436}", count: 40)) == ["x" + String(repeating: "\u{436}", count: 31)])
  }

  @Test("KB-10: a text that is ASCII gives the same terms as among others")
  func asciiAgrees() {
    let seed = UInt64.random(in: 0 ... .max)
    print("terms, seed \(seed)")
    var random = SplitMix(seed: seed)
    for _ in 0..<2_000 {
      let bytes = (0..<60).map { _ in UInt8.random(in: 0x20...0x7E, using: &random) }
      let text = String(bytes.map { Character(Unicode.Scalar($0)) })
      #expect(Terms.of(text) == Terms.of(text + " \u{2026}"), "seed \(seed): \(text)")
      #expect(Terms.of(text).allSatisfy { Terms.of($0) == [$0] }, "seed \(seed): \(text)")
    }
  }

  @Test("KB-10: BM25 by hand: two of ten chunks have the term, thrice in one of average length")
  func bm25() {
    let idf = BM25.idf(documents: 10, containing: 2)
    #expect(abs(idf - log(1 + 8.5 / 2.5)) < 1e-12)
    let score = BM25.score(frequency: 3, length: 100, averageLength: 100, idf: idf)
    #expect(abs(score - idf * 3 * 2.2 / 4.2) < 1e-12)
  }

  @Test("KB-10: rarer terms, more occurrences and shorter chunks count more; nothing is below zero")
  func bm25Order() {
    #expect(BM25.idf(documents: 100, containing: 1) > BM25.idf(documents: 100, containing: 50))
    #expect(BM25.idf(documents: 100, containing: 100) > 0)
    #expect(BM25.idf(documents: 0, containing: 0) > 0)
    func score(_ frequency: Int, _ length: Int) -> Double {
      BM25.score(frequency: frequency, length: length, averageLength: 50, idf: 1)
    }
    #expect(score(2, 50) > score(1, 50))
    #expect(score(1, 20) > score(1, 80))
    #expect(score(1_000, 50) < 2.2)
    #expect(score(0, 50) == 0)
    #expect(BM25.score(frequency: 1, length: 0, averageLength: 0, idf: 1).isFinite)
  }

  @Test("KB-10, KB-11: rankings are joined by ranks, ties break by chunk id")
  func fusion() {
    let (a, b, c, d) = (ChunkID("a"), ChunkID("b"), ChunkID("c"), ChunkID("d"))
    let fused = RankFusion.fused([[b, a, c], [a, b, d]], count: 10)
    #expect(fused.map(\.id) == [a, b, c, d])
    #expect(fused[0].score == 1 / 61.0 + 1 / 62.0)
    #expect(fused[0].score == fused[1].score)
    #expect(fused[2].score == 1 / 63.0)
    #expect(RankFusion.fused([[b, a], [b]], count: 1).map(\.id) == [b])
    #expect(RankFusion.fused([[a, a, b]], count: 5).map(\.score) == [1 / 61.0, 1 / 63.0])
    #expect(RankFusion.fused([], count: 5).isEmpty)
    #expect(RankFusion.fused([[a]], count: -1).isEmpty)
  }

  @Test("KB-12: keyword search needs no vector, and so no allowance")
  func types() {
    #expect(SearchType.allCases.filter(\.needsVector) == [.semantic, .hybrid])
    #expect(SearchType.allCases.filter(\.needsTerms) == [.keyword, .hybrid])
  }
}
