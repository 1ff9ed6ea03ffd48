import Core

/// What whole and streamed answers have in common.
struct OpenAIAnswer: Sendable {
  /// Id of the completion: made of the request's, so that a log line is found by it.
  let id: String
  let model: String
  let created: Int64

  init(requestID: RequestID, model: ModelVersionID, createdAt: Instant) {
    id = "chatcmpl-" + requestID.text
    self.model = model.text
    created = createdAt.milliseconds / 1_000
  }

  static func finishReason(_ reason: StopReason) -> String {
    switch reason {
    case .endOfTurn, .stopSequence, .other: "stop"
    case .maxTokens: "length"
    case .toolUse: "tool_calls"
    case .refusal: "content_filter"
    }
  }

  /// Cached input is a part of the prompt's tokens in this dialect. Rule U-2.
  static func write(_ usage: TokenUsage, to writer: inout JSONWriter) {
    let prompt = usage.shownInput.count
    writer.object { writer in
      writer.member("prompt_tokens", prompt)
      writer.member("completion_tokens", usage.output.count)
      writer.member("total_tokens", prompt + usage.output.count)
      writer.object("prompt_tokens_details") { $0.member("cached_tokens", usage.cacheRead.count) }
    }
  }

  static func head(contentType: String, requestID: RequestID) -> AnswerHead {
    AnswerHead(
      status: 200, headers: [HTTPField("content-type", contentType), HTTPField("x-request-id", requestID.text)])
  }
}
