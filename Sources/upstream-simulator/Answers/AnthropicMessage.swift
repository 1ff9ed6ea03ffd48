import Foundation
import NIOCore

/// The answer to Anthropic's `POST /v1/messages`, or to Bedrock's InvokeModel with a body of that API.
struct AnthropicMessage {
  let plan: CallPlan
  let composition: Composition
  /// Inside Bedrock the answer travels in Bedrock's frames and headers.
  let isInsideBedrock: Bool

  fileprivate var stopReason: String {
    switch composition.stop {
    case .endOfTurn: "end_turn"
    case .maxTokens: "max_tokens"
    case .toolUse: "tool_use"
    case .stopSequence: "stop_sequence"
    case .scripted(.context): "model_context_window_exceeded"
    case .scripted(.pause): "pause_turn"
    case .scripted: "refusal"
    }
  }

  /// The members that say why the answer ended, without braces.
  fileprivate func writeStop(into buffer: inout ByteBuffer) {
    buffer.writeString("\"stop_reason\":\"\(stopReason)\",\"stop_sequence\":")
    if case .stopSequence(let text) = composition.stop { buffer.writeJSONString(text) } else { buffer.writeNull() }
    if stopReason == "refusal" {
      buffer.writeString(
        ",\"stop_details\":{\"type\":\"refusal\",\"category\":null,\"explanation\":\"The simulator was told to refuse.\"}"
      )
    }
  }

  func answer() -> Answer {
    var body = ByteBuffer()
    writeHead(into: &body)
    body.writeStaticString("\"content\":[")
    for (index, block) in composition.blocks.enumerated() {
      if index > 0 { body.writeStaticString(",") }
      write(block, into: &body)
    }
    body.writeStaticString("],")
    writeStop(into: &body)
    if plan.reportsUsage { body.writeString(",\"usage\":" + usage(output: plan.tokens.output)) }
    body.writeStaticString("}")
    return Answer(headers: headers, body: body)
  }

  fileprivate func writeHead(into buffer: inout ByteBuffer) {
    buffer.writeString("{\"id\":\"msg_sim_\(plan.number)\",\"type\":\"message\",\"role\":\"assistant\",\"model\":")
    buffer.writeJSONString(plan.model)
    buffer.writeStaticString(",")
  }

  private func write(_ block: Composition.Block, into body: inout ByteBuffer) {
    let all = 0..<block.tokens.count
    switch block.kind {
    case .text, .declined:
      body.writeStaticString("{\"type\":\"text\",\"text\":\"")
      block.tokens.writeJSON(all, into: &body)
      body.writeStaticString("\"}")
    case .reasoning:
      body.writeStaticString("{\"type\":\"thinking\",\"thinking\":\"")
      block.tokens.writeJSON(all, into: &body)
      body.writeString("\",\"signature\":\"\(ReasoningSeal.signature(of: block.tokens.text))\"}")
    case .redacted: body.writeString("{\"type\":\"redacted_thinking\",\"data\":\"\(block.tokens.text)\"}")
    case .toolCall(let name, let ordinal):
      body.writeString(
        "{\"type\":\"tool_use\",\"id\":\"\(callID(ordinal))\",\"name\":\"\(name)\",\"input\":"
          + (block.isWhole ? block.tokens.text : "{}") + "}")
    }
  }

  fileprivate func callID(_ ordinal: Int) -> String {
    "\(ChatFormat.anthropic.callPrefix)\(plan.number)_\(ordinal)"
  }

  /// Cached input stands beside the input tokens; the writes are told once whole and once by how long they are kept.
  func usage(output: Int) -> String {
    let tokens = plan.tokens
    let reasoning = min(tokens.reasoning, output)
    return "{\"input_tokens\":\(tokens.input),\"cache_creation_input_tokens\":\(tokens.cacheWrites),"
      + "\"cache_read_input_tokens\":\(tokens.cacheRead),\"cache_creation\":{\"ephemeral_5m_input_tokens\":"
      + "\(tokens.cacheWrite),\"ephemeral_1h_input_tokens\":\(tokens.cacheWriteHour)},\"output_tokens\":\(output),"
      + (reasoning > 0 ? "\"output_tokens_details\":{\"thinking_tokens\":\(reasoning)}," : "")
      + "\"service_tier\":\"standard\"}"
  }

  var headers: [(name: String, value: String)] {
    guard isInsideBedrock else { return [("request-id", "req_sim_\(plan.number)")] }
    guard plan.reportsUsage else { return [] }
    return BedrockHeaders.counts(plan)
  }

  /// The answer to `GET /v1/models` for Anthropic's clients.
  static func models() -> Answer {
    Answer(
      body: ByteBuffer(
        string: "{\"data\":[{\"type\":\"model\",\"id\":\"sim-chat\",\"display_name\":\"Simulated chat\","
          + "\"created_at\":\"2026-01-01T00:00:00Z\"}],\"has_more\":false,\"first_id\":\"sim-chat\",\"last_id\":\"sim-chat\"}"
      ))
  }

  func stream() -> ComposedStream<AnthropicEvents> {
    ComposedStream(AnthropicEvents(message: self))
  }
}

/// The same answer as events: server-sent ones, or Bedrock's frames that hold each event's JSON in base64.
struct AnthropicEvents: BlockWriter {
  let message: AnthropicMessage

