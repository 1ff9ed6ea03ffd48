import Core

/// What whole and streamed answers have in common.
struct AnthropicAnswer: Sendable {
  /// Id of the message: made of the request's, so that a log line is found by it.
  let id: String
  let model: String

  init(requestID: RequestID, model: ModelVersionID) {
    id = "msg_" + requestID.text
    self.model = model.text
  }

  static func stopReason(_ reason: StopReason) -> String {
    switch reason {
    case .endOfTurn, .other: "end_turn"
    case .maxTokens: "max_tokens"
    case .stopSequence: "stop_sequence"
    case .toolUse: "tool_use"
    case .refusal: "refusal"
    }
  }

  /// Cached tokens stand beside the input tokens in this dialect. Rule U-2.
  static func write(_ usage: TokenUsage, to writer: inout JSONWriter) {
    writer.object("usage") { writer in
      writer.member("input_tokens", usage.input.count)
      writer.member("cache_creation_input_tokens", usage.cacheWrite.count)
      writer.member("cache_read_input_tokens", usage.cacheRead.count)
      writer.member("output_tokens", usage.output.count)
    }
  }

  /// The members of a message before its content.
  func writeOpening(to writer: inout JSONWriter) {
    writer.member("id", id)
    writer.member("type", "message")
    writer.member("role", "assistant")
    writer.member("model", model)
  }

  static func head(contentType: String, requestID: RequestID) -> AnswerHead {
    AnswerHead(
      status: 200,
      headers: [
        HTTPField("content-type", contentType), HTTPField("request-id", requestID.text),
        HTTPField("x-request-id", requestID.text),
      ])
  }
}
