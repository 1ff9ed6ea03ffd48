import NIOCore

/// The answer to Bedrock's Converse and ConverseStream when it is more than plain words.
struct ComposedConverse: BlockWriter {
  let plan: CallPlan
  let composition: Composition
  let contentType = EventStreamFrame.contentType
  let headers: [(name: String, value: String)] = []

  private var report: UsageReport { plan.reportsUsage ? plan.settings.usage : .none }

  private var stopReason: String {
    switch composition.stop {
    case .endOfTurn, .scripted(.pause): "end_turn"
    case .maxTokens: "max_tokens"
    case .toolUse: "tool_use"
    case .stopSequence: "stop_sequence"
    case .scripted(.context): "model_context_window_exceeded"
    case .scripted(.guardrail): "guardrail_intervened"
    case .scripted: "content_filtered"
    }
  }

  // Whole

  func answer() -> Answer {
    var body = ByteBuffer(string: "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[")
    for (index, block) in composition.blocks.enumerated() {
      if index > 0 { body.writeStaticString(",") }
      write(block, into: &body)
    }
    body.writeString("]}},\"stopReason\":\"\(stopReason)\"")
    if plan.reportsUsage { body.writeString(",\"usage\":" + BedrockConverse.usage(plan, output: plan.tokens.output)) }
    body.writeString(",\"metrics\":" + BedrockConverse.metrics(plan) + "}")
    return Answer(body: body)
  }

  private func write(_ block: Composition.Block, into body: inout ByteBuffer) {
    let all = 0..<block.tokens.count
    switch block.kind {
    case .text, .declined:
      body.writeStaticString("{\"text\":\"")
      block.tokens.writeJSON(all, into: &body)
      body.writeStaticString("\"}")
    case .reasoning:
      body.writeStaticString("{\"reasoningContent\":{\"reasoningText\":{\"text\":\"")
      block.tokens.writeJSON(all, into: &body)
      body.writeString("\",\"signature\":\"\(ReasoningSeal.signature(of: block.tokens.text))\"}}}")
    case .redacted: body.writeString("{\"reasoningContent\":{\"redactedContent\":\"\(block.tokens.text)\"}}")
    case .toolCall(let name, let ordinal):
      body.writeString(
        "{\"toolUse\":{\"toolUseId\":\"\(callID(ordinal))\",\"name\":\"\(name)\",\"input\":"
          + (block.isWhole ? block.tokens.text : "{}") + "}}")
    }
  }

  private func callID(_ ordinal: Int) -> String {
    "\(ChatFormat.converse.callPrefix)\(plan.number)_\(ordinal)"
  }

  // Streamed

  func stream() -> ComposedStream<ComposedConverse> { ComposedStream(self) }

  func writeOpening(into buffer: inout ByteBuffer) {
    EventStreamFrame.writeEvent("messageStart", into: &buffer) { $0.writeStaticString("{\"role\":\"assistant\"}") }
    if report == .start { writeMetadata(output: plan.tokens.output, into: &buffer) }
  }

  func begin(_ block: Composition.Block, at index: Int, into buffer: inout ByteBuffer) {
    // Only blocks of tools have a start event.
    guard case .toolCall(let name, let ordinal) = block.kind else { return }
    EventStreamFrame.writeEvent("contentBlockStart", into: &buffer) { payload in
      payload.writeString(
        "{\"contentBlockIndex\":\(index),\"start\":{\"toolUse\":{\"toolUseId\":\"\(callID(ordinal))\","
          + "\"name\":\"\(name)\"}}}")
    }
  }

  func write(_ token: Int, of block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {
    switch block.kind {
    case .text, .declined: delta("{\"text\":\"", token, block, index, "\"}", into: &buffer)
    case .reasoning: delta("{\"reasoningContent\":{\"text\":\"", token, block, index, "\"}}", into: &buffer)
    case .redacted: delta("{\"reasoningContent\":{\"redactedContent\":\"", token, block, index, "\"}}", into: &buffer)
    case .toolCall: delta("{\"toolUse\":{\"input\":\"", token, block, index, "\"}}", into: &buffer)
    }
  }

  private func delta(
    _ start: StaticString, _ token: Int, _ block: Composition.Block, _ index: Int, _ end: StaticString,
    into buffer: inout ByteBuffer
  ) {
    EventStreamFrame.writeEvent("contentBlockDelta", into: &buffer) { payload in
      payload.writeString("{\"contentBlockIndex\":\(index),\"delta\":")
      payload.writeStaticString(start)
      block.tokens.writeJSON(token..<token + 1, into: &payload)
      payload.writeStaticString(end)
      payload.writeStaticString("}")
    }
  }

  func end(_ block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {
    if block.kind == .reasoning {
      EventStreamFrame.writeEvent("contentBlockDelta", into: &buffer) { payload in
        payload.writeString(
          "{\"contentBlockIndex\":\(index),\"delta\":{\"reasoningContent\":{\"signature\":"
            + "\"\(ReasoningSeal.signature(of: block.tokens.text))\"}}}")
      }
    }
    EventStreamFrame.writeEvent("contentBlockStop", into: &buffer) {
      $0.writeString("{\"contentBlockIndex\":\(index)}")
    }
    if report == .cumulative { writeMetadata(output: said, into: &buffer) }
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    EventStreamFrame.writeEvent("messageStop", into: &buffer) { $0.writeString("{\"stopReason\":\"\(stopReason)\"}") }
    writeMetadata(output: report == .none || report == .start ? nil : plan.tokens.output, into: &buffer)
  }

  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    EventStreamFrame.writeException(status, into: &buffer)
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    EventStreamFrame.writeBrokenFrame(into: &buffer)
  }

  /// - Parameter output: the output tokens to report; nil leaves the usage out.
  private func writeMetadata(output: Int?, into buffer: inout ByteBuffer) {
    EventStreamFrame.writeEvent("metadata", into: &buffer) { payload in
      let usage = output.map { "\"usage\":\(BedrockConverse.usage(plan, output: $0))," } ?? ""
      payload.writeString("{\(usage)\"metrics\":\(BedrockConverse.metrics(plan))}")
    }
  }
}
