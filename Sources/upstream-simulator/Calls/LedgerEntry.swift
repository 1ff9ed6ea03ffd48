/// What the simulator knows of one call.
struct LedgerEntry: Sendable {
  var requestID: String?
  /// The region that served it; empty when the address named none.
  var region = ""
  var dialect = Route.Dialect.openAI
  var path: String
  var model: String
  /// Tokens that the answer reports, unless it was told to report none.
  var tokens = TokenCounts()
  /// 0 until the answer's head is written, and for ever when it never is.
  var status = 0
  /// True when the whole answer was handed to the network.
  var finished = false
  var streamed = false
  var maxTokens: Int?
  /// Output tokens that were handed to the network.
  var outputSent = 0
  /// Calls of tools that the answer makes.
  var toolCalls = 0
  /// Results of tools that the request's last turn brings.
  var toolResults = 0
  /// Images and documents in the request.
  var media = 0
  /// JSON that the request wanted echoed.
  var echo: String?
  /// The fault that struck the call.
  var fault: Fault?
}
