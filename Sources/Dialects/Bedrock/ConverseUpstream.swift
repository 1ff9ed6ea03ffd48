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

  /// Bedrock keeps cached tokens outside the input tokens, and tells what was written by lifetime too. Rule U-2. Nil where
  /// nothing is reported.
  static func usage(_ node: JSONNode?) -> TokenUsage? {
    guard let node else { return nil }
    func count(_ name: String) -> Int64? { ReportedTokens.count(node[name]) }
    let written =
      count("cacheWriteInputTokens") ?? ReportedTokens.sum(of: "inputTokens", in: node.elements(of: "cacheDetails"))
    return TokenUsage(
      input: TokenCount(count("inputTokens") ?? 0), cacheWrite: TokenCount(written ?? 0),
      cacheRead: TokenCount(count("cacheReadInputTokens") ?? 0), output: TokenCount(count("outputTokens") ?? 0)
    ).orNoReport
  }

  /// Bytes in Base64.
  static func bytes(_ node: JSONNode?) -> [UInt8]? { node?.stringBytes.flatMap { Base64.decode($0[...]) } }
}
