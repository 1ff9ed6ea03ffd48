import Core

/// What plain and streamed answers of OpenAI-compatible servers have in common.
enum OpenAIUpstream {
  /// `hasToolCalls` mends servers that say "stop" after tool calls.
  static func stopReason(_ reason: String, hasToolCalls: Bool) -> StopReason {
    switch reason {
    case "stop": hasToolCalls ? .toolUse : .endOfTurn
    case "length": .maxTokens
    case "tool_calls", "function_call": .toolUse
    case "content_filter": .refusal
    default: .other
    }
  }

  /// Cached tokens are a part of the prompt's here and are taken out of it. Rule U-2. Nil where nothing is reported.
  static func usage(_ node: JSONNode?) -> TokenUsage? {
    guard let node, let prompt = node["prompt_tokens"]?.integer, prompt >= 0 else { return nil }
    let reported = node["prompt_tokens_details"]?["cached_tokens"]?.integer ?? 0
    let cached = min(max(0, reported), prompt)
    let output = max(0, node["completion_tokens"]?.integer ?? 0)
    return TokenUsage(
      input: TokenCount(prompt - cached), cacheRead: TokenCount(cached), output: TokenCount(output))
  }

  /// The text of a content: a string by the book, a list of text parts with some servers.
  static func text(_ content: JSONNode?) -> String? {
    guard let content, content.kind == .array else { return content?.string }
    return content.elements.compactMap { $0["text"]?.string }.joined()
  }

  /// The reasoning text, by either of the names in use.
  static func reasoning(_ message: JSONNode) -> String? {
    message["reasoning_content"]?.string ?? message["reasoning"]?.string
  }
}

/// Reads the errors of OpenAI-compatible servers: `{"error": {"message", "type", "code"}}` or `{"message", "type"}`.
enum OpenAIUpstreamFailure {
  static func read(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    let root = try? JSONDocument(body).root
    let error = root?["error"] ?? root
    // An exhausted account is the operator's to mend, however the server calls it.
    let isExhausted = code(of: error) == "insufficient_quota"
    let kind: UpstreamFailure.Kind = isExhausted ? .misconfigured : UpstreamStatus.kind(status)
    return UpstreamStatus.failure(
      kind, status: status, code: code(of: error), hint: .init(error?["message"]?.string),
      retryAfter: UpstreamStatus.retryAfter(headers))
  }

  /// An error inside an answer that began well.
  static func inside(_ error: JSONNode) -> UpstreamFailure {
    let status = error["code"]?.integer ?? error["status_code"]?.integer
    let name = code(of: error) ?? ""
    if status == 429 || name.contains("rate_limit") {
      return UpstreamFailure(.throttled, "The provider limited the request while it answered.")
    }
    return UpstreamFailure(.unavailable, "The provider failed while it answered.")
  }

  private static func code(of error: JSONNode?) -> String? {
    error?["code"]?.string ?? error?["type"]?.string
  }
}
