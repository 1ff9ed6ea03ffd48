import Core

/// Reads the body of `POST /v1/messages`. Rules D-2, D-4.
///
/// ``AnthropicMembers`` says what becomes of every member: what the neutral call cannot express goes to services of the
/// same dialect only, or is refused and named; members that nobody knows are left alone.
struct AnthropicReader {
  let body: JSONNode
  private(set) var request: ChatRequest
  private let isOnlyCounted: Bool
  let survey: MemberSurvey
  /// The first element that only services of the same dialect understand.
  var beyondNeutral: InvalidRequest? { survey.beyondNeutral }

  private static let tokenRange: ClosedRange<Int64> = 1...10_000_000
  private static let mostStopSequences = 64

  /// `isOnlyCounted`: the length of an answer need not be said.
  init(_ bytes: Sensitive<[UInt8]>, isOnlyCounted: Bool = false) throws(InvalidRequest) {
    try self.init(try JSONDocument.request(bytes), isOnlyCounted: isOnlyCounted)
  }

  init(_ body: JSONNode, isOnlyCounted: Bool = false) throws(InvalidRequest) {
    self.isOnlyCounted = isOnlyCounted
    self.body = body
    request = ChatRequest(messages: [])
    survey = try MemberSurvey(body, AnthropicMembers.rules)
    _ = try AnthropicTrials(body[AnthropicTrials.name])
    try checkContextManagement()
    request.model = try body.optionalText("model")
    request.system = try system()
    try readMessages()
    try readInference()
    try readTools()
    request.responseFormat = try responseFormat()
    request.isStreaming = try body.optionalBool("stream") ?? false
  }

  private func system() throws(InvalidRequest) -> [SystemBlock] {
    guard let system = body["system"] else { return [] }
    if let text = system.string { return [.text(Sensitive(text))] }
    guard system.kind == .array else { throw system.problem("must be a string or a list of text blocks") }
    var blocks: [SystemBlock] = []
    for element in system.elements {
      let block = try element.object()
      guard block["type"]?.isString("text") ?? false else { throw block.problem("type", "must be \"text\"") }
      blocks.append(.text(Sensitive(try block.requiredText("text"))))
      if try AnthropicBlockReader.hasCachePoint(block) { blocks.append(.cachePoint) }
    }
    return blocks
  }

  private mutating func readMessages() throws(InvalidRequest) {
    let messages = try body.requiredArray("messages")
    for element in messages.elements {
      let message = try element.object()
      let role: Message.Role
      switch try message.requiredText("role") {
      case "user": role = .user
      case "assistant": role = .assistant
      case "system": throw message.problem("role", "cannot be \"system\"; put the text into the member system")
      default: throw message.problem("role", "must be \"user\" or \"assistant\"")
      }
      request.messages.append(Message(role: role, content: try Self.content(try message.required("content"))))
    }
    guard let last = request.messages.indices.last else { throw messages.problem("must hold at least one message") }
    // A marker on the request itself stands for one after its last block.
    if try AnthropicBlockReader.hasCachePoint(body), request.messages[last].content.last != .cachePoint {
      request.messages[last].content.append(.cachePoint)
    }
  }

  private static func content(_ content: JSONNode) throws(InvalidRequest) -> [ContentBlock] {
    if let text = content.string { return [.text(Sensitive(text))] }
    guard content.kind == .array else { throw content.problem("must be a string or a list of content blocks") }
    var blocks: [ContentBlock] = []
    for element in content.elements {
      let block = try element.object()
      blocks.append(try AnthropicBlockReader.block(block))
      if try AnthropicBlockReader.hasCachePoint(block) { blocks.append(.cachePoint) }
    }
    guard !blocks.isEmpty else { throw content.problem("must hold at least one block") }
    return blocks
  }

  private mutating func readInference() throws(InvalidRequest) {
    let maxTokens = try body.optionalInt("max_tokens", in: Self.tokenRange)
    guard isOnlyCounted || maxTokens != nil else {
      throw InvalidRequest("max_tokens is missing: say how many tokens the answer may have.", parameter: "max_tokens")
    }
    request.inference.maxTokens = maxTokens
    request.inference.temperature = try body.optionalDouble("temperature")
    request.inference.topP = try body.optionalDouble("top_p")
    request.inference.topK = try body.optionalInt("top_k", in: 1...1_000_000)
    if let sequences = try body.optionalArray("stop_sequences") {
      guard sequences.count <= Self.mostStopSequences else {
        throw sequences.problem("may hold at most \(Self.mostStopSequences) strings")
      }
      for sequence in sequences.elements { request.inference.stopSequences.append(try sequence.text()) }
    }
    request.reasoning = try reasoning(maxTokens: maxTokens ?? .max)
  }

