import Core
import Dialects
import Testing

@Suite("Streamed answers of Converse have Bedrock's frames")
struct ConverseStreamEncoderTests {
  private static let body = #"{"messages":[{"role":"user","content":[{"text":"x"}]}]}"#
  private static let clock = WallClock { Exchange.createdAt.adding(milliseconds: 42) }
  private static let codec = BedrockConverseInbound(isStreaming: true, clock: clock)

  private static let closing =
    #"metadata {"usage":{"inputTokens":7,"outputTokens":5,"totalTokens":17,"cacheReadInputTokens":3,"#
    + #""cacheWriteInputTokens":2},"metrics":{"latencyMs":42}}"#

  private static let reasoning: [ModelEvent] = [
    .chat(.blockStarted(index: 0, kind: .reasoning)), .chat(.delta(index: 0, .reasoning(Sensitive("hm")))),
    .chat(.delta(index: 0, .signature("si"))), .chat(.delta(index: 0, .signature("g"))),
    .chat(.blockStopped(index: 0)), .chat(.delta(index: 1, .redactedReasoning(Sensitive([1, 2])))),
    .chat(.blockStopped(index: 1)), .chat(.blockStarted(index: 2, kind: .text)), .chat(.blockStopped(index: 2)),
    .text(5, "yes"), .chat(.stopped(.maxTokens)),
  ]

  @Test("A frame has the bytes that were computed beforehand")
  func golden() throws {
    let (_, bytes) = try Exchange.written(Self.codec, Self.body, SampleAnswer.text)
    let start =
      "000000760000005296d5fade0b3a6576656e742d7479706507000c6d65737361676553746172740d3a636f6e74656e742d74797065070010"
      + "6170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b22726f6c65223a22617373697374616e"
      + "74227d6fa8c599"
    #expect(bytes.starts(with: Exchange.bytes(hex: start)))
  }

  @Test("The head names the framing and the request (F-5)")
  func head() throws {
    let (head, _) = try Exchange.written(Self.codec, Self.body, SampleAnswer.text)
    #expect(head.status == 200)
    #expect(head.headers.value(of: "content-type") == "application/vnd.amazon.eventstream")
    #expect(head.headers.value(of: "x-amzn-requestid") == "req-1")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
  }

  @Test("A text: only its pieces and its end; nothing of the answer's end comes before the settlement (M-1)")
  func text() throws {
    var encoder = try Self.codec.decode(Exchange.request(Self.body)).encoder
    _ = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    #expect(
      try Exchange.lines(SampleAnswer.text.flatMap { encoder.encode($0) }) == [
        #"messageStart {"role":"assistant"}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Hel"}}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"lo \"you\"\n"}}"#,
        #"contentBlockStop {"contentBlockIndex":0}"#,
      ])
    #expect(
      try Exchange.lines(encoder.finish(usage: SampleAnswer.usage)) == [
        #"messageStop {"stopReason":"end_turn"}"#, Self.closing,
      ])
  }

  @Test("Tool calls announce themselves; one without input has an empty object")
  func tools() throws {
    let (_, bytes) = try Exchange.written(Self.codec, Self.body, SampleAnswer.tools)
    #expect(
      try Exchange.lines(bytes) == [
        #"messageStart {"role":"assistant"}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"Looking."}}"#,
        #"contentBlockStop {"contentBlockIndex":0}"#,
        #"contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"weather"}}}"#,
        #"contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"city\":"}}}"#,
        #"contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"\"Ulm\"}"}}}"#,
        #"contentBlockStop {"contentBlockIndex":1}"#,
        #"contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t2","name":"clock"}}}"#,
        #"contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{}"}}}"#,
        #"contentBlockStop {"contentBlockIndex":2}"#, #"messageStop {"stopReason":"tool_use"}"#, Self.closing,
      ])
  }

  @Test("Reasoning: the signature once and whole, no empty block, numbers without a gap")
  func reasoningBlocks() throws {
    let (_, bytes) = try Exchange.written(Self.codec, Self.body, Self.reasoning)
    #expect(
      try Exchange.lines(bytes) == [
        #"messageStart {"role":"assistant"}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"sig"}}}"#,
        #"contentBlockStop {"contentBlockIndex":0}"#,
        #"contentBlockDelta {"contentBlockIndex":1,"delta":{"reasoningContent":{"redactedContent":"AQI="}}}"#,
        #"contentBlockStop {"contentBlockIndex":1}"#,
        #"contentBlockDelta {"contentBlockIndex":2,"delta":{"text":"yes"}}"#,
        #"contentBlockStop {"contentBlockIndex":2}"#, #"messageStop {"stopReason":"max_tokens"}"#, Self.closing,
      ])
  }

  @Test("Whatever a model says, the events come in Bedrock's order", arguments: TestRandom.freshSeeds(4))
  func order(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    for round in 0..<500 {
      let events = RandomAnswer.events(&random, overlapping: true)
      let lines = try Exchange.lines(try Exchange.written(Self.codec, Self.body, events).bytes)
      #expect(
        try ConverseOrder.violations(lines, isConnector: false) == [], "seed \(seed), round \(round)")
    }
  }

  @Test("An event that is left out, repeated or out of place is noticed")
  func orderIsChecked() throws {
    let lines = try Exchange.lines(try Exchange.written(Self.codec, Self.body, SampleAnswer.tools).bytes)
    #expect(try ConverseOrder.violations(lines, isConnector: false).isEmpty)
    func block(_ line: String) -> Substring? {
      line.firstRange(of: #""contentBlockIndex":"#).map { line[$0.upperBound...].prefix(1) }
    }
    for index in lines.indices {
      let next = (index + 1) % lines.count
      var wrong = lines
      wrong.swapAt(index, next)
      let arePieces = [lines[index], lines[next]].allSatisfy { $0.hasPrefix("contentBlockDelta") }
      // Events of different blocks may come in any order.
      let areApart = block(lines[index]).flatMap { one in block(lines[next]).map { $0 != one } } ?? false
      if !arePieces, !areApart {
        #expect(try !ConverseOrder.violations(wrong, isConnector: false).isEmpty, "swapped \(index)")
      }
      guard !lines[index].hasPrefix("contentBlockDelta") else { continue }
      wrong = lines
      wrong.remove(at: index)
      #expect(try !ConverseOrder.violations(wrong, isConnector: false).isEmpty, "without \(index)")
      wrong.insert(contentsOf: [lines[index], lines[index]], at: index)
      #expect(try !ConverseOrder.violations(wrong, isConnector: false).isEmpty, "\(index) twice")
    }
  }

  @Test("What we write reads back as the same answer, however it is split", arguments: TestRandom.freshSeeds(4))
  func roundTrip(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    let call = try Self.codec.decode(Exchange.request(Self.body)).call
    let message = #"{"max_tokens":9,"messages":[{"role":"user","content":"x"}]}"#
    func whole(_ events: [ModelEvent]) throws -> String {
      Exchange.text(try Exchange.written(AnthropicMessagesInbound(), message, events).bytes)
    }
    for round in 0..<250 {
      let events = RandomAnswer.events(&random, overlapping: false)
      let bytes = try Exchange.written(Self.codec, Self.body, events).bytes
      let cuts = (0..<random.below(5)).map { _ in random.below(bytes.count + 1) }.sorted()
      let again = try Exchange.decode(BedrockConverseOutbound().decoder(for: call), bytes, cuts: cuts)
      #expect(try whole(again) == whole(events), "seed \(seed), round \(round)")
      #expect(again.last == .chat(.usage(SampleAnswer.usage)), "seed \(seed), round \(round)")
    }
  }
}
