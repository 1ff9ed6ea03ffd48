import Core

/// What whole and streamed responses have in common.
struct ResponsesAnswer: Sendable, Redacted {
  private let request: String
  private let model: String
  private let created: Int64
  private let echo: ResponsesEcho

  init(requestID: RequestID, model: ModelVersionID, createdAt: Instant, echo: ResponsesEcho) {
    request = requestID.text
    self.model = model.text
    created = createdAt.milliseconds / 1_000
    self.echo = echo
  }

  /// Id of an item: made of the request's, as all ids are, so that a log line is found by it.
  func id(of item: ResponsesOutput.Item, _ number: Int) -> String {
    let prefix =
      switch item.kind {
      case .message: "msg"
      case .reasoning: "rs"
      case .functionCall: "fc"
      }
    return "\(prefix)_\(request)_\(number)"
  }

  /// The response before anything was said.
  func writeBeginning(to writer: inout JSONWriter) { write("in_progress", nil, nil, nil, to: &writer) }

  /// The response with all that was said. `usage` is what was settled.
  func write(_ output: ResponsesOutput, usage: TokenUsage, to writer: inout JSONWriter) {
    let reason = output.stopReason.incompleteReason
    write(reason == nil ? "completed" : "incomplete", reason, output, usage, to: &writer)
  }

  private func write(
    _ status: String, _ reason: String?, _ output: ResponsesOutput?, _ usage: TokenUsage?, to writer: inout JSONWriter
  ) {
    writer.object { writer in
      writer.member("id", "resp_" + request)
      writer.member("object", "response")
      writer.member("created_at", created)
      writer.member("status", status)
      writer.nullMember("error")
      if let reason {
        writer.object("incomplete_details") { $0.member("reason", reason) }
      } else {
        writer.nullMember("incomplete_details")
      }
      writer.member("model", model)
      writer.array("output") { list in
        for (number, item) in (output?.items ?? []).enumerated() { write(item, number, to: &list) }
      }
      if !echo.members.isEmpty { writer.raw(echo.members) }
      if let usage { Self.write(usage, to: &writer) } else { writer.nullMember("usage") }
    }
  }

  /// An item as it stands: one that has not ended has no content yet.
  func write(_ item: ResponsesOutput.Item, _ number: Int, to writer: inout JSONWriter) {
    let hasContent = item.status != .inProgress
    writer.object { writer in
      writer.member("id", id(of: item, number))
      switch item.kind {
      case .message:
        writer.member("type", "message")
        writer.member("status", item.status.rawValue)
        writer.member("role", "assistant")
        writer.array("content") { if hasContent { Self.write(part: item.text, to: &$0) } }
      case .reasoning:
        writer.member("type", "reasoning")
        writer.member("status", item.status.rawValue)
        writer.array("summary") { if hasContent, !item.text.isEmpty { Self.write(summary: item.text, to: &$0) } }
        if hasContent { ResponsesReasoning.write(signature: item.signature, redacted: item.redacted, to: &writer) }
      case .functionCall(let id, let name):
        writer.member("type", "function_call")
        writer.member("status", item.status.rawValue)
        writer.member("call_id", id)
        writer.member("name", name)
        writer.member("arguments", hasContent ? item.text : "")
      }
    }
  }

  static func write(part text: String, to writer: inout JSONWriter) {
    writer.object { part in
      part.member("type", "output_text")
      part.member("text", text)
      part.array("annotations") { _ in }
      part.array("logprobs") { _ in }
    }
  }

  static func write(summary text: String, to writer: inout JSONWriter) {
    writer.object { part in
      part.member("type", "summary_text")
      part.member("text", text)
    }
  }

  /// Cached tokens are a part of the input in this dialect. Reasoning is a part of the output that providers do not
  /// tell apart, so it counts none of its own. Rule U-2.
  private static func write(_ usage: TokenUsage, to writer: inout JSONWriter) {
    let input = usage.shownInput.count
    writer.object("usage") { writer in
      writer.member("input_tokens", input)
      writer.object("input_tokens_details") { details in
        details.member("cached_tokens", usage.cacheRead.count)
        details.member("cache_write_tokens", usage.cacheWrite.count)
      }
      writer.member("output_tokens", usage.output.count)
      writer.object("output_tokens_details") { $0.member("reasoning_tokens", 0) }
      writer.member("total_tokens", input + usage.output.count)
    }
  }
}
