import NIOCore

/// The answer to `POST /v1/chat/completions`.
struct OpenAIChat {
  /// A fixed time: equal requests have equal answers.
  static let created = 1_750_000_000

  let plan: CallPlan

  private var finishReason: String { plan.endsAtMaximum ? "length" : "stop" }

  func answer() -> Answer {
    var body = ByteBuffer()
    body.reserveCapacity(512 + OutputText.length(ofFirst: plan.tokens.output))
    body.writeString(
      "{\"id\":\"chatcmpl-sim-\(plan.number)\",\"object\":\"chat.completion\",\"created\":\(Self.created),\"model\":")
    body.writeJSONString(plan.model)
    body.writeStaticString(",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"")
    let textStart = body.readableBytes
    OutputText.write(from: 0, count: plan.tokens.output, into: &body)
    body.writeString("\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"\(finishReason)\"}]")
    if plan.reportsUsage { body.writeString(",\"usage\":" + Self.usage(plan, output: plan.tokens.output)) }
    body.writeStaticString(",\"system_fingerprint\":\"sim\"}")
    return Answer(body: body, textStart: textStart)
  }

  /// OpenAI counts cached input into the prompt's tokens and tells the cached part beside it.
  static func usage(_ plan: CallPlan, output: Int) -> String {
    let prompt = plan.tokens.wholeInput
    let reasoning = min(plan.tokens.reasoning, output)
    return "{\"prompt_tokens\":\(prompt),\"completion_tokens\":\(output),\"total_tokens\":\(prompt + output),"
      + "\"prompt_tokens_details\":{\"cached_tokens\":\(plan.tokens.cacheRead)}"
      + (reasoning > 0 ? ",\"completion_tokens_details\":{\"reasoning_tokens\":\(reasoning)}}" : "}")
  }

  func stream() -> OpenAIChatStream {
    OpenAIChatStream(chat: self)
  }

  /// The answer to `GET /v1/models`.
  static func models() -> Answer {
    let models = ["sim-chat", "sim-embed"].map { id in
      "{\"id\":\"\(id)\",\"object\":\"model\",\"created\":\(created),\"owned_by\":\"simulator\"}"
    }
    return Answer(body: ByteBuffer(string: "{\"object\":\"list\",\"data\":[\(models.joined(separator: ","))]}"))
  }
}

/// The same answer as server-sent events.
struct OpenAIChatStream: AnswerStream {
  let contentType = "text/event-stream"

  private let chat: OpenAIChat
  /// Every chunk up to its choices.
  private let start: ByteBuffer
  /// A chunk's end after its choices.
  private let end: String

  init(chat: OpenAIChat) {
    self.chat = chat
    var start = ByteBuffer()
    start.writeString(
      "data: {\"id\":\"chatcmpl-sim-\(chat.plan.number)\",\"object\":\"chat.completion.chunk\","
        + "\"created\":\(OpenAIChat.created),\"model\":")
    start.writeJSONString(chat.plan.model)
    start.writeStaticString(",\"system_fingerprint\":\"sim\",\"choices\":[")
    self.start = start
    end = Self.showsUsage(chat.plan) ? "],\"usage\":null}\n\n" : "]}\n\n"
  }

  private static func showsUsage(_ plan: CallPlan) -> Bool {
    plan.includesUsageChunk && plan.reportsUsage
  }

  func writeOpening(into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(start)
    buffer.writeStaticString(
      "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}")
    buffer.writeString(end)
  }

  func writeToken(_ index: Int, into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(start)
    buffer.writeStaticString("{\"index\":0,\"delta\":{\"content\":\"")
    OutputText.write(from: index, count: 1, into: &buffer)
    buffer.writeStaticString("\"},\"logprobs\":null,\"finish_reason\":null}")
    buffer.writeString(end)
  }

  func writeClosing(into buffer: inout ByteBuffer) {
    buffer.writeImmutableBuffer(start)
    let reason = chat.plan.endsAtMaximum ? "length" : "stop"
    buffer.writeString("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"\(reason)\"}" + end)
    if Self.showsUsage(chat.plan) {
      buffer.writeImmutableBuffer(start)
      buffer.writeString("],\"usage\":\(OpenAIChat.usage(chat.plan, output: chat.plan.tokens.output))}\n\n")
    }
    buffer.writeStaticString("data: [DONE]\n\n")
  }

  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    OpenAIChat.writeError(status, into: &buffer)
  }

  func writeGarbage(into buffer: inout ByteBuffer) {
    OpenAIChat.writeGarbage(into: &buffer)
  }
}

extension OpenAIChat {
  /// An error inside a stream; compatible servers give the status as its code.
  static func writeError(_ status: Int?, into buffer: inout ByteBuffer) {
    let code = status.map(String.init) ?? "null"
    buffer.writeString(
      "data: {\"error\":{\"message\":\"The simulator was asked to fail here.\","
        + "\"type\":\"\(ErrorNames.openAI(status ?? 500))\",\"param\":null,\"code\":\(code)}}\n\n")
  }

  static func writeGarbage(into buffer: inout ByteBuffer) {
    buffer.writeStaticString("data: {\"id\":\"chatcmpl-sim\",\"choices\":[{\"delta\n\n")
  }
}
