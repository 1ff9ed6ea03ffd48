import Core
import Testing

@Suite("Chunks after an edit")
struct ChunkStabilityTests {
  private func pages(_ count: Int, goingOn: Bool, _ source: inout RandomDocument) -> [ExtractedPage] {
    (0..<count).map { _ in
      var blocks = (0..<source.pick(3...6)).map { _ in
        ExtractedBlock(.paragraph, source.prose(sentences: source.pick(2...9)))
      }
      if goingOn {
        blocks.insert(ExtractedBlock(.paragraph, "on with " + source.prose(sentences: 3)), at: 0)
        blocks.append(ExtractedBlock(.paragraph, "We " + source.prose(sentences: 2) + " And so it goes"))
      }
      return ExtractedPage(blocks)
    }
  }

  /// Chunks whose text was not there before: what must be embedded. Rule KB-15.
  private func new(_ after: ExtractedDocument, than known: Set<String>) throws -> [ChunkDraft] {
    try Chunker().drafts(of: after).filter { !known.contains($0.text) }
  }

  private func texts(_ document: ExtractedDocument) throws -> Set<String> {
    Set(try Chunker().drafts(of: document).map(\.text))
  }

  private func edited(_ pages: [ExtractedPage], _ page: Int, _ edit: (inout [ExtractedBlock]) -> Void)
    -> ExtractedDocument
  {
    var (pages, blocks) = (pages, pages[page].blocks)
    edit(&blocks)
    pages[page] = ExtractedPage(blocks)
    return ExtractedDocument(pages: pages)
  }

  @Test("KB-15: one edited page of 500 changes only its own chunks", arguments: [false, true])
  func oneOf500(goingOn: Bool) throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("edits, seed \(seed)")
    var source = RandomDocument(seed: seed)
    let original = pages(500, goingOn: goingOn, &source)
    let before = try texts(ExtractedDocument(pages: original))
    for page in [0, 250, source.pick(1...498), 499] {
      let more = source.prose(sentences: 4)
      let edits: [(inout [ExtractedBlock]) -> Void] = [
        { $0.insert(ExtractedBlock(.paragraph, "Added: " + more), at: 1) }, { $0.remove(at: 1) },
        { $0[0] = ExtractedBlock(.paragraph, $0[0].text + " Added: " + more) },
        { $0[$0.count - 1] = ExtractedBlock(.paragraph, "We changed the end: " + more) },
      ]
      for edit in edits {
        let changed = try new(edited(original, page, edit), than: before)
        // Where sentences go on over pages, a neighbour may begin or end elsewhere.
        let reach = goingOn ? page...(page + 2) : (page + 1)...(page + 1)
        #expect(changed.allSatisfy { $0.pages.overlaps(reach) }, "page \(page), seed \(seed)")
        #expect((1...(goingOn ? 24 : 8)).contains(changed.count), "\(changed.count), page \(page), seed \(seed)")
      }
    }
  }

  @Test("KB-15: an unchanged document has the same chunks")
  func unchanged() throws {
    var source = RandomDocument(seed: 3)
    let document = ExtractedDocument(pages: pages(20, goingOn: true, &source))
    #expect(try new(document, than: try texts(document)).isEmpty)
  }

  @Test("KB-15: in a text without pages the cuts soon fall into their old places")
  func withoutPages() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("long text, seed \(seed)")
    var source = RandomDocument(seed: seed)
    let blocks = (0..<2_000).map { _ in ExtractedBlock(.paragraph, source.prose(sentences: source.pick(1...6))) }
    let before = ExtractedDocument(pages: [ExtractedPage(blocks)])
    let known = try texts(before)
    for place in [10, 700, 1_400] {
      let added = ExtractedBlock(.paragraph, "Added: " + source.prose(sentences: 5))
      let after = ExtractedDocument(pages: [ExtractedPage(blocks[..<place] + [added] + blocks[place...])])
      let changed = try new(after, than: known).count
      // Measured: the old places are found again within a dozen chunks, rarely within thirty.
      #expect(changed < known.count / 4, "\(changed) of \(known.count), seed \(seed)")
    }
  }
}
