import NIOCore

/// The answer to `POST /model/{modelId}/converse`.
struct BedrockConverse {
  let plan: CallPlan

  fileprivate var stopReason: String { plan.endsAtMaximum ? "max_tokens" : "end_turn" }

  func answer() -> Answer {
    var body = ByteBuffer()
    body.reserveCapacity(384 + OutputText.length(ofFirst: plan.outputTokens))
    body.writeStaticString("{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"")
    let textStart = body.readableBytes
    OutputText.write(from: 0, count: plan.outputTokens, into: &body)
    body.writeString("\"}]}},\"stopReason\":\"\(stopReason)\"")
    if plan.reportsUsage { body.writeString(",\"usage\":" + usage) }
    body.writeString(",\"metrics\":" + metrics + "}")
    return Answer(body: body, textStart: textStart)
  }

  /// Bedrock keeps cached input apart from the input tokens and leaves both out of neither total.
  fileprivate var usage: String {
    let total = plan.inputTokens + plan.cacheReadTokens + plan.cacheWriteTokens + plan.outputTokens
    return "{\"inputTokens\":\(plan.inputTokens),\"outputTokens\":\(plan.outputTokens),\"totalTokens\":\(total),"
      + "\"cacheReadInputTokens\":\(plan.cacheReadTokens),\"cacheWriteInputTokens\":\(plan.cacheWriteTokens)}"
  }

  fileprivate var metrics: String { "{\"latencyMs\":\(plan.settings.latency)}" }

  func stream() -> BedrockConverseStream {
    BedrockConverseStream(converse: self)
  }
}

/// The answer to `POST /model/{modelId}/converse-stream`.
struct BedrockConverseStream: AnswerStream {
  let contentType = EventStreamFrame.contentType
  let converse: BedrockConverse

  func writeOpening(into buffer: inout ByteBuffer) {
    write("messageStart", into: &buffer) { $0.writeStaticString("{\"role\":\"assistant\"}") }
  }

  func writeToken(_ index: Int, into buffer: inout ByteBuffer) {
    write("contentBlockDelta", into: &buffer) { payload in
      payload.writeStaticString("{\"contentBlockIndex\":0,\"delta\":{\"text\":\"")
      OutputText.write(from: index, count: 1, into: &payload)
      payload.writeStaticString("\"}}")
    }
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    write("contentBlockStop", into: &buffer) { $0.writeStaticString("{\"contentBlockIndex\":0}") }
    write("messageStop", into: &buffer) { $0.writeString("{\"stopReason\":\"\(converse.stopReason)\"}") }
    write("metadata", into: &buffer) { payload in
      let usage = converse.plan.reportsUsage ? "\"usage\":\(converse.usage)," : ""
      payload.writeString("{\(usage)\"metrics\":\(converse.metrics)}")
    }
  }

  func writeError(into buffer: inout ByteBuffer) {
    let headers = [
      (name: ":exception-type", value: "modelStreamErrorException"),
      (name: ":content-type", value: "application/json"), (name: ":message-type", value: "exception"),
    ]
    EventStreamFrame.write(headers: headers, into: &buffer) { payload in
      payload.writeStaticString("{\"message\":\"The simulator was asked to fail here.\"}")
    }
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    writeOpening(into: &buffer)
    let last = buffer.writerIndex - 1
    let byte = buffer.getInteger(at: last, as: UInt8.self) ?? 0
    buffer.setInteger(~byte, at: last)
  }

  private func write(_ event: String, into buffer: inout ByteBuffer, payload: (inout ByteBuffer) -> Void) {
    let headers = [
      (name: ":event-type", value: event), (name: ":content-type", value: "application/json"),
      (name: ":message-type", value: "event"),
    ]
    EventStreamFrame.write(headers: headers, into: &buffer, payload: payload)
  }
}
