/// Tokens of one call by class. The classes are disjoint, but reasoning is a part of the output.
struct TokenCounts: Equatable, Sendable {
  /// Input that neither came from a prompt cache nor went to one.
  var input = 0
  var cacheRead = 0
  /// Written to a cache that keeps for five minutes.
  var cacheWrite = 0
  /// Written to a cache that keeps for an hour.
  var cacheWriteHour = 0
  var output = 0
  /// The part of the output that is reasoning.
  var reasoning = 0

  var cacheWrites: Int { cacheWrite + cacheWriteHour }
  /// Every class but output.
  var wholeInput: Int { input + cacheRead + cacheWrites }

  static func += (sum: inout Self, more: Self) {
    sum.input += more.input
    sum.cacheRead += more.cacheRead
    sum.cacheWrite += more.cacheWrite
    sum.cacheWriteHour += more.cacheWriteHour
    sum.output += more.output
    sum.reasoning += more.reasoning
  }

  /// The members of the ledger's JSON, without braces.
  var json: String {
    "\"inputTokens\":\(input),\"cacheReadTokens\":\(cacheRead),\"cacheWriteTokens\":\(cacheWrites),"
      + "\"cacheWrite5mTokens\":\(cacheWrite),\"cacheWrite1hTokens\":\(cacheWriteHour),"
      + "\"outputTokens\":\(output),\"reasoningTokens\":\(reasoning)"
  }
}
