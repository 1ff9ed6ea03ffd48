import CodecCorpus
import Core
import Testing

@Suite("An answer that passes through gives the same bytes however it is split (D-1)")
struct RelaySplitTests {
  private static let transcripts = (try? Transcript.all())?.filter { $0.kind.passed != nil } ?? []
  private static let whole = transcripts.filter { Outcome(of: $0.bytes, with: $0.kind.decoder).failure == nil }

  /// Embeddings in a form that nobody asked for, or in another order, which are written anew.
  private static let otherForms = ["openai-embeddings/base64", "openai-embeddings/numbers"]

  @Test("Every kind of answer that an application is told in its own dialect passes, and the corpus has some of each")
  func kinds() {
    let passing = Set(AnswerKind.all.filter { $0.passed != nil }.map(\.name))
    #expect(
      passing == [
        "openai-chat", "openai-chat-stream", "openai-embeddings", "anthropic", "anthropic-stream", "converse",
        "converse-stream", "claude-invoke", "claude-invoke-stream", "cohere-embed", "cohere-invoke",
      ])
    #expect(Set(Self.whole.map(\.kind.name)) == passing)
  }

  @Test("What the provider sent is what the caller gets; only what follows the end is left out", arguments: whole)
  func untouched(transcript: Transcript) throws {
    for bytes in transcript.spellings {
      let relayed = try #require(Relayed(of: bytes, transcript.kind))
      #expect(!relayed.isBroken)
      if Self.otherForms.contains(transcript.description) {
        #expect(relayed.bytes != bytes)
      } else if transcript.name == "after-the-end" {
        #expect(bytes.starts(with: relayed.bytes) && relayed.bytes.count < bytes.count)
      } else {
        // Some servers leave the end out, which is written for them.
        #expect(relayed.bytes.starts(with: bytes))
        if transcript.form != .serverSentEvents { #expect(relayed.bytes == bytes) }
      }
    }
  }

  @Test("Cut anywhere, byte by byte and in random pieces, the same bytes leave", arguments: whole)
  func splits(transcript: Transcript) throws {
    var random = TestRandom(seed: 7)
    for bytes in transcript.spellings {
      let whole = try #require(Relayed(of: bytes, transcript.kind))
      for cut in 0...bytes.count {
        #expect(Relayed(of: bytes, transcript.kind, cuts: [cut]) == whole, "cut at \(cut)")
      }
      #expect(Relayed(of: bytes, transcript.kind, cuts: Array(0..<bytes.count)) == whole)
      for _ in 0..<20 {
        let longest = 1 + random.below([3, 20, 200][random.below(3)])
        var cuts: [Int] = []
        while (cuts.last ?? 0) < bytes.count {
          cuts.append(min(bytes.count, (cuts.last ?? 0) + 1 + random.below(longest)))
        }
        #expect(Relayed(of: bytes, transcript.kind, cuts: cuts) == whole, "cuts \(cuts)")
      }
    }
  }

  @Test("Nothing that leaves before the settlement is a whole answer (M-1)", arguments: whole)
  func heldBack(transcript: Transcript) throws {
    let relayed = try #require(Relayed(of: transcript.bytes, transcript.kind))
    var decoder = transcript.kind.decoder
    _ = try? decoder.feed(relayed.before)
    #expect(!decoder.isComplete)
    if transcript.form == .json { #expect(relayed.before.isEmpty) }
    #expect(!relayed.end.isEmpty)
  }

  @Test("Of an answer that breaks, what passed is the beginning, and its end never does (F-4)", arguments: transcripts)
  func broken(transcript: Transcript) throws {
    let slowly = try #require(
      Relayed(of: transcript.bytes, transcript.kind, cuts: Array(0..<transcript.bytes.count)))
    guard slowly.isBroken else { return }
    #expect(slowly.end.isEmpty && transcript.bytes.starts(with: slowly.before))
    for cut in 0...transcript.bytes.count {
      let relayed = try #require(Relayed(of: transcript.bytes, transcript.kind, cuts: [cut]))
      #expect(relayed.isBroken && relayed.end.isEmpty && slowly.before.starts(with: relayed.before), "cut at \(cut)")
    }
  }

  @Test("A relay that minds how bytes are split is found out")
  func canFind() throws {
    /// Takes each piece for a frame, and marks its end.
    struct Careless: AnswerEncoder {
      func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
        AnswerHead(status: 200, headers: [])
      }
      func encode(_ event: ModelEvent) -> [UInt8] { [] }
      func relay(_ bytes: [UInt8]) -> [UInt8] { bytes + [0] }
      func finish(usage: TokenUsage) -> [UInt8] { [] }
    }
    let transcript = try #require(Self.whole.first { $0.form == .frames })
    var kind = transcript.kind
    kind.passed?.encoder = Careless()
    #expect(Relayed(of: transcript.bytes, kind) != Relayed(of: transcript.bytes, kind, cuts: [9]))
  }
}
