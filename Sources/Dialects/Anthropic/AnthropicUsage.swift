import Core

/// What a service of Anthropic's dialect has reported so far. Reports are cumulative, and each may leave members out, which
/// then keep what was said before. Rules U-2, M-3.
struct AnthropicUsage: Sendable {
  /// Cached tokens stand beside the input tokens here.
  private var message = TokenUsage.zero
  /// Requests in which the service itself summarised the conversation: not a part of the message's figures.
  private var compactions = TokenUsage.zero

  init() {}

  init(_ node: JSONNode?) { _ = report(node) }

  /// Nil where nothing was ever reported.
  var tokens: TokenUsage? { (message + compactions).orNoReport }

  /// Gives what is reported by now; nil where `node` reports nothing, or no more than an earlier report did: one without
  /// output says nothing of what came since.
  mutating func report(_ node: JSONNode?) -> TokenUsage? {
    guard let node, node.kind == .object else { return nil }
    let isFirst = tokens == nil
    var later = message
    Self.read(node, into: &later)
    // Every message has input: a later report without any has not counted it.
    if later.shownInput == 0 {
      message.output = later.output
    } else {
      message = later
    }
    if node["iterations"] != nil { compactions = Self.compactions(node) }
    return isFirst || ReportedTokens.count(node["output_tokens"]) != nil ? tokens : nil
  }

  private static func compactions(_ node: JSONNode) -> TokenUsage {
    node.elements(of: "iterations").reduce(.zero) { sum, iteration in
      guard iteration["type"]?.isString("compaction") == true else { return sum }
      var usage = TokenUsage.zero
      read(iteration, into: &usage)
      return (sum + usage).bounded
    }
  }

  private static func read(_ node: JSONNode, into usage: inout TokenUsage) {
    func count(_ name: String) -> TokenCount? { ReportedTokens.count(node[name]).map { TokenCount($0) } }
    usage.input = count("input_tokens") ?? usage.input
    usage.cacheWrite = count("cache_creation_input_tokens") ?? written(node) ?? usage.cacheWrite
    usage.cacheRead = count("cache_read_input_tokens") ?? usage.cacheRead
    usage.output = count("output_tokens") ?? usage.output
  }

  /// What was written to the cache by lifetime, where the sum is left out.
  private static func written(_ node: JSONNode) -> TokenCount? {
    guard let creation = node["cache_creation"] else { return nil }
    let counts = ["ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"].compactMap {
      ReportedTokens.count(creation[$0])
    }
    return counts.isEmpty ? nil : TokenCount(counts.reduce(0, +))
  }
}
