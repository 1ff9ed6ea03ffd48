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

  /// Tokens read from a cache and written to it are a part of the prompt's here and are taken out of it. Rule U-2. Nil
  /// where `node` reports nothing, or no more than `before` did: a report without output says nothing of what came since.
  ///
  /// Some servers leave reasoning out of the completion but not out of the total: what the total has beyond the prompt
  /// was generated.
  static func usage(_ node: JSONNode?, after before: TokenUsage? = nil) -> TokenUsage? {
    guard let node, node.kind == .object else { return nil }
    let total = ReportedTokens.count(node["total_tokens"])
    let completion = ReportedTokens.count(node["completion_tokens"])
    guard let prompt = prompt(node, total: total, completion: completion) else {
      guard let completion, completion > 0 else { return nil }
      var usage = before ?? .zero
      usage.output = TokenCount(completion)
      return usage
    }
    guard completion != nil || total != nil || before == nil else { return nil }
    let details = node["prompt_tokens_details"]
    // The second name is DeepSeek's, the third Moonshot's.
    let cached = details?["cached_tokens"] ?? node["prompt_cache_hit_tokens"] ?? node["cached_tokens"]
    let read = min(ReportedTokens.count(cached) ?? 0, prompt)
    let written = min(ReportedTokens.count(details?["cache_write_tokens"]) ?? 0, prompt - read)
    let output = max(completion ?? 0, (total ?? 0) - prompt)
    return TokenUsage(
      input: TokenCount(prompt - read - written), cacheWrite: TokenCount(written), cacheRead: TokenCount(read),
      output: TokenCount(output))
  }

  /// Every prompt has tokens: servers that say zero have not counted it.
  private static func prompt(_ node: JSONNode, total: Int64?, completion: Int64?) -> Int64? {
    if let prompt = ReportedTokens.count(node["prompt_tokens"]), prompt > 0 { return prompt }
    guard let total, let completion, total > completion else { return nil }
    return total - completion
  }

  /// Embeddings have a prompt and nothing else. Rule U-3.
  static func embeddingsUsage(_ node: JSONNode?) -> TokenUsage? {
    let counts = ["prompt_tokens", "total_tokens"].compactMap { ReportedTokens.count(node?[$0]) }
    return counts.first { $0 > 0 }.map { TokenUsage(input: TokenCount($0)) }
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
      kind, status: status, code: code(of: error), words: error?["message"]?.string,
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
