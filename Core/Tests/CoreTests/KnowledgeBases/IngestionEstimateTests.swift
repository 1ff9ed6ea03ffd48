import Core
import Testing

@Suite("What an upload takes")
struct IngestionEstimateTests {
  private func key(_ text: String, _ model: String = "m", _ dimensions: Int = 384) -> EmbeddingKey {
    EmbeddingKey(text: text, model: ModelVersionID(model), dimensions: dimensions, sha256: PlainSHA256.hash)
  }

  private func identity() throws -> DocumentIdentity {
    try DocumentIdentity(collection: .default, externalID: nil, fileName: "a.pdf")
  }

  @Test("KB-15: a vector is known by model, dimensions and text")
  func keys() {
    #expect(key("a") == key("a"))
    #expect(Set([key("a"), key("b"), key("a", "n"), key("a", "m", 1_024), key("", "ma")]).count == 5)
    #expect(key("a").hash.count == 32)
  }

  @Test("KB-17: only texts without a vector cost tokens, equal texts of one upload once")
  func tokens() throws {
    let bytes = StorageBytes(text: 100, vectors: 1_536)
    let chunks = ["a", "b", "b", "c"].map {
      IngestionEstimate.EstimatedChunk(key: key($0), tokens: 50, bytes: bytes)
    }
    let document = StorageBytes.document(original: 1_000, extractedText: "Text", identity: try identity())
    let estimate = IngestionEstimate(of: chunks, cached: [key("c")], document: document)
    #expect(estimate.tokens == 100 && estimate.chunks == 4 && estimate.chunksWithoutCost == 2)
    #expect(estimate.bytes.total == 4 * 1_636 + 1_000 + 4 + 10 + 64)
    #expect(IngestionEstimate(of: chunks, cached: Set(chunks.map(\.key)), document: document).tokens == .zero)
  }

  @Test("KB-17: what does not fit is refused with figures, to the token and the byte")
  func refusals() {
    let estimate = IngestionEstimate(
      chunks: 3, chunksWithoutCost: 0, tokens: 1_200, bytes: StorageBytes(original: 5_000))
    func refusals(_ tokens: TokenCount?, _ used: Int64) -> [IngestionRefusal] {
      estimate.refusals(
        tokensLeft: tokens, refill: Instant(milliseconds: 1_795_219_200_000), used: StorageBytes(text: used))
    }
    #expect(refusals(1_200, 9_999_995_000).isEmpty)
    #expect(refusals(nil, 0).isEmpty)
    let both = refusals(1_199, 9_999_995_001)
    #expect(both.count == 2)
    #expect(both[0].sentence.contains("1,200 tokens") && both[0].sentence.contains("1,199 left"))
    #expect(both[0].sentence.contains("2026-11-21"))
    #expect(both[1].sentence.contains("5,000 bytes, but 4,999 of"))
    #expect(both[1].sentence.contains("10,000,000,000 bytes"))
  }

  @Test("KB-17: a smaller version of a document is let in also where the storage is full")
  func replacing() {
    let smaller = IngestionEstimate(
      chunks: 1, chunksWithoutCost: 0, tokens: 1, bytes: StorageBytes(text: 90), freed: StorageBytes(text: 100))
    #expect(smaller.refusals(tokensLeft: nil, refill: nil, used: StorageBytes(text: 500), storage: 400).isEmpty)
    let larger = IngestionEstimate(
      chunks: 1, chunksWithoutCost: 0, tokens: 1, bytes: StorageBytes(text: 111), freed: StorageBytes(text: 100))
    #expect(
      larger.refusals(tokensLeft: nil, refill: nil, used: StorageBytes(text: 390), storage: 400)
        == [.storage(needed: 11, left: 10, of: 400)])
  }

  @Test("KB-5: what a chunk takes is counted by rule, and sums and differences are exact")
  func bytes() {
    let chunk = Chunk(
      id: ChunkID("c1"), text: "Gr\u{FC}n", metadata: [MetadataPair("a", .number(1))], mxObjectID: "123")
    let bytes = StorageBytes.chunk(chunk, dimensions: 1_000, distinctTerms: 1)
    #expect(bytes == StorageBytes(text: 5, vectors: 4_000, metadata: 9 + 2 + 3, index: 125 + 8 + 8 + 64))
    #expect(bytes.total == 5 + 4_000 + 14 + 205)
    #expect((bytes + bytes - bytes) == bytes)
  }

  @Test("KB-15: a document is its collection and its external id, or else its file name")
  func identities() throws {
    let byID = try DocumentIdentity(collection: .default, externalID: "a.pdf", fileName: "b.pdf")
    #expect(byID.key == "id:a.pdf")
    #expect(try identity().key == "file:a.pdf")
    let composed = try DocumentIdentity(collection: .default, externalID: nil, fileName: "Cafe\u{301}.pdf")
    #expect(composed.key.utf8.count == "file:Caf\u{E9}.pdf".utf8.count)
    let problems = #expect(throws: InvalidInput.self) {
      try DocumentIdentity(
        collection: .default, externalID: String(repeating: "x", count: 501), fileName: "a\u{7}")
    }
    #expect(problems?.problems.map(\.field) == ["externalId", "fileName"])
    #expect(throws: InvalidInput.self) { try DocumentIdentity(collection: .default, externalID: nil, fileName: nil) }
  }
}
