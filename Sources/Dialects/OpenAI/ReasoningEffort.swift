import Core

/// OpenAI's words for how much a model shall think, and the token budgets that stand for them.
enum ReasoningEffort: String, CaseIterable {
  case none, minimal, low, medium, high, xhigh, max

  /// Providers take no smaller budget.
  static let leastBudget = 1_024

  /// Nil asks for no reasoning. Up to `high` there is room for an answer within the usual `max_tokens` of 4,096.
  var budget: Int? {
    switch self {
    case .none: nil
    case .minimal, .low: 1_024
    case .medium: 2_048
    case .high: 3_072
    case .xhigh: 8_192
    case .max: 16_384
    }
  }

  /// The word whose budget is nearest from above; every server that knows any knows these three.
  init(budget: Int) {
    switch budget {
    case ...1_024: self = .low
    case ...2_048: self = .medium
    default: self = .high
    }
  }

  /// Reads one of the words.
  init(_ node: JSONNode) throws(InvalidRequest) {
    guard let known = ReasoningEffort(rawValue: try node.text()) else {
      throw node.problem("must be one of \(Self.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self = known
  }

  /// The budget within `maxTokens`, of which reasoning is a part in this dialect. `effort` and `limit` are the members'
  /// names in the request.
  func request(
    maxTokens: Int?, effort: String = "reasoning_effort", limit: String = "max_completion_tokens"
  ) throws(InvalidRequest) -> ReasoningRequest? {
    guard let budget else { return nil }
    guard let maxTokens else { return ReasoningRequest(budget: budget) }
    guard maxTokens > Self.leastBudget else {
      throw InvalidRequest(
        "\(effort) needs \(limit) above \(Self.leastBudget), because reasoning is a part of them.", parameter: effort)
    }
    return ReasoningRequest(budget: Swift.max(Self.leastBudget, min(budget, maxTokens / 2)))
  }
}
