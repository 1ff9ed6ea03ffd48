import Core

/// Reads a whole message.
struct AnthropicDecoder: UpstreamDecoder {
  /// The answer comes as the input of ``AnswerTool``.
  private let answersByTool: Bool
  private var buffer = BodyBuffer()

  init(answersByTool: Bool) { self.answersByTool = answersByTool }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    try buffer.append(bytes)
    return []
  }

  var isComplete: Bool { buffer.holdsObject }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let body = try buffer.object()
    if body["type"]?.isString("error") == true { throw AnthropicUpstreamFailure.inside(body["error"]) }
    guard body["content"]?.kind == .array else { throw .missing("content") }
    var answer = AnswerEvents()
    for block in body.elements(of: "content") {
      switch block["type"]?.string {
      case "text": answer.text(block["text"]?.string ?? "")
      case "tool_use":
        guard let id = block["id"]?.string, let name = block["name"]?.string else {
          throw .missing("the name or id of a tool call")
        }
        let input = block["input"].map { String(decoding: $0.raw, as: UTF8.self) } ?? "{}"
        if answersByTool, name == AnswerTool.name {
          answer.text(input)
        } else {
          answer.toolUse(id: id, name: name, input: input)
        }
      case "thinking": answer.reasoning(block["thinking"]?.string ?? "", signature: block["signature"]?.string)
      case "redacted_thinking": if let data = AnthropicUpstream.redacted(block) { answer.redactedReasoning(data) }
      // New kinds of blocks are no reason to give up an answer.
      default: break
      }
    }
    let reason = body["stop_reason"]?.string ?? "end_turn"
    answer.stop(AnthropicUpstream.stopReason(reason, answersByTool: answersByTool))
    answer.usage(AnthropicUsage(body["usage"]).tokens)
    return answer.events
  }
}
