import Core

/// What plain and streamed answers of Anthropic's service have in common.
enum AnthropicUpstream {
  static func stopReason(_ reason: String, answersByTool: Bool) -> StopReason {
    switch reason {
    case "end_turn", "pause_turn": .endOfTurn
    case "tool_use": answersByTool ? .endOfTurn : .toolUse
    case "max_tokens", "model_context_window_exceeded": .maxTokens
    case "stop_sequence": .stopSequence
    case "refusal": .refusal
    default: .other
    }
  }

  /// Bytes of redacted reasoning, which nobody reads.
  static func redacted(_ block: JSONNode) -> [UInt8]? {
    block["data"]?.stringBytes.flatMap { Base64.decode($0[...]) }
  }
}

/// Reads Anthropic's errors: `{"type": "error", "error": {"type", "message"}}`.
enum AnthropicUpstreamFailure {
  static func read(status: Int, headers: [HTTPField], body: [UInt8]) -> UpstreamFailure {
    let error = (try? JSONDocument(body).root)?["error"]
    let type = error?["type"]?.string
    let message = error?["message"]?.string
    var kind = type.flatMap(kind) ?? UpstreamStatus.kind(status)
    // An account without credit is the operator's to mend, though it comes as an invalid request.
    if kind == .rejected, message?.prefix(1_024).contains("credit balance") == true { kind = .misconfigured }
    return UpstreamStatus.failure(
      kind, status: status, code: type, words: message, retryAfter: UpstreamStatus.retryAfter(headers))
  }

  /// An error inside an answer that began well.
  static func inside(_ error: JSONNode?) -> UpstreamFailure {
    let kind = error?["type"]?.string.flatMap(kind) ?? .unavailable
    return kind == .throttled
      ? UpstreamFailure(.throttled, "The provider limited the request while it answered.")
      : UpstreamFailure(.unavailable, "The provider failed while it answered.")
  }

  private static func kind(_ type: String) -> UpstreamFailure.Kind? {
    switch type {
    case "rate_limit_error": .throttled
    case "overloaded_error", "api_error": .unavailable
    case "timeout_error": .timeout
    case "authentication_error", "permission_error", "billing_error", "not_found_error": .misconfigured
    case "invalid_request_error", "request_too_large": .rejected
    default: nil
    }
  }
}
