/// What Bedrock says of an InvokeModel call beside its body.
enum BedrockHeaders {
  static func counts(_ plan: CallPlan) -> [(name: String, value: String)] {
    let tokens = plan.tokens
    var headers = [
      (name: "x-amzn-bedrock-input-token-count", value: String(tokens.input)),
      (name: "x-amzn-bedrock-output-token-count", value: String(tokens.output)),
      (name: "x-amzn-bedrock-invocation-latency", value: String(plan.settings.latency)),
    ]
    if tokens.cacheRead + tokens.cacheWrites > 0 {
      headers.append((name: "x-amzn-bedrock-cache-read-input-token-count", value: String(tokens.cacheRead)))
      headers.append((name: "x-amzn-bedrock-cache-write-input-token-count", value: String(tokens.cacheWrites)))
    }
    return headers
  }

  /// The object that ends an InvokeModel stream.
  static func metrics(_ plan: CallPlan) -> String {
    let tokens = plan.tokens
    let cache =
      tokens.cacheRead + tokens.cacheWrites > 0
      ? ",\"cacheReadInputTokenCount\":\(tokens.cacheRead),\"cacheWriteInputTokenCount\":\(tokens.cacheWrites)" : ""
    return "{\"inputTokenCount\":\(tokens.input),\"outputTokenCount\":\(tokens.output)\(cache),"
      + "\"invocationLatency\":\(plan.settings.latency),\"firstByteLatency\":\(plan.settings.latency)}"
  }
}
