import Core
import Testing

@Suite("Limits of knowledge bases")
struct KnowledgeLimitsTests {
  private func chunk(_ text: String = "Text", _ metadata: [MetadataPair] = [], object: String? = nil) -> Chunk {
    Chunk(id: ChunkID("c1"), text: text, metadata: metadata, mxObjectID: object)
  }

  @Test(
    "KB-5: the name of a collection",
    arguments: [
      ("default", true), ("", false), ("a/b", false), (" a", false), ("a ", false), ("a b", true), ("a\nb", false),
      ("Stra\u{DF}e", true), (String(repeating: "x", count: 100), true), (String(repeating: "x", count: 101), false),
      (String(repeating: "\u{E9}", count: 100), true), (String(repeating: "e\u{301}", count: 100), true),
      ("a" + String(repeating: "\u{301}", count: 5_000), false),
    ])
  func collectionNames(text: String, isName: Bool) {
    #expect((CollectionName(text) != nil) == isName)
    if isName { #expect(CollectionName.problem(in: CollectionName(text)?.text ?? "/") == nil) }
  }

  @Test("KB-5: one name is one collection, however it is composed")
  func composedNames() {
    #expect(CollectionName("Cafe\u{301}")?.text.utf8.count == 5)
    #expect(CollectionName("Cafe\u{301}") == CollectionName("Caf\u{E9}"))
  }

  @Test("KB-5: 10,000 characters fit into a chunk, 10,001 do not")
  func characters() {
    #expect(chunk(String(repeating: "\u{6771}", count: 10_000)).problems().isEmpty)
    let problems = chunk(String(repeating: "x", count: 10_001)).problems(prefix: "chunks[2].")
    #expect(problems.map(\.field) == ["chunks[2].text"])
    #expect(problems[0].message.contains("10,001") && problems[0].message.contains("10,000"))
    // One visible sign of many characters does not slip through.
    #expect(chunk("a" + String(repeating: "\u{301}", count: 10_000)).problems().count == 1)
  }

  @Test("KB-5: metadata counts the bytes of names and values, eight for a number, one for a boolean, up to 16,384")
  func metadataBytes() {
    let pairs = [
      MetadataPair("gr\u{F6}\u{DF}e", .number(3)), MetadataPair("b", .boolean(true)), MetadataPair("t", .text("abc")),
    ]
    #expect(pairs.map(\.byteCount) == [15, 2, 4])
    #expect(pairs.metadataBytes == 21)
    let full = MetadataPair("t", .text(String(repeating: "x", count: 16_383)))
    #expect(chunk("Text", [full]).problems().isEmpty)
    #expect(chunk("Text", [full, MetadataPair("b", .boolean(true))]).problems().map(\.field) == ["metadata"])
  }

  @Test("KB-5: every problem of a chunk is told at once")
  func allProblems() {
    let problems = chunk(
      " \n", [MetadataPair("", .number(.nan)), MetadataPair("x", .text("a\0b"))],
      object: String(repeating: "9", count: 201)
    ).problems()
    #expect(problems.map(\.field) == ["text", "metadata", "metadata", "metadata", "mxObjectId"])
  }

  @Test("KB-5: one call takes 1 to 100 chunks with different ids")
  func batches() {
    func many(_ count: Int) -> [Chunk] { (0..<count).map { Chunk(id: ChunkID("c\($0)"), text: "Text") } }
    #expect(Chunk.problems(in: many(100)).isEmpty)
    #expect(Chunk.problems(in: many(101)).count == 1)
    #expect(Chunk.problems(in: []).count == 1)
    #expect(Chunk.problems(in: many(2) + many(1)).map(\.field) == ["chunks[2].id"])
    let blank = (0..<50).map { Chunk(id: ChunkID("c\($0)"), text: "") }
    #expect(Chunk.problems(in: blank).count == KnowledgeLimits.problemsTold)
  }

  @Test("A vector has the model's dimensions, is finite and not zero")
  func vectors() {
    #expect(VectorReview.problems(in: [0, 1, 0], dimensions: 3).isEmpty)
    #expect(VectorReview.problems(in: [0, -.leastNonzeroMagnitude], dimensions: 2).isEmpty)
    #expect(VectorReview.problems(in: [0, 0], dimensions: 2).count == 1)
    #expect(VectorReview.problems(in: [-0.0, 0], dimensions: 2).count == 1)
    #expect(VectorReview.problems(in: [1], dimensions: 2).first?.message.contains("has 1 numbers") == true)
    #expect(VectorReview.problems(in: [1, .nan, .infinity], dimensions: 2).count == 2)
    #expect(VectorReview.problems(in: [], dimensions: 2).count == 1)
  }

  @Test("Metadata is written as text in one way")
  func written() {
    let values: [(MetadataValue, String)] = [
      (.number(3), "3"), (.number(-0.0), "0"), (.number(2.5), "2.5"), (.number(1e21), "1e+21"),
      (.number(9_007_199_254_740_992), "9007199254740992"), (.boolean(true), "true"), (.text("x"), "x"),
    ]
    for (value, text) in values { #expect(value.written == text) }
  }
}
