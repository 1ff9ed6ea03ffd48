import NIOCore

/// The answer to `POST /v1/chat/completions` when it is more than plain words.
struct ComposedOpenAI: BlockWriter {
  let plan: CallPlan
  let composition: Composition
  let contentType = "text/event-stream"
  let headers: [(name: String, value: String)] = []

  private var report: UsageReport { plan.reportsUsage ? plan.settings.usage : .none }

  private var finishReason: String {
    switch composition.stop {
    case .endOfTurn, .stopSequence, .scripted(.pause), .scripted(.declined): "stop"
    case .maxTokens, .scripted(.context): "length"
    case .toolUse: "tool_calls"
    case .scripted: "content_filter"
    }
  }

  // Whole

  func answer() -> Answer {
    var body = ByteBuffer()
    body.writeString(
      "{\"id\":\"chatcmpl-sim-\(plan.number)\",\"object\":\"chat.completion\",\"created\":\(OpenAIChat.created),"
        + "\"model\":")
    body.writeJSONString(plan.model)
    body.writeStaticString(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"")
    for (name, kind) in [("content", Composition.Kind.text), ("refusal", .declined)] {
      body.writeString(",\"\(name)\":")
      if let text = text(of: kind) { body.writeJSONString(text) } else { body.writeNull() }
    }
    if let reasoning = text(of: .reasoning) {
      body.writeStaticString(",\"reasoning_content\":")
      body.writeJSONString(reasoning)
    }
    writeCalls(into: &body)
    body.writeString("},\"logprobs\":null,\"finish_reason\":\"\(finishReason)\"}]")
    if plan.reportsUsage { body.writeString(",\"usage\":" + OpenAIChat.usage(plan, output: plan.tokens.output)) }
    body.writeStaticString(",\"system_fingerprint\":\"sim\"}")
    return Answer(body: body)
  }

  private func text(of kind: Composition.Kind) -> String? {
    composition.blocks.first { $0.kind == kind }?.tokens.text
  }

  private func writeCalls(into body: inout ByteBuffer) {
    guard composition.toolCalls > 0 else { return }
    body.writeStaticString(",\"tool_calls\":[")
    for block in composition.blocks {
      guard case .toolCall(let name, let ordinal) = block.kind else { continue }
      if ordinal > 0 { body.writeStaticString(",") }
      body.writeString(
        "{\"id\":\"\(callID(ordinal))\",\"type\":\"function\",\"function\":{\"name\":\"\(name)\",\"arguments\":")
      body.writeJSONString(block.tokens.text)
      body.writeStaticString("}}")
    }
    body.writeStaticString("]")
  }

  private func callID(_ ordinal: Int) -> String {
    "\(ChatFormat.openAI.callPrefix)\(plan.number)_\(ordinal)"
  }

  // Streamed

  func stream() -> ComposedStream<ComposedOpenAI> { ComposedStream(self) }

  func writeOpening(into buffer: inout ByteBuffer) {
    chunk("{\"role\":\"assistant\",\"content\":\"\"}", said: 0, into: &buffer)
    if report == .start { writeUsage(into: &buffer) }
  }

  func begin(_ block: Composition.Block, at index: Int, into buffer: inout ByteBuffer) {}
  func end(_ block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {}

  func write(_ token: Int, of block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {
    switch block.kind {
    case .text: delta("{\"content\":\"", token, block, "\"}", said, into: &buffer)
    case .declined: delta("{\"refusal\":\"", token, block, "\"}", said, into: &buffer)
    case .reasoning: delta("{\"reasoning_content\":\"", token, block, "\"}", said, into: &buffer)
    case .redacted: break
    case .toolCall(let name, let ordinal):
      let start =
        token == 0
        ? "\"id\":\"\(callID(ordinal))\",\"type\":\"function\",\"function\":{\"name\":\"\(name)\",\"arguments\":\""
        : "\"function\":{\"arguments\":\""
      delta("{\"tool_calls\":[{\"index\":\(ordinal),\(start)", token, block, "\"}}]}", said, into: &buffer)
    }
  }

  private func delta(
    _ start: String, _ token: Int, _ block: Composition.Block, _ end: String, _ said: Int,
    into buffer: inout ByteBuffer
  ) {
    var delta = ByteBuffer(string: start)
    block.tokens.writeJSON(token..<token + 1, into: &delta)
    delta.writeString(end)
    chunk(String(buffer: delta), said: said, into: &buffer)
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    chunk("{}", said: plan.tokens.output, finishes: true, into: &buffer)
    if report == .full, plan.includesUsageChunk { writeUsage(into: &buffer) }
    buffer.writeStaticString("data: [DONE]\n\n")
  }

  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    OpenAIChat.writeError(status, into: &buffer)
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    OpenAIChat.writeGarbage(into: &buffer)
  }

  private func writeHead(into buffer: inout ByteBuffer) {
    buffer.writeString(
      "data: {\"id\":\"chatcmpl-sim-\(plan.number)\",\"object\":\"chat.completion.chunk\","
        + "\"created\":\(OpenAIChat.created),\"model\":")
    buffer.writeJSONString(plan.model)
    buffer.writeStaticString(",\"system_fingerprint\":\"sim\",\"choices\":[")
  }

  private func chunk(_ delta: String, said: Int, finishes: Bool = false, into buffer: inout ByteBuffer) {
    writeHead(into: &buffer)
    let reason = finishes ? "\"\(finishReason)\"" : "null"
    buffer.writeString("{\"index\":0,\"delta\":\(delta),\"logprobs\":null,\"finish_reason\":\(reason)}]")
    if report == .cumulative || (report == .end && finishes) {
      buffer.writeString(",\"usage\":" + OpenAIChat.usage(plan, output: said))
    } else if report == .full, plan.includesUsageChunk {
      buffer.writeStaticString(",\"usage\":null")
    }
    buffer.writeStaticString("}\n\n")
  }

  private func writeUsage(into buffer: inout ByteBuffer) {
    writeHead(into: &buffer)
    buffer.writeString("],\"usage\":\(OpenAIChat.usage(plan, output: plan.tokens.output))}\n\n")
  }
}
