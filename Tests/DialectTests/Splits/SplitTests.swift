import CodecCorpus
import Core
import Foundation
import Testing

@Suite("Every transcript means the same however its bytes are split")
struct SplitTests {
  static let transcripts = (try? Transcript.all()) ?? []
  /// Fewer would mean that the corpus was not found.
  private static let leastTranscripts = 50

  @Test("The corpus has answers of every kind, failing ones too, and what each means is written down")
  func corpus() throws {
    let transcripts = try Transcript.all()
    #expect(transcripts.count >= Self.leastTranscripts)
    #expect(Set(transcripts.map(\.kind.name)) == Set(AnswerKind.all.map(\.name)))
    #expect(transcripts.filter { $0.expected == nil }.map(\.description) == [])
    let meanings = transcripts.compactMap { $0.expected?.joined(separator: "\n") }.joined(separator: "\n")
    for word in ["tool", "reasoning", "signature", "redacted", "refusal", "😀", "failed", "usage", "embedded"] {
      #expect(meanings.contains(word), "no transcript has \(word)")
    }
  }

  @Test("A transcript, with any line ends, means what is written down", arguments: transcripts)
  func meaning(transcript: Transcript) {
    for bytes in transcript.spellings {
      #expect(Outcome(of: bytes, with: transcript.kind.decoder).lines == transcript.expected)
    }
  }

  @Test("Cut in two at every position, it means the same", arguments: transcripts)
  func everyPosition(transcript: Transcript) {
    for bytes in transcript.spellings {
      let whole = Outcome(of: bytes, with: transcript.kind.decoder)
      for cut in 0...bytes.count {
        #expect(Outcome(of: bytes, with: transcript.kind.decoder, cuts: [cut]) == whole, "cut at \(cut)")
      }
    }
  }

  @Test("Byte by byte, with nothing in between too, it means the same", arguments: transcripts)
  func everyByte(transcript: Transcript) {
    for bytes in transcript.spellings {
      let whole = Outcome(of: bytes, with: transcript.kind.decoder)
      #expect(Outcome(of: bytes, with: transcript.kind.decoder, cuts: Array(0..<bytes.count)) == whole)
      #expect(Outcome(of: bytes, with: transcript.kind.decoder, cuts: (0..<bytes.count).flatMap { [$0, $0] }) == whole)
    }
  }

  @Test("In random pieces it means the same", arguments: transcripts, TestRandom.freshSeeds(1))
  func randomPieces(transcript: Transcript, seed: UInt64) {
    var random = TestRandom(seed: seed)
    for bytes in transcript.spellings {
      let whole = Outcome(of: bytes, with: transcript.kind.decoder)
      for _ in 0..<30 {
        let longest = 1 + random.below([3, 20, 200][random.below(3)])
        var cuts: [Int] = []
        while (cuts.last ?? 0) < bytes.count {
          cuts.append(min(bytes.count, (cuts.last ?? 0) + 1 + random.below(longest)))
        }
        #expect(Outcome(of: bytes, with: transcript.kind.decoder, cuts: cuts) == whole, "seed \(seed), cuts \(cuts)")
      }
    }
  }

  @Test("A decoder that minds how bytes are split is found out")
  func canFind() {
    /// Takes each piece for an event.
    struct Careless: UpstreamDecoder {
      mutating func head(status: Int, headers: [HTTPField]) {}
      mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] { [.text(0, "\(bytes.count)")] }
      mutating func finish() throws(UpstreamFailure) -> [ModelEvent] { [] }
      var isComplete: Bool { false }
    }
    #expect(Outcome(of: [1, 2, 3], with: Careless()) != Outcome(of: [1, 2, 3], with: Careless(), cuts: [1]))
  }

  @Test("What stood before a failure in one piece is given before it is told (F-4, M-3)", arguments: transcripts)
  func nothingIsLost(transcript: Transcript) {
    guard let failure = Outcome(of: transcript.bytes, with: transcript.kind.decoder).failure else { return }
    let slowly = Outcome(of: transcript.bytes, with: transcript.kind.decoder, cuts: Array(0..<transcript.bytes.count))
    #expect(slowly.failure == failure)
    #expect(Outcome(of: transcript.bytes, with: transcript.kind.decoder).events == slowly.events)
    // Whatever follows, it stays the same failure.
    let more = Outcome(of: transcript.bytes + transcript.bytes, with: transcript.kind.decoder)
    if transcript.name.contains("after") { #expect(more.failure == failure && more.events == slowly.events) }
  }

  @Test("No codec of the product is left out of the corpus")
  func allCodecs() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appending(path: "Sources/Dialects").path(percentEncoded: false)
    let files = try #require(FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String })
    let text = try files.filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }.joined(separator: "\n")
    func types(of role: String) throws -> Set<String> {
      let declaration = try Regex<(Substring, Substring)>("struct (\\w+): [^{]*\\b\(role)\\b")
      return Set(text.matches(of: declaration).map { String($0.output.1) })
    }
    let inbound = try types(of: "InboundCodec")
    #expect(inbound == Set(RequestKind.all.map { "\(type(of: $0.codec))" }))
    #expect(try types(of: "OutboundCodec") == Set(AnswerKind.all.map { "\(type(of: $0.codec))" }))
    #expect(inbound.count >= 6)
  }
}
