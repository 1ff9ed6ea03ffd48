import Core

/// Reads a whole chat completion.
struct OpenAIChatDecoder: UpstreamDecoder {
  private var buffer = BodyBuffer()

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    try buffer.append(bytes)
    return []
  }

  var isComplete: Bool { buffer.holdsObject }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    let body = try buffer.object()
    if let error = body["error"] { throw OpenAIUpstreamFailure.inside(error) }
    guard let choice = body.elements(of: "choices").first(where: { _ in true }), let message = choice["message"] else {
      throw .missing("choices[0].message")
    }
    var answer = AnswerEvents()
    if let reasoning = OpenAIUpstream.reasoning(message), !reasoning.isEmpty {
      answer.reasoning(reasoning, signature: nil)
    }
    if let text = OpenAIUpstream.text(message["content"]), !text.isEmpty { answer.text(text) }
    let refusal = message["refusal"]?.string ?? ""
    if !refusal.isEmpty { answer.text(refusal) }
    var calls = 0
    for call in message.elements(of: "tool_calls") {
      guard let function = call["function"], let name = function["name"]?.string else {
        throw .missing("a tool call's function")
      }
      answer.toolUse(
        id: call["id"]?.string ?? "call_\(calls)", name: name, input: OpenAIChatDecoder.arguments(function))
      calls += 1
    }
    let reason = choice["finish_reason"]?.string ?? "stop"
    answer.stop(refusal.isEmpty ? OpenAIUpstream.stopReason(reason, hasToolCalls: calls > 0) : .refusal)
    answer.usage(OpenAIUpstream.usage(body["usage"]))
    return answer.events
  }

  /// A string by the book; some servers give the object itself.
  static func arguments(_ function: JSONNode) -> String {
    guard let arguments = function["arguments"] else { return "" }
    return arguments.string ?? String(decoding: arguments.raw, as: UTF8.self)
  }
}
