import Core

/// Reads a whole answer of Converse.
struct ConverseDecoder: UpstreamDecoder {
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
    guard let content = body["output"]?["message"]?["content"], content.kind == .array else {
      throw .missing("output.message.content")
    }
    guard let reason = body["stopReason"]?.string else { throw .missing("stopReason") }
    var answer = AnswerEvents()
    for block in content.elements { try read(block, into: &answer) }
    answer.stop(ConverseUpstream.stopReason(reason, answersByTool: answersByTool))
    answer.usage(ConverseUpstream.usage(body["usage"]))
    return answer.events
  }

  private func read(_ block: JSONNode, into answer: inout AnswerEvents) throws(UpstreamFailure) {
    if let text = block["text"]?.string {
      answer.text(text)
    } else if let use = block["toolUse"] {
      guard let name = use["name"]?.string, let id = use["toolUseId"]?.string else {
        throw .missing("the name or id of a tool call")
      }
      let input = use["input"].map { String(decoding: $0.raw, as: UTF8.self) } ?? "{}"
      if answersByTool, name == AnswerTool.name {
        answer.text(input)
      } else {
        answer.toolUse(id: id, name: name, input: input)
      }
    } else if let reasoning = block["reasoningContent"] {
      if let text = reasoning["reasoningText"] {
        answer.reasoning(text["text"]?.string ?? "", signature: text["signature"]?.string)
      } else if let redacted = ConverseUpstream.bytes(reasoning["redactedContent"]) {
        answer.redactedReasoning(redacted)
      }
    } else {
      throw UpstreamFailure(.garbled, "The provider's answer holds a kind of content that is not understood.")
    }
  }
}
