/// Composes the answer to a conversation from the conversation itself and the settings of the call.
struct Script {
  /// Tokens of reasoning when the settings name no number.
  private static let reasoningTokens = 12

  let call: Conversation
  let settings: CallSettings
  let format: ChatFormat

  func compose() throws(CallProblem) -> Composition {
    var (blocks, stop) = try answer()
    blocks.insert(contentsOf: reasoning(), at: 0)
    var composition = Composition(blocks, stop)
    composition.end(at: call.stops)
    composition.limit(to: call.maxTokens)
    return composition
  }

  private func reasoning() -> [Composition.Block] {
    guard let budget = call.reasoningBudget else { return [] }
    let count = min(settings.reasoning ?? Self.reasoningTokens, budget)
    guard count > 0 else { return [] }
    // OpenAI's dialect has no redacted reasoning.
    let redacted = (0..<(format == .openAI ? 0 : settings.redacted)).map { number in
      Composition.Block(kind: .redacted, tokens: .pieces([ReasoningSeal.redacted(number)]))
    }
    return redacted + [Composition.Block(kind: .reasoning, tokens: .filler(count))]
  }

  private func answer() throws(CallProblem) -> (blocks: [Composition.Block], stop: Composition.Stop) {
    if let ending = settings.ending {
      let kind = ending == .declined && format == .openAI ? Composition.Kind.declined : .text
      let tokens = ending.sentence.map { SpokenTokens.words($0) } ?? spoken()
      return ([Composition.Block(kind: kind, tokens: tokens)], .scripted(ending))
    }
    let tools = try toolsToCall()
    guard tools.isEmpty else {
      let preamble = Composition.Block(kind: .text, tokens: .filler(settings.preamble))
      return ([preamble] + tools.enumerated().map { Self.block($1, ordinal: $0) }, .toolUse)
    }
    return ([Composition.Block(kind: .text, tokens: text())], .endOfTurn)
  }

  private static func block(_ tool: Conversation.Tool, ordinal: Int) -> Composition.Block {
    let input = SchemaSample.value(for: tool.schema)
    // Whatever the schema says, the input of a tool is an object.
    let text = input.members == nil ? "{}" : input.text
    return Composition.Block(
      kind: .toolCall(name: tool.name, ordinal: ordinal), tokens: .pieces([""] + SpokenTokens.fragments(text)))
  }

  /// The tools in the order of their calls; none when the answer is text.
  private func toolsToCall() throws(CallProblem) -> [Conversation.Tool] {
    guard !call.tools.isEmpty, call.choice != .none else { return [] }
    var wanted: [Conversation.Tool]
    switch call.choice {
    case .named(let name): wanted = Array(repeating: try tool(name), count: max(wishedCount ?? 1, 1))
    case .any:
      wanted = try wished()
      if wanted.isEmpty { wanted = [call.tools[0]] }
    case .automatic, .none: wanted = call.toolRounds < settings.rounds ? try wished() : []
    }
    if !call.allowsParallelTools { wanted = Array(wanted.prefix(1)) }
    return wanted
  }

  private var wishedCount: Int? {
    if case .count(let count) = settings.tools { count } else { nil }
  }

  private func wished() throws(CallProblem) -> [Conversation.Tool] {
    switch settings.tools {
    case nil: return []
    case .count(let count): return (0..<count).map { call.tools[$0 % call.tools.count] }
    case .names(let names): return try names.map { name throws(CallProblem) in try tool(name) }
    }
  }

  private func tool(_ name: String) throws(CallProblem) -> Conversation.Tool {
    guard let tool = call.tools.first(where: { $0.name == name }) else {
      throw CallProblem("The tool '\(name.prefix(80))' is to be called, but is not offered.")
    }
    return tool
  }

  private func text() -> SpokenTokens {
    if settings.say == nil, let shape = call.shape {
      switch shape {
      case .anyObject: return .pieces(SpokenTokens.fragments("{\"answer\":\"amber\"}"))
      case .schema(let schema): return .pieces(SpokenTokens.fragments(SchemaSample.value(for: schema).text))
      }
    }
    let results = call.lastResults
    if settings.say == nil, !results.isEmpty {
      let list = results.map { "\($0.id)=\($0.isError ? "error" : "ok")" }.joined(separator: " ")
      return .words("Received \(results.count) tool results: \(list)")
    }
    return spoken()
  }

  private func spoken() -> SpokenTokens {
    if case .huge(let bytes) = settings.fault {
      return .pieces([String(repeating: "x", count: bytes)])
    }
    return settings.say.map { .words($0) } ?? .filler(settings.outputTokens)
  }
}
