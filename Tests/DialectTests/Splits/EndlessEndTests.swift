import CodecCorpus
import Core
import Testing

@testable import Dialects

/// Ends that go on for ever are told as failures, not cut: the caller would take what is left for the whole answer.
@Suite("An answer whose end goes on beyond what is kept back has failed (F-4, M-1)")
struct EndlessEndTests {
  struct Case: Sendable, CustomTestStringConvertible {
    /// A kind of answer.
    let testDescription: String
    let begin: [UInt8]
    /// What may come any number of times between the beginning of the end and the end.
    let more: [UInt8]
    let last: [UInt8]
  }

  private static func frame(_ event: String, _ payload: String) -> [UInt8] {
    EventStreamFrame(event: event, payload: Array(payload.utf8)).bytes
  }

  private static func chunk(_ event: String) -> [UInt8] {
    frame("chunk", #"{"bytes":"\#(Exchange.text(Base64.encode(Array(event.utf8))))"}"#)
  }

  private static let padding = String(repeating: "x", count: 10_000)
  private static let started = #"{"type":"message_start","message":{"usage":{"input_tokens":3}}}"#
  private static let delta = #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":1}}"#
  private static let stopped = #"{"type":"message_stop"}"#

  private static func event(_ data: String, comment: String = "") -> [UInt8] {
    Array("\(comment.isEmpty ? "" : ": \(comment)\n")data: \(data)\n\n".utf8)
  }

  static let cases = [
    Case(
      testDescription: "anthropic-stream", begin: event(started) + event(delta),
      more: event(delta.dropLast() + #","own":"\#(padding)"}"#), last: event(stopped)),
    // The frame is long, what it says is not.
    Case(
      testDescription: "anthropic-stream", begin: event(started) + event(delta), more: event(delta, comment: padding),
      last: event(stopped)),
    Case(
      testDescription: "claude-invoke-stream", begin: chunk(started) + chunk(delta),
      more: chunk(#"{"type":"ping","own":"\#(padding)"}"#), last: chunk(stopped)),
    Case(
      testDescription: "claude-invoke-stream", begin: chunk(started) + chunk(delta), more: frame("news", padding),
      last: chunk(stopped)),
    Case(
      testDescription: "converse-stream",
      begin: frame("messageStart", #"{"role":"assistant"}"#) + frame("messageStop", #"{"stopReason":"end_turn"}"#),
      more: frame("news", #"{"own":"\#(padding)"}"#),
      last: frame("metadata", #"{"usage":{"inputTokens":3,"outputTokens":1}}"#)),
  ]

  private static func relayed(_ example: Case, times: Int, pieces: Int) throws -> Relayed {
    let bytes = example.begin + Array(repeatElement(example.more, count: times).joined()) + example.last
    let kind = try #require(AnswerKind.named(example.testDescription))
    let cuts = Array(stride(from: pieces, to: bytes.count, by: pieces))
    return try #require(Relayed(of: bytes, kind, cuts: cuts))
  }

  @Test("Up to the bound the end is whole; beyond it the answer fails, however it is split", arguments: cases)
  func bound(_ example: Case) throws {
    let most = AnswerEnding.most / example.more.count
    for pieces in [4_096, 10_000_000] {
      let short = try Self.relayed(example, times: 20, pieces: pieces)
      #expect(!short.isBroken && short.end == short.bytes.suffix(short.end.count) && short.end.count > 200_000)
      #expect(short.bytes.suffix(example.last.count) == example.last[...])
      let long = try Self.relayed(example, times: most + 2, pieces: pieces)
      #expect(long.isBroken && long.end.isEmpty && long.before.count < 1_000)
    }
  }
}
