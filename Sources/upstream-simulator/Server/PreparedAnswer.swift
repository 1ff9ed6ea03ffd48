import NIOCore

/// An answer that is settled but for its call's number.
struct PreparedAnswer {
  enum Content {
    /// Nothing but words: the quick way for benchmarks.
    case plainChat, plainConverse
    case composed(Composition, ChatFormat, isInsideBedrock: Bool)
    case embeddings(RequestFacts)
    case cohere(CohereInput, CohereEmbeddings.Service)
    /// The answer to a request that only counts.
    case count(member: String, Int)
  }

  var plan: CallPlan
  var content: Content
  var streams = false
  /// JSON to say in a member, or in an event, that no dialect has.
  var echo: String?

  /// The tokens for the ledger: to count costs nothing.
  var billed: TokenCounts {
    if case .count = content { TokenCounts() } else { plan.tokens }
  }

  func answer() -> Answer {
    switch content {
    case .plainChat: OpenAIChat(plan: plan).answer()
    case .plainConverse: BedrockConverse(plan: plan).answer()
    case .composed(let composition, .openAI, _): ComposedOpenAI(plan: plan, composition: composition).answer()
    case .composed(let composition, .converse, _): ComposedConverse(plan: plan, composition: composition).answer()
    case .composed(let composition, .anthropic, let isInsideBedrock):
      AnthropicMessage(plan: plan, composition: composition, isInsideBedrock: isInsideBedrock).answer()
    case .embeddings(let facts): OpenAIEmbeddings(plan: plan, facts: facts).answer()
    case .cohere(let input, let service): CohereEmbeddings(plan: plan, input: input, service: service).answer()
    case .count(let member, let count): Answer(body: ByteBuffer(string: "{\"\(member)\":\(count)}"))
    }
  }

  func stream() -> any AnswerStream {
    switch content {
    case .plainChat: OpenAIChat(plan: plan).stream()
    case .composed(let composition, .openAI, _): ComposedOpenAI(plan: plan, composition: composition).stream()
    case .composed(let composition, .converse, _): ComposedConverse(plan: plan, composition: composition).stream()
    case .composed(let composition, .anthropic, let isInsideBedrock):
      AnthropicMessage(plan: plan, composition: composition, isInsideBedrock: isInsideBedrock).stream()
    default: BedrockConverse(plan: plan).stream()
    }
  }
}
