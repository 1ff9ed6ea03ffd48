import Core
import Dialects
import Testing

@Suite("Streamed answers for the Mendix connector")
struct ConnectorStreamTests {
  private static let body = #"{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{}}"#
  private static let clock = WallClock { Exchange.createdAt.adding(milliseconds: 42) }
  private static let codec = ConnectorConverseInbound(isStreaming: true, clock: clock)

  private static let closing =
    #"metadata {"usage":{"inputTokens":7,"outputTokens":5,"totalTokens":17,"cacheReadInputTokens":3,"#
    + #""cacheWriteInputTokens":2},"metrics":{"latencyMs":42}}"#

  private static let names = [
    "MESSAGE_START": "messageStart", "CONTENT_BLOCK_START": "contentBlockStart",
    "CONTENT_BLOCK_DELTA": "contentBlockDelta", "CONTENT_BLOCK_STOP": "contentBlockStop",
    "MESSAGE_STOP": "messageStop", "METADATA": "metadata",
  ]

  /// The events as Bedrock names them, each with its payload.
  private static func lines(_ bytes: [UInt8]) throws -> [String] {
    var parser = ServerSentEventParser()
    let events = try parser.feed(bytes)
    guard try parser.finish() == nil else { throw Exchange.Mismatch() }
    return events.map { "\($0.name.flatMap { names[$0] } ?? "?") \(Exchange.text($0.data))" }
  }

  @Test("The wire, to the byte")
  func golden() throws {
    let (head, bytes) = try Exchange.written(Self.codec, Self.body, SampleAnswer.text)
    #expect(head.headers.value(of: "content-type") == "text/event-stream")
    #expect(head.headers.value(of: "cache-control") == "no-cache")
    #expect(head.headers.value(of: "x-request-id") == "req-1")
    #expect(
      Exchange.text(bytes) == """
        event: MESSAGE_START
        data: {"role":"assistant"}

        event: CONTENT_BLOCK_DELTA
        data: {"contentBlockIndex":0,"delta":{"text":"Hel"}}

        event: CONTENT_BLOCK_DELTA
        data: {"contentBlockIndex":0,"delta":{"text":"lo \\"you\\"\\n"}}

        event: CONTENT_BLOCK_STOP
        data: {"contentBlockIndex":0}

        event: MESSAGE_STOP
        data: {"stopReason":"end_turn"}

        event: METADATA
        data: \(Self.closing.dropFirst("metadata ".count))


        """)
  }

  @Test("Tool calls are numbered from 1, whether a text came before or not")
  func tools() throws {
    let announced = SampleAnswer.tools.filter { event in
      if case .chat(.delta(index: 0, _)) = event { false } else { true }
    }
    for events in [SampleAnswer.tools, announced] {
      let lines = try Self.lines(try Exchange.written(Self.codec, Self.body, events).bytes)
      #expect(
        lines.suffix(9) == [
          #"contentBlockStart {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"weather"}}}"#,
          #"contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\"city\":"}}}"#,
          #"contentBlockDelta {"contentBlockIndex":1,"delta":{"toolUse":{"input":"\"Ulm\"}"}}}"#,
          #"contentBlockStop {"contentBlockIndex":1}"#,
          #"contentBlockStart {"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t2","name":"clock"}}}"#,
          #"contentBlockDelta {"contentBlockIndex":2,"delta":{"toolUse":{"input":"{}"}}}"#,
          #"contentBlockStop {"contentBlockIndex":2}"#, #"messageStop {"stopReason":"tool_use"}"#, Self.closing,
        ])
      #expect(lines.count == (events.count == SampleAnswer.tools.count ? 12 : 10))
    }
  }

  @Test("Reasoning is part of block 0, with its own pieces")
  func reasoning() throws {
    let events: [ModelEvent] = [
      .chat(.delta(index: 0, .reasoning(Sensitive("hm")))), .chat(.delta(index: 0, .signature("s"))),
      .chat(.blockStopped(index: 0)), .text(1, "yes"), .chat(.stopped(.endOfTurn)),
    ]
    #expect(
      try Self.lines(try Exchange.written(Self.codec, Self.body, events).bytes).dropLast() == [
        #"messageStart {"role":"assistant"}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"hm"}}}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}"#,
        #"contentBlockStop {"contentBlockIndex":0}"#,
        #"contentBlockDelta {"contentBlockIndex":0,"delta":{"text":"yes"}}"#,
        #"contentBlockStop {"contentBlockIndex":0}"#, #"messageStop {"stopReason":"end_turn"}"#,
      ])
  }

  @Test("Whatever a model says, the events come in the client's order and numbers", arguments: TestRandom.freshSeeds(4))
  func order(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    for round in 0..<500 {
      let events = RandomAnswer.events(&random, overlapping: true)
      let lines = try Self.lines(try Exchange.written(Self.codec, Self.body, events).bytes)
      #expect(try ConverseOrder.violations(lines, isConnector: true) == [], "seed \(seed), round \(round)")
    }
    let bedrock = try Exchange.lines(
      try Exchange.written(BedrockConverseInbound(isStreaming: true), Self.body, [.text(0, "a"), .text(1, "b")]).bytes)
    #expect(try !ConverseOrder.violations(bedrock, isConnector: true).isEmpty)
  }

  @Test("The end is kept back until the call is settled (M-1)")
  func heldBack() throws {
    var encoder = try Self.codec.decode(Exchange.request(Self.body)).encoder
    _ = encoder.head(requestID: Exchange.requestID, model: Exchange.model, createdAt: Exchange.createdAt)
    let before = Exchange.text(SampleAnswer.tools.flatMap { encoder.encode($0) })
    #expect(!before.contains("MESSAGE_STOP") && !before.contains("METADATA"))
    let last = Exchange.text(encoder.finish(usage: SampleAnswer.usage))
    #expect(last.hasPrefix("event: MESSAGE_STOP\n") && last.contains("event: METADATA\n"))
  }

  @Test("A failure in a stream is an event with one sentence and the request's id (F-4, F-5)")
  func midStream() {
    let failure = GatewayFailure.upstream(UpstreamFailure(.connection, "The provider \"left\"."))
    #expect(
      Exchange.text(Self.codec.encodeMidStream(failure, requestID: Exchange.requestID))
        == "event: ERROR\ndata: {\"message\":\"The provider \\\"left\\\".\",\"requestId\":\"req-1\"}\n\n")
  }

  @Test("The request says nothing of streaming: the path does")
  func path() throws {
    #expect(try Self.codec.decode(Exchange.request(Self.body)).call.isStreaming)
    #expect(try !ConnectorConverseInbound().decode(Exchange.request(Self.body)).call.isStreaming)
  }
}