  var composition: Composition { message.composition }
  var contentType: String { message.isInsideBedrock ? EventStreamFrame.contentType : "text/event-stream" }
  var headers: [(name: String, value: String)] {
    message.isInsideBedrock ? [("x-amzn-bedrock-content-type", "application/json")] : message.headers
  }
  private var plan: CallPlan { message.plan }
  private var report: UsageReport { plan.reportsUsage ? plan.settings.usage : .none }

  func writeOpening(into buffer: inout ByteBuffer) {
    event("message_start", into: &buffer) { json in
      json.writeStaticString("{\"type\":\"message_start\",\"message\":")
      message.writeHead(into: &json)
      json.writeStaticString("\"content\":[],\"stop_reason\":null,\"stop_sequence\":null")
      switch report {
      case .none: break
      case .end: json.writeStaticString(",\"usage\":{\"input_tokens\":0,\"output_tokens\":0}")
      case .start: json.writeString(",\"usage\":" + message.usage(output: plan.tokens.output))
      case .full, .cumulative: json.writeString(",\"usage\":" + message.usage(output: min(1, plan.tokens.output)))
      }
      json.writeStaticString("}}")
    }
    if !message.isInsideBedrock { event("ping", into: &buffer) { $0.writeStaticString("{\"type\":\"ping\"}") } }
  }

  func begin(_ block: Composition.Block, at index: Int, into buffer: inout ByteBuffer) {
    event("content_block_start", into: &buffer) { json in
      json.writeString("{\"type\":\"content_block_start\",\"index\":\(index),\"content_block\":")
      switch block.kind {
      case .text, .declined: json.writeStaticString("{\"type\":\"text\",\"text\":\"\"}}")
      case .reasoning: json.writeStaticString("{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}}")
      case .redacted: json.writeString("{\"type\":\"redacted_thinking\",\"data\":\"\(block.tokens.text)\"}}")
      case .toolCall(let name, let ordinal):
        json.writeString(
          "{\"type\":\"tool_use\",\"id\":\"\(message.callID(ordinal))\",\"name\":\"\(name)\",\"input\":{}}}")
      }
    }
  }

  func write(_ token: Int, of block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {
    switch block.kind {
    case .text, .declined: delta("text_delta\",\"text", token, block, index, into: &buffer)
    case .reasoning: delta("thinking_delta\",\"thinking", token, block, index, into: &buffer)
    case .redacted: break
    case .toolCall: delta("input_json_delta\",\"partial_json", token, block, index, into: &buffer)
    }
  }

  private func delta(
    _ kind: StaticString, _ token: Int, _ block: Composition.Block, _ index: Int, into buffer: inout ByteBuffer
  ) {
    event("content_block_delta", into: &buffer) { json in
      json.writeStaticString("{\"type\":\"content_block_delta\",\"index\":")
      json.writeString(String(index))
      json.writeStaticString(",\"delta\":{\"type\":\"")
      json.writeStaticString(kind)
      json.writeStaticString("\":\"")
      block.tokens.writeJSON(token..<token + 1, into: &json)
      json.writeStaticString("\"}}")
    }
  }

  func end(_ block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer) {
    if block.kind == .reasoning {
      event("content_block_delta", into: &buffer) { json in
        json.writeString(
          "{\"type\":\"content_block_delta\",\"index\":\(index),\"delta\":{\"type\":\"signature_delta\","
            + "\"signature\":\"\(ReasoningSeal.signature(of: block.tokens.text))\"}}")
      }
    }
    event("content_block_stop", into: &buffer) {
      $0.writeString("{\"type\":\"content_block_stop\",\"index\":\(index)}")
    }
    guard report == .cumulative else { return }
    event("message_delta", into: &buffer) { json in
      json.writeString(
        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":null,\"stop_sequence\":null},\"usage\":"
          + message.usage(output: said) + "}")
    }
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    event("message_delta", into: &buffer) { json in
      json.writeStaticString("{\"type\":\"message_delta\",\"delta\":{")
      message.writeStop(into: &json)
      json.writeStaticString("}")
      if report != .none, report != .start {
        json.writeString(",\"usage\":" + message.usage(output: plan.tokens.output))
      }
      json.writeStaticString("}")
    }
    event("message_stop", into: &buffer) { json in
      json.writeStaticString("{\"type\":\"message_stop\"")
      if message.isInsideBedrock, plan.reportsUsage {
        json.writeString(",\"amazon-bedrock-invocationMetrics\":" + BedrockHeaders.metrics(plan))
      }
      json.writeStaticString("}")
    }
  }

  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    guard !message.isInsideBedrock else { return EventStreamFrame.writeException(status, into: &buffer) }
    event("error", into: &buffer) { json in
      json.writeString(
        "{\"type\":\"error\",\"error\":{\"type\":\"\(ErrorNames.anthropic(status ?? 500))\","
          + "\"message\":\"The simulator was asked to fail here.\"}}")
    }
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    guard !message.isInsideBedrock else { return EventStreamFrame.writeBrokenFrame(into: &buffer) }
    buffer.writeStaticString("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"del\n\n")
  }

  private func event(_ name: StaticString, into buffer: inout ByteBuffer, json: (inout ByteBuffer) -> Void) {
    if message.isInsideBedrock {
      var payload = ByteBuffer()
      json(&payload)
      let bytes = Data(payload.readableBytesView).base64EncodedString()
      EventStreamFrame.writeEvent("chunk", into: &buffer) { $0.writeString("{\"bytes\":\"\(bytes)\"}") }
    } else {
      buffer.writeStaticString("event: ")
      buffer.writeStaticString(name)
      buffer.writeStaticString("\ndata: ")
      json(&buffer)
      buffer.writeStaticString("\n\n")
    }
  }
}
