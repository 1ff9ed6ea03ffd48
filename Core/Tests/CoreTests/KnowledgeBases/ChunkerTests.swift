import Testing

@testable import Core

@Suite("Cutting documents into chunks")
struct ChunkerTests {
  private func sentences(_ text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    return SentenceBorders.sentences(in: scalars, scalars.indices).map {
      String(String.UnicodeScalarView(scalars[$0]))
    }
  }

  private func document(_ pages: [ExtractedBlock]...) -> ExtractedDocument {
    ExtractedDocument(pages: pages.map(ExtractedPage.init))
  }

  /// A paragraph of so many sentences of 50 characters.
  private func paragraph(_ name: String, _ sentences: Int) -> ExtractedBlock {
    ExtractedBlock(
      .paragraph,
      (0..<sentences).map { number in
        let start = "Sentence \(number) of \(name) "
        return start + String(repeating: "x", count: 49 - start.count) + "."
      }.joined(separator: " "))
  }

  @Test("KB-14: a sentence ends with its mark, not with a point in it")
  func sentenceBorders() {
    #expect(sentences("One. Two! Three? Four") == ["One.", "Two!", "Three?", "Four"])
    #expect(sentences("It costs 3.14 EUR. Dr. Meyer paid.") == ["It costs 3.14 EUR.", "Dr. Meyer paid."])
    #expect(
      sentences("We use pipes, e.g. Steel ones. J. R. Smith came.") == [
        "We use pipes, e.g. Steel ones.", "J. R. Smith came.",
      ])
    #expect(
      sentences("Wir nutzen z. B. Rohre. Siehe Abb. 3. Ende.") == [
        "Wir nutzen z. B. Rohre.", "Siehe Abb. 3.", "Ende.",
      ])
    #expect(
      sentences("In the U.S. Navy. \"Really?\" he asked. (Yes.) No.") == [
        "In the U.S. Navy.", "\"Really?\" he asked.", "(Yes.)", "No.",
      ])
    #expect(sentences("1. First step. 2.5 Second.") == ["1. First step.", "2.5 Second."])
    #expect(sentences("In 2020. Then it stopped...   Wait.") == ["In 2020.", "Then it stopped...", "Wait."])
    #expect(sentences(" \n ") == [])
    #expect(sentences("...") == ["..."])
  }

  @Test("KB-14: scripts without blanks between sentences are cut at their full stops")
  func wideBorders() {
    #expect(
      sentences("\u{732B}\u{3002}\u{300C}\u{72AC}\u{3002}\u{300D}\u{9CE5}\u{FF01}\u{FF1F}\u{9B5A}") == [
        "\u{732B}\u{3002}", "\u{300C}\u{72AC}\u{3002}\u{300D}", "\u{9CE5}\u{FF01}\u{FF1F}", "\u{9B5A}",
      ])
    #expect(sentences("\u{FF13}\u{FF0E}\u{FF11}\u{FF14}\u{3002}") == ["\u{FF13}\u{FF0E}\u{FF11}\u{FF14}\u{3002}"])
  }

  @Test("KB-14: paragraphs are packed whole, and cut between sentences only where one is too long")
  func packing() throws {
    let drafts = try Chunker(.sentences(size: 1_500, overlap: 0)).drafts(
      of: document([paragraph("a", 10), paragraph("b", 10), paragraph("c", 18), paragraph("d", 50)]))
    // 509 + 2 + 509 + ... : the third does not fit and the chunk is more than half full.
    #expect(drafts.map(\.span.count) == [1_020, 917, 1_478, 1_070])
    #expect(drafts[0].text.hasPrefix("Sentence 0 of a") && drafts[1].text.hasPrefix("Sentence 0 of c"))
    #expect(drafts.allSatisfy { $0.text.hasSuffix(".") && $0.pages == 1...1 })
  }

  @Test("KB-14: a chunk begins with the last whole sentences of the one before")
  func overlaps() throws {
    let drafts = try Chunker().drafts(of: document([paragraph("a", 60)]))
    #expect(drafts.count == 3)
    for (last, next) in zip(drafts, drafts.dropFirst()) {
      let shared = last.span.upperBound - next.span.lowerBound
      #expect(shared == 4 * 51 - 1)
      #expect(next.text.hasPrefix("Sentence "))
    }
  }

  @Test("KB-14: chunks stop at headings and know them")
  func headings() throws {
    let drafts = try Chunker().drafts(
      of: document(
        [
          ExtractedBlock(.heading(level: 1), "Pumps"), ExtractedBlock(.heading(level: 2), "Starting"),
          paragraph("a", 2), ExtractedBlock(.heading(level: 2), "Stopping"), paragraph("b", 2),
        ], [paragraph("c", 1), ExtractedBlock(.heading(level: 1), "Valves"), paragraph("d", 1)]))
    #expect(
      drafts.map(\.headings) == [["Pumps", "Starting"], ["Pumps", "Stopping"], ["Pumps", "Stopping"], ["Valves"]])
    #expect(drafts[0].text.hasPrefix("Pumps\n\nStarting\n\nSentence 0 of a"))
    #expect(drafts.map(\.pages) == [1...1, 1...1, 2...2, 2...2])
  }

  @Test("KB-14: a chunk goes over a page only to finish a sentence")
  func pages() throws {
    let first = ExtractedBlock(.paragraph, "The pump is started. Then the old valve must")
    let second = ExtractedBlock(.paragraph, "be opened by hand. After that nothing happens.")
    let drafts = try Chunker().drafts(of: document([first], [second]))
    #expect(
      drafts.map(\.text) == [
        "The pump is started. Then the old valve must\nbe opened by hand.",
        // The paragraph goes on, so its chunk begins with the last sentences before.
        "Then the old valve must\nbe opened by hand. After that nothing happens.",
      ])
    #expect(drafts.map(\.pages) == [1...2, 1...2])
    let apart = try Chunker().drafts(of: document([first], [ExtractedBlock(.paragraph, "Be careful. Always.")]))
    #expect(apart.map(\.pages) == [1...1, 2...2])
    let emptyBetween = try Chunker().drafts(of: document([first], [], [second]))
    #expect(emptyBetween.map(\.pages) == [1...1, 3...3])
  }

  @Test("KB-14: by page, whole and fixed")
  func methods() throws {
    let twoPages = document([paragraph("a", 40)], [paragraph("b", 2)], [])
    let byPage = try Chunker(.byPage).drafts(of: twoPages)
    #expect(byPage.map(\.pages) == [1...1, 2...2])
    #expect(byPage[0].span.count == 40 * 51 - 1)
    #expect(try Chunker(.byPage).drafts(of: document([paragraph("a", 300)])).count == 2)
    #expect(try Chunker(.whole).drafts(of: twoPages).map(\.pages) == [1...2])
    let fixed = try Chunker(.fixed(size: 500, overlap: 50)).drafts(of: twoPages)
    #expect(fixed.count == 6 && fixed.allSatisfy { $0.span.count <= 500 })
    #expect(try Chunker().drafts(of: document([], [])).isEmpty)
  }

  @Test("KB-14: what cannot be cut as asked is refused with a sentence")
  func refusals() throws {
    let long = document([paragraph("a", 300)])
    let whole = #expect(throws: ChunkingRefusal.self) { try Chunker(.whole).drafts(of: long) }
    #expect(whole?.sentence.contains("15,299 characters") == true)
    let limit = ChunkTokenLimit(most: 10) { $0.utf8.count }
    let tokens = #expect(throws: ChunkingRefusal.self) {
      try Chunker(.whole, tokens: limit).drafts(of: document([paragraph("a", 1)]))
    }
    #expect(tokens?.sentence.contains("50 tokens") == true)
    let small = #expect(throws: ChunkingRefusal.self) {
      try Chunker(tokens: ChunkTokenLimit(most: 2) { _ in 3 }).drafts(of: long)
    }
    #expect(small == .modelTooSmall(mostTokens: 2))
    #expect(
      ChunkingMethod.sentences(size: 10, overlap: 6).problems().map(\.field) == [
        "chunking.size", "chunking.overlap",
      ])
    #expect(throws: ChunkingRefusal.self) { try Chunker(.fixed(size: 99, overlap: 0)).drafts(of: long) }
  }

  @Test("KB-14: signs of several characters stay whole where words are cut")
  func signs() throws {
    let rocket = "\u{1F469}\u{200D}\u{1F680}"
    let block = ExtractedBlock(.paragraph, String(repeating: rocket, count: 500))
    let drafts = try Chunker(.sentences(size: 100, overlap: 0)).drafts(of: document([block]))
    #expect(drafts.allSatisfy { $0.text.allSatisfy { $0 == Character(rocket) } })
    #expect(drafts.count == 16)
  }
}
