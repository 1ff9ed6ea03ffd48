import NIOCore

/// The answer to `POST /model/{modelId}/converse` in plain words.
struct BedrockConverse {
  let plan: CallPlan

  fileprivate var stopReason: String { plan.endsAtMaximum ? "max_tokens" : "end_turn" }

  func answer() -> Answer {
    var body = ByteBuffer()
    body.reserveCapacity(384 + OutputText.length(ofFirst: plan.tokens.output))
    body.writeStaticString("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"")
    let textStart = body.readableBytes
    OutputText.write(from: 0, count: plan.tokens.output, into: &body)
    body.writeString("\"}]}},\"stopReason\":\"\(stopReason)\"")
    if plan.reportsUsage { body.writeString(",\"usage\":" + Self.usage(plan, output: plan.tokens.output)) }
    body.writeString(",\"metrics\":" + Self.metrics(plan) + "}")
    return Answer(body: body, textStart: textStart)
  }

  /// Bedrock keeps cached input apart from the input tokens and leaves both out of neither total.
  static func usage(_ plan: CallPlan, output: Int) -> String {
    let tokens = plan.tokens
    let details =
      tokens.cacheWrites > 0
      ? ",\"cacheDetails\":["
        + [("5m", tokens.cacheWrite), ("1h", tokens.cacheWriteHour)].filter { $0.1 > 0 }
        .map { "{\"ttl\":\"\($0.0)\",\"inputTokens\":\($0.1)}" }.joined(separator: ",") + "]" : ""
    return "{\"inputTokens\":\(tokens.input),\"outputTokens\":\(output),\"totalTokens\":\(tokens.wholeInput + output),"
      + "\"cacheReadInputTokens\":\(tokens.cacheRead),\"cacheWriteInputTokens\":\(tokens.cacheWrites)\(details)}"
  }

  static func metrics(_ plan: CallPlan) -> String { "{\"latencyMs\":\(plan.settings.latency)}" }

  func stream() -> BedrockConverseStream {
    BedrockConverseStream(converse: self)
  }
}

/// The answer to `POST /model/{modelId}/converse-stream` in plain words.
struct BedrockConverseStream: AnswerStream {
  let contentType = EventStreamFrame.contentType
  let converse: BedrockConverse

  func writeOpening(into buffer: inout ByteBuffer) {
    EventStreamFrame.writeEvent("messageStart", into: &buffer) { $0.writeStaticString("{\"role\":\"assistant\"}") }
  }

  func writeToken(_ index: Int, into buffer: inout ByteBuffer) {
    EventStreamFrame.writeEvent("contentBlockDelta", into: &buffer) { payload in
      payload.writeStaticString("{\"contentBlockIndex\":0,\"delta\":{\"text\":\"")
      OutputText.write(from: index, count: 1, into: &payload)
      payload.writeStaticString("\"}}")
    }
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    let plan = converse.plan
    EventStreamFrame.writeEvent("contentBlockStop", into: &buffer) {
      $0.writeStaticString("{\"contentBlockIndex\":0}")
    }
    EventStreamFrame.writeEvent("messageStop", into: &buffer) {
      $0.writeString("{\"stopReason\":\"\(converse.stopReason)\"}")
    }
    EventStreamFrame.writeEvent("metadata", into: &buffer) { payload in
      let usage =
        plan.reportsUsage ? "\"usage\":\(BedrockConverse.usage(plan, output: plan.tokens.output))," : ""
      payload.writeString("{\(usage)\"metrics\":\(BedrockConverse.metrics(plan))}")
    }
  }

  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    EventStreamFrame.writeException(status, into: &buffer)
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    EventStreamFrame.writeBrokenFrame(into: &buffer)
  }
}
