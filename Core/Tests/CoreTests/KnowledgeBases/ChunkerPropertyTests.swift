import Testing

@testable import Core

@Suite("Chunks of random documents")
struct ChunkerPropertyTests {
  /// Tokenizers as different as can be: by bytes, by words, and one whose parts have fewer tokens than the whole.
  private static let limits: [ChunkTokenLimit?] = [
    nil, ChunkTokenLimit(most: 128) { 2 + $0.utf8.count / 3 },
    ChunkTokenLimit(most: 60) { 2 + $0.split { $0 == " " || $0 == "\n" }.count * 2 + $0.utf8.count / 16 },
    ChunkTokenLimit(most: 90) { $0.utf8.count * ($0.utf8.count > 80 ? 3 : 1) / 4 },
  ]
  private static let methods: [ChunkingMethod] = [
    .standard, .sentences(size: 300, overlap: 60), .sentences(size: 100, overlap: 0), .fixed(size: 400, overlap: 80),
    .fixed(size: 100, overlap: 50), .byPage,
  ]

  @Test("KB-14: nothing is lost, spans are exact, limits hold, and the same document gives the same chunks")
  func properties() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("documents, seed \(seed)")
    var source = RandomDocument(seed: seed)
    for number in 0..<40 {
      let document = source.document(pages: source.pick(1...8))
      let audit = ChunkAudit(document)
      for method in Self.methods {
        for limit in Self.limits {
          let chunker = Chunker(method, tokens: limit)
          let drafts = try chunker.drafts(of: document)
          let problems = audit.problems(
            of: drafts, size: size(method), limit: limit, mayCrossHeadings: !method.knowsHeadings)
          guard problems.isEmpty else {
            Issue.record("document \(number) of seed \(seed), \(method): \(problems.prefix(3))")
            return
          }
          #expect(try chunker.drafts(of: document) == drafts)
        }
      }
    }
  }

  @Test("The audit finds what is planted")
  func planted() throws {
    var source = RandomDocument(seed: 7)
    let document = source.document(pages: 6)
    let audit = ChunkAudit(document)
    let drafts = try Chunker().drafts(of: document)
    #expect(audit.problems(of: drafts, size: 1_500, limit: nil).isEmpty)
    #expect(drafts.count > 6)
    func found(_ change: (inout [ChunkDraft]) -> Void) -> Bool {
      var changed = drafts
      change(&changed)
      return !audit.problems(of: changed, size: 1_500, limit: nil).isEmpty
    }
    #expect(found { $0.remove(at: 3) })
    #expect(found { $0.swapAt(2, 3) })
    #expect(found { $0[2] = $0[2].with(span: $0[2].span.lowerBound + 1..<$0[2].span.upperBound) })
    #expect(found { $0[2] = $0[2].with(text: $0[2].text + " ") })
    #expect(found { $0[2] = $0[2].with(pages: 9...9) })
    #expect(!audit.problems(of: drafts, size: 400, limit: nil).isEmpty)
    #expect(!audit.problems(of: drafts, size: 1_500, limit: ChunkTokenLimit(most: 9) { $0.utf8.count }).isEmpty)
    let whole = try Chunker(.whole).drafts(of: ExtractedDocument(pages: Array(document.pages.prefix(2))))
    let two = ChunkAudit(ExtractedDocument(pages: Array(document.pages.prefix(2))))
    #expect(!two.problems(of: whole, size: 10_000, limit: nil, mayCrossHeadings: true).isEmpty)
    #expect(two.problems(of: whole, size: 10_000, limit: nil, mayCrossHeadings: true, mayCrossPages: true).isEmpty)
  }

  @Test("KB-14: chunks of prose overlap by about 10 % and are well filled")
  func overlap() throws {
    let seed = UInt64.random(in: 0 ... .max)
    print("prose, seed \(seed)")
    var source = RandomDocument(seed: seed)
    let blocks = (0..<300).map { _ in ExtractedBlock(.paragraph, source.prose(sentences: source.pick(2...9))) }
    let drafts = try Chunker().drafts(of: ExtractedDocument(pages: [ExtractedPage(blocks)]))
    let overlaps = zip(drafts, drafts.dropFirst()).map { max(0, $0.span.upperBound - $1.span.lowerBound) }
    let mean = overlaps.reduce(0, +) / overlaps.count
    #expect((75...225).contains(mean), "\(mean), seed \(seed)")
    #expect(overlaps.allSatisfy { $0 <= 225 }, "seed \(seed)")
    let fill = drafts.dropLast().map(\.span.count).reduce(0, +) / (drafts.count - 1)
    #expect(fill > 900, "\(fill), seed \(seed)")
  }

  private func size(_ method: ChunkingMethod) -> Int {
    switch method {
    case .sentences(let size, _), .fixed(let size, _): size
    case .byPage, .whole: KnowledgeLimits.chunkCharacters
    }
  }
}

extension ChunkingMethod {
  fileprivate var knowsHeadings: Bool { if case .sentences = self { true } else { false } }
}

extension ChunkDraft {
  fileprivate func with(text: String? = nil, pages: ClosedRange<Int>? = nil, span: Range<Int>? = nil) -> ChunkDraft {
    ChunkDraft(
      text: text ?? self.text, number: number, pages: pages ?? self.pages, span: span ?? self.span, headings: headings,
      tokens: tokens)
  }
}
