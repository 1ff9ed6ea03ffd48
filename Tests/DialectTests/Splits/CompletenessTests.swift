import CodecCorpus
import Core
import Testing

@Suite("A decoder knows when the dialect's own end has come (M-3)")
struct CompletenessTests {
  private static let transcripts = (try? Transcript.all()) ?? []
  /// Answers whose dialect's end the service left out: only the end of the connection ends them.
  private static let endless = [
    "openai-chat-stream/usage-with-every-chunk", "anthropic-stream/unknown-events",
  ]

  private static func decoder(of transcript: Transcript, upTo end: Int) -> any UpstreamDecoder {
    var decoder = transcript.kind.decoder
    decoder.head(status: 200, headers: [])
    _ = try? decoder.feed(Array(transcript.bytes[..<end]))
    return decoder
  }

  @Test("A whole answer is complete, a broken one never is", arguments: transcripts)
  func whole(transcript: Transcript) {
    let failure = Outcome(of: transcript.bytes, with: transcript.kind.decoder).failure
    let isComplete = Self.decoder(of: transcript, upTo: transcript.bytes.count).isComplete
    // A whole body that is valid JSON is complete, whatever it says.
    if failure == nil {
      #expect(isComplete != Self.endless.contains(transcript.description))
    } else if transcript.form != .json {
      #expect(!isComplete)
    }
  }

  @Test("Nothing is missing where it is complete, and until shortly before the end it is not", arguments: transcripts)
  func prefixes(transcript: Transcript) {
    let whole = Outcome(of: transcript.bytes, with: transcript.kind.decoder)
    var firstComplete: Int?
    for end in 0...transcript.bytes.count where Self.decoder(of: transcript, upTo: end).isComplete {
      firstComplete = firstComplete ?? end
      #expect(Outcome(of: Array(transcript.bytes[..<end]), with: transcript.kind.decoder) == whole, "at \(end)")
    }
    guard let firstComplete, transcript.name != "after-the-end" else { return }
    // No more than the line ends of the file follow.
    #expect(transcript.bytes.count - firstComplete <= 2, "complete at \(firstComplete)")
  }

  @Test("The stop reason alone is no end where usage follows it")
  func usageIsWaitedFor() throws {
    for name in ["converse-stream/text", "anthropic-stream/text", "claude-invoke-stream/text"] {
      let transcript = try #require(Self.transcripts.first { $0.description == name })
      let ends = (0...transcript.bytes.count).filter { end in
        (try? Exchange.decode(transcript.kind.decoder, Array(transcript.bytes[..<end]))) != nil
      }
      // Some of its beginnings are answers that have stopped, and only the last ones are complete.
      let complete = ends.filter { Self.decoder(of: transcript, upTo: $0).isComplete }
      #expect(!complete.isEmpty && complete.count < ends.count, "\(name)")
    }
  }
}
