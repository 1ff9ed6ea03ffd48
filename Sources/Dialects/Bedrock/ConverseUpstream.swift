import Core

/// What plain and streamed answers of Converse have in common.
enum ConverseUpstream {
  static func stopReason(_ reason: String, answersByTool: Bool) -> StopReason {
    switch reason {
    case "end_turn": .endOfTurn
    case "tool_use": answersByTool ? .endOfTurn : .toolUse
    case "max_tokens", "model_context_window_exceeded": .maxTokens
    case "stop_sequence": .stopSequence
    case "guardrail_intervened", "content_filtered", "refusal": .refusal
    default: .other
    }
  }

  /// Bedrock keeps cached tokens outside the input tokens. Rule U-2. Nil where nothing is reported.
  static func usage(_ node: JSONNode?) -> TokenUsage? {
    guard let node, let input = node["inputTokens"]?.integer, input >= 0 else { return nil }
    func count(_ name: String) -> TokenCount { TokenCount(max(0, node[name]?.integer ?? 0)) }
    return TokenUsage(
      input: TokenCount(input), cacheWrite: count("cacheWriteInputTokens"), cacheRead: count("cacheReadInputTokens"),
      output: count("outputTokens"))
  }

  /// Bytes in Base64.
  static func bytes(_ node: JSONNode?) -> [UInt8]? { node?.stringBytes.flatMap { Base64.decode($0[...]) } }
}
