import Core
import Testing

@testable import Dialects

@Suite("Of a piece in which a passing answer breaks, what stood before is relayed (D-1, F-4)")
struct BrokenPieceTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let decoder: @Sendable () -> any UpstreamDecoder
    let encoder: @Sendable () -> any AnswerEncoder
    let good: [[UInt8]]
    let broken: [[UInt8]]
  }

  private static func lines(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  private static func frame(_ event: String, _ payload: String, isException: Bool = false) -> [UInt8] {
    let payload = Array(payload.utf8)
    return
      (isException
      ? EventStreamFrame(exception: event, payload: payload) : EventStreamFrame(event: event, payload: payload))
      .bytes
  }

  private static func chunk(_ event: String) -> [UInt8] {
    frame("chunk", #"{"bytes":"\#(Exchange.text(Base64.encode(Array(event.utf8))))"}"#)
  }

  private static let messages = [
    #"{"type":"message_start","message":{"usage":{"input_tokens":3}}}"#,
    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"one"}}"#,
  ]
  private static let brokenMessages = [
    "{", #"{"type":"error","error":{"message":"secret"}}"#, #"{"type":"content_block_delta"}"#,
  ]

  static let cases = [
    Case(
      testDescription: "chat completions", decoder: { OpenAIChatStreamDecoder() },
      encoder: { OpenAIStreamRelay(includesUsage: true) },
      good: lines([
        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n",
        ": a comment\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"two\"}}]}\r\n\r\n",
      ]),
      broken: lines([
        "data: {\"choices\"\n\n", "data: {\"error\":{\"message\":\"secret\"}}\n\n",
        "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0}]}}]}\n\n",
      ])),
    Case(
      testDescription: "messages", decoder: { AnthropicStreamDecoder(answersByTool: false) },
      encoder: { AnthropicStreamRelay() },
      good: lines(messages.map { "event: x\ndata: \($0)\n\n" }),
      broken: lines(brokenMessages.map { "event: x\ndata: \($0)\n\n" })),
    Case(
      testDescription: "Claude behind InvokeModel", decoder: { BedrockInvokeStreamDecoder(answersByTool: false) },
      encoder: {
        passed(BedrockInvokeInbound(isStreaming: true), #""max_tokens":9,"messages":[{"role":"user","content":"x"}]"#)
      },
      good: messages.map(chunk),
      broken: brokenMessages.map(chunk) + [
        frame("throttlingException", "{}", isException: true), frame("chunk", "{}"),
        Array(frame("chunk", "{}").dropLast()) + [0],
      ]),
    Case(
      testDescription: "Converse", decoder: { ConverseStreamDecoder(answersByTool: false) },
      encoder: {
        passed(BedrockConverseInbound(isStreaming: true), #""messages":[{"role":"user","content":[{"text":"x"}]}]"#)
      },
      good: [
        frame("messageStart", #"{"role":"assistant"}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"one"}}"#),
        frame("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"text":"two"}}"#),
      ],
      broken: [
        frame("contentBlockDelta", "{"), frame("modelStreamErrorException", "{}", isException: true),
        Array(frame("contentBlockDelta", "{}").dropLast()) + [0],
      ]),
  ]

  /// The relay of a call that passes to Bedrock.
  private static func passed(_ codec: any InboundCodec, _ members: String) -> any AnswerEncoder {
    let decoded = try? codec.decode(Exchange.request("{\(members)}"))
    let original = decoded?.original
    let call = decoded?.call ?? .chat(ChatRequest(messages: []))
    return original.flatMap { BedrockConverseOutbound().passing($0, for: call, upstreamModel: "anthropic.m")?.encoder }
      ?? WholeAnswerRelay { _ in AnswerHead(status: 500, headers: []) }
  }

  /// What the machine gives to the caller of `pieces`, up to what breaks.
  private static func relayed(_ example: Case, _ pieces: [[UInt8]]) -> (bytes: [UInt8], hasFailed: Bool) {
    var decoder = example.decoder()
    var encoder = example.encoder()
    var bytes: [UInt8] = []
    for piece in pieces {
      let events = try? decoder.feed(piece)
      let whole = decoder.framesRead
      guard events != nil else { return (bytes + (bytes.isEmpty ? [] : encoder.relay(piece, frames: whole)), true) }
      guard (try? decoder.feed([])) != nil else { return (bytes + encoder.relay(piece, frames: whole), true) }
      bytes += encoder.relay(piece)
    }
    return (bytes, false)
  }

  @Test("All whole frames before it and nothing of it, however the stream is cut", arguments: cases)
  func relays(_ example: Case) {
    let good = Array(example.good.joined())
    for broken in example.broken {
      let stream = good + broken + example.good[2]
      for cut in 0...stream.count {
        let (bytes, hasFailed) = Self.relayed(example, [Array(stream[..<cut]), Array(stream[cut...])])
        #expect(hasFailed, "\(cut)")
        #expect(bytes == good, "\(cut): \(Exchange.text(broken))")
      }
      let bytewise = Self.relayed(example, stream.map { [$0] })
      #expect(bytewise.hasFailed)
      #expect(bytewise.bytes == good)
    }
    // A stream without a fault is relayed as it is.
    let whole = Self.relayed(example, [good])
    #expect(!whole.hasFailed)
    #expect(whole.bytes == good)
  }
}
