/// What the simulator knows of one call.
struct LedgerEntry: Sendable {
  var requestID: String?
  var path: String
  var model: String
  /// Tokens that the answer reports. The classes are disjoint: cached input is not part of `inputTokens`.
  var inputTokens = 0
  var cacheReadTokens = 0
  var cacheWriteTokens = 0
  var outputTokens = 0
  /// 0 until the answer's head is written, and for ever when it never is.
  var status = 0
  /// True when the whole answer was handed to the network.
  var finished = false
  var streamed = false
  var maxTokens: Int?
  /// Output tokens that were handed to the network.
  var outputSent = 0
}
