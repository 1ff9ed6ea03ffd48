/// The form of a chat request's body and answer. Bedrock has two: its own and, inside InvokeModel, Anthropic's.
enum ChatFormat: Sendable {
  case openAI, anthropic, converse

  func read(_ body: JSONTree) throws(CallProblem) -> Conversation {
    switch self {
    case .openAI: try .openAI(body)
    case .anthropic: try .anthropic(body)
    case .converse: try .converse(body)
    }
  }

  /// What the ids of tool calls begin with.
  var callPrefix: String {
    switch self {
    case .openAI: "call_sim_"
    case .anthropic: "toolu_sim_"
    case .converse: "tooluse_sim_"
    }
  }
}
