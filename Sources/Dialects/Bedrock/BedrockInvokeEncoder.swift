import Core

/// A whole answer of InvokeModel: the body of the model's maker under a head that tells tokens and latency, as Bedrock
/// does. The head is asked for once the usage is known, or the counts are missing from it.
struct BedrockInvokeEncoder: AnswerEncoder {
  private var answer: any AnswerEncoder
  private var latency: AnswerLatency
  private var usage: TokenUsage?

  /// `answer` writes the body.
  init(_ answer: any AnswerEncoder, clock: WallClock?) {
    self.answer = answer
    latency = AnswerLatency(clock)
  }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    _ = answer.head(requestID: requestID, model: model, createdAt: createdAt)
    latency.start(at: createdAt)
    return BedrockHead.head(contentType: "application/json", requestID: requestID, also: figures)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    switch event {
    case .chat(.usage(let reported)): usage = reported
    case .embedded(let answer): usage = answer.usage
    case .chat: break
    }
    return answer.encode(event)
  }

  mutating func relay(_ bytes: [UInt8]) -> [UInt8] { answer.relay(bytes) }

  mutating func finish(usage: TokenUsage) -> [UInt8] { answer.finish(usage: usage) }

  /// The same head over the body of Bedrock itself.
  static func relaying(clock: WallClock?) -> BedrockInvokeEncoder {
    BedrockInvokeEncoder(
      WholeAnswerRelay { BedrockHead.head(contentType: "application/json", requestID: $0) }, clock: clock)
  }

  /// Cached tokens stand beside the input tokens. Rule U-2.
  private var figures: [HTTPField] {
    let latency = HTTPField("x-amzn-bedrock-invocation-latency", String(latency.milliseconds))
    guard let usage else { return [latency] }
    return [
      latency,
      HTTPField(BedrockInvokeCohereOutbound.inputTokenHeader, String(usage.input.count)),
      HTTPField(BedrockInvokeCohereOutbound.outputTokenHeader, String(usage.output.count)),
      HTTPField("x-amzn-bedrock-cache-read-input-token-count", String(usage.cacheRead.count)),
      HTTPField("x-amzn-bedrock-cache-write-input-token-count", String(usage.cacheWrite.count)),
    ]
  }
}

/// A streamed answer of InvokeModel: every event of Claude's message is the content of one chunk, and the last one
/// tells tokens and latency.
struct BedrockInvokeStreamEncoder: AnswerEncoder {
  private var message = AnthropicStreamEncoder(framing: .chunks)
  private var latency: AnswerLatency

  init(clock: WallClock?) { latency = AnswerLatency(clock) }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    _ = message.head(requestID: requestID, model: model, createdAt: createdAt)
    latency.start(at: createdAt)
    return Self.head(requestID: requestID)
  }

  static func head(requestID: RequestID) -> AnswerHead {
    BedrockHead.head(
      contentType: EventStreamFrame.contentType, requestID: requestID,
      also: [HTTPField("x-amzn-bedrock-content-type", "application/json")])
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    let bytes = message.encode(event)
    if !bytes.isEmpty { latency.markFirstByte() }
    return bytes
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    let whole = latency.milliseconds
    message.metrics = InvocationMetrics(usage: usage, latency: whole, firstByte: latency.firstByte ?? whole)
    return message.finish(usage: usage)
  }
}

/// What Bedrock adds to the last event of a streamed message.
struct InvocationMetrics: Sendable {
  private static let name = "amazon-bedrock-invocationMetrics"

  let usage: TokenUsage
  /// Milliseconds.
  let latency: Int64
  /// Milliseconds.
  let firstByte: Int64

  func write(to writer: inout JSONWriter) {
    writer.object(Self.name) { metrics in
      metrics.member("inputTokenCount", usage.input.count)
      metrics.member("outputTokenCount", usage.output.count)
      metrics.member("invocationLatency", latency)
      metrics.member("firstByteLatency", firstByte)
      metrics.member("cacheReadInputTokenCount", usage.cacheRead.count)
      metrics.member("cacheWriteInputTokenCount", usage.cacheWrite.count)
    }
  }
}