  private func reasoning(maxTokens: Int) throws(InvalidRequest) -> ReasoningRequest? {
    guard let thinking = try body.optionalObject("thinking") else { return nil }
    switch try thinking.requiredText("type") {
    case "disabled": return nil
    case "enabled":
      let budget = try thinking.required("budget_tokens")
      let least = ReasoningEffort.leastBudget
      guard let count = budget.integer, count >= least, count < maxTokens else {
        throw budget.problem("must be a whole number from \(least) to one less than max_tokens")
      }
      return ReasoningRequest(budget: Int(count))
    // Noted: only services of the same dialect know it.
    case "adaptive": return nil
    default: throw thinking.problem("type", "must be \"enabled\", \"adaptive\" or \"disabled\"")
    }
  }

  // MARK: Tools

  private mutating func readTools() throws(InvalidRequest) {
    if let tools = try body.optionalArray("tools") {
      for tool in tools.elements { request.tools.append(try Self.tool(try tool.object())) }
    }
    request.toolChoice = try toolChoice()
    let isDisabled = try body.optionalObject("tool_choice")?.optionalBool("disable_parallel_tool_use") ?? false
    request.isParallelToolUseDisabled = isDisabled && !request.tools.isEmpty
  }

  private static func tool(_ tool: JSONNode) throws(InvalidRequest) -> Tool {
    guard tool["type"]?.isString("custom") ?? true else {
      throw tool.problem("type", "must be \"custom\"; tools that run at the provider are not supported")
    }
    return Tool(
      name: try tool.requiredText("name"),
      description: try tool.optionalText("description").map(Sensitive.init),
      inputSchema: try tool.required("input_schema").rawObject(),
      isStrict: try tool.optionalBool("strict") ?? false,
      hasCachePoint: try AnthropicBlockReader.hasCachePoint(tool))
  }

  private func toolChoice() throws(InvalidRequest) -> ToolChoice? {
    guard let choice = try body.optionalObject("tool_choice") else { return nil }
    let wanted: ToolChoice
    switch try choice.requiredText("type") {
    case "auto": wanted = .auto
    case "any": wanted = .any
    case "none": wanted = .none
    case "tool": wanted = .tool(try choice.requiredText("name"))
    default: throw choice.problem("type", "must be \"auto\", \"any\", \"tool\" or \"none\"")
    }
    switch wanted {
    case .auto, .none: return request.tools.isEmpty ? nil : wanted
    case .any: guard !request.tools.isEmpty else { throw choice.problem("asks for a tool, but there are no tools") }
    case .tool(let name):
      guard request.tools.contains(where: { $0.name == name }) else {
        throw choice.problem("name", "is not among the tools")
      }
    }
    return wanted
  }

  // MARK: Shape of the answer

  /// `output_config.format`, or `output_format` as older clients call it.
  private func responseFormat() throws(InvalidRequest) -> ResponseFormat? {
    let newer = try body.optionalObject("output_config")?.optionalObject("format")
    let older = try body.optionalObject("output_format")
    guard let format = newer ?? older else { return nil }
    guard format["type"]?.isString("json_schema") ?? false else {
      throw format.problem("type", "must be \"json_schema\"")
    }
    return .jsonSchema(name: "answer", schema: try format.required("schema").rawObject(), isStrict: true)
  }

  // MARK: What cannot be bounded

  /// Some edits of the conversation have the model write a summary of it first, which nobody reserved. Rule U-5.
  private func checkContextManagement() throws(InvalidRequest) {
    for edit in body["context_management"]?.elements(of: "edits") ?? JSONElements(noneOf: body.document) {
      guard let kind = edit["type"], kind.string?.hasPrefix("compact") == true else { continue }
      throw kind.problem("is not supported: a summary costs what nobody has reserved; leave the edit out")
    }
  }
}
