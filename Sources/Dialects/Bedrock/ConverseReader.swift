import Core

/// Reads the body of a Converse call, for Bedrock's own clients and for the Mendix connector. Rules D-2, D-4.
///
/// ``ConverseMembers`` says what becomes of every member: what the neutral call cannot express goes to Bedrock only, or is
/// refused and named; members that nobody knows are left alone.
struct ConverseReader {
  let body: JSONNode
  /// Adds the types that the connector leaves out of its tools' schemas.
  private let typesEnums: Bool
  private(set) var request: ChatRequest
  let survey: MemberSurvey
  /// The first element that only Bedrock itself understands.
  var beyondNeutral: InvalidRequest? { survey.beyondNeutral }

  private static let mostStopSequences = 2_500

  init(_ body: JSONNode, typesEnums: Bool = false) throws(InvalidRequest) {
    self.body = body
    self.typesEnums = typesEnums
    request = ChatRequest(messages: [])
    // The connector's form is nobody's specification: what stands beside a block is passed over.
    survey = try MemberSurvey(body, ConverseMembers.rules, allowsSeveral: typesEnums)
    try readSystem()
    try readMessages()
    try readInference()
    try readTools()
    try readAdditionalFields()
    request.responseFormat = try responseFormat()
  }

  private mutating func readSystem() throws(InvalidRequest) {
    guard let system = try body.optionalArray("system") else { return }
    for block in system.elements {
      let block = try block.object()
      if let text = try block.optionalText("text") {
        request.system.append(.text(Sensitive(text)))
      } else if let point = try block.optionalObject("cachePoint") {
        try ConverseBlockReader.checkCachePoint(point)
        request.system.append(.cachePoint)
      } else {
        throw block.problem("must hold text or cachePoint")
      }
    }
  }

  private mutating func readMessages() throws(InvalidRequest) {
    let messages = try body.requiredArray("messages")
    for message in messages.elements {
      let message = try message.object()
      let role: Message.Role
      switch try message.requiredText("role") {
      case "user": role = .user
      case "assistant": role = .assistant
      default: throw message.problem("role", "must be \"user\" or \"assistant\"")
      }
      var content: [ContentBlock] = []
      for block in try message.requiredArray("content").elements {
        content.append(try ConverseBlockReader.block(try block.object()))
      }
      guard !content.isEmpty else { throw message.problem("content", "must hold at least one block") }
      request.messages.append(Message(role: role, content: content))
    }
    guard !request.messages.isEmpty else { throw messages.problem("must hold at least one message") }
  }

  private mutating func readInference() throws(InvalidRequest) {
    guard let configuration = try body.optionalObject("inferenceConfig") else { return }
    request.inference.maxTokens = try configuration.optionalInt("maxTokens", in: OpenAIChatReader.tokenRange)
    request.inference.temperature = try configuration.optionalDouble("temperature")
    request.inference.topP = try configuration.optionalDouble("topP")
    guard let sequences = try configuration.optionalArray("stopSequences") else { return }
    for sequence in sequences.elements {
      guard request.inference.stopSequences.count < Self.mostStopSequences else {
        throw sequences.problem("may hold at most \(Self.mostStopSequences) strings")
      }
      request.inference.stopSequences.append(try sequence.text())
    }
  }

  // MARK: Tools

  private mutating func readTools() throws(InvalidRequest) {
    guard let configuration = try body.optionalObject("toolConfig") else { return }
    for entry in try configuration.requiredArray("tools").elements {
      let entry = try entry.object()
      if let point = try entry.optionalObject("cachePoint") {
        try ConverseBlockReader.checkCachePoint(point)
        guard let last = request.tools.indices.last else { throw point.problem("must follow a tool") }
        request.tools[last].hasCachePoint = true
        continue
      }
      request.tools.append(try tool(try entry.requiredObject("toolSpec")))
    }
    guard let choice = try configuration.optionalObject("toolChoice") else { return }
    if choice["auto"] != nil {
      request.toolChoice = .auto
    } else if choice["any"] != nil {
      request.toolChoice = .any
    } else if let named = try choice.optionalObject("tool") {
      let name = try named.requiredText("name")
      guard request.tools.contains(where: { $0.name == name }) else {
        throw named.problem("name", "names a tool that is not among the tools")
      }
      request.toolChoice = .tool(name)
    } else {
      throw choice.problem("must hold auto, any or tool")
    }
  }

  private func tool(_ specification: JSONNode) throws(InvalidRequest) -> Tool {
    let schema = try specification.requiredObject("inputSchema").requiredObject("json")
    return Tool(
      name: try specification.requiredText("name"),
      description: try specification.optionalText("description").map(Sensitive.init),
      inputSchema: typesEnums ? ToolSchema.typingEnums(of: schema) : try schema.rawObject(),
      isStrict: try specification.optionalBool("strict") ?? false)
  }

  // MARK: Reasoning and shape

  /// What only the models' own members say: reasoning as `thinking` or `reasoning_config`, `top_k`, and what only Bedrock
  /// understands. Others could undo the bound on the answer or cost what nobody counts.
  private mutating func readAdditionalFields() throws(InvalidRequest) {
    guard let fields = try body.optionalObject("additionalModelRequestFields") else { return }
    for member in fields.members where !member.value.isNull {
      switch member.name.string {
      case "top_k": request.inference.topK = try fields.optionalInt("top_k", in: 1...1_000_000)
      case "thinking", "reasoning_config": try readThinking(try member.value.object())
      case "output_config": try readOutputConfiguration(try member.value.object())
      case AnthropicTrials.name:
        if let other = AnthropicTrials.unknown(in: member.value) {
          throw other.problem("is not supported: it could change what the call costs; leave it out")
        }
      default:
        throw member.value.problem("is not supported; only thinking, top_k, output_config and anthropic_beta are")
      }
    }
  }

  private mutating func readThinking(_ thinking: JSONNode) throws(InvalidRequest) {
    let type = try thinking.requiredText("type")
    switch type {
    case "enabled":
      guard let budget = try thinking.optionalInt("budget_tokens", in: OpenAIChatReader.tokenRange) else {
        throw thinking.problem("budget_tokens", "is missing")
      }
      request.reasoning = ReasoningRequest(budget: budget)
    // Adaptive thinking only Bedrock itself knows.
    case "adaptive", "disabled": request.reasoning = nil
    default: throw thinking.problem("type", "must be \"enabled\", \"adaptive\" or \"disabled\"")
    }
  }

  /// How much the model may think and say, within the bound on the answer: only Bedrock itself knows it.
  private func readOutputConfiguration(_ configuration: JSONNode) throws(InvalidRequest) {
    for member in configuration.members where !member.value.isNull {
      guard member.name.isString("effort") else { throw member.value.problem("is not supported; only effort is") }
    }
  }

  private func responseFormat() throws(InvalidRequest) -> ResponseFormat? {
    guard let format = try body.optionalObject("outputConfig")?.optionalObject("textFormat") else { return nil }
    guard try format.requiredText("type") == "json_schema" else {
      throw format.problem("type", "must be \"json_schema\"")
    }
    let definition = try format.requiredObject("structure").requiredObject("jsonSchema")
    let text = try definition.required("schema")
    guard let bytes = text.stringBytes, let schema = try? JSONDocument(bytes), schema.root.kind == .object else {
      throw text.problem("must be a JSON object as a string")
    }
    return .jsonSchema(
      name: try definition.optionalText("name") ?? "answer", schema: RawJSON(Array(schema.root.raw)), isStrict: true,
      description: try definition.optionalText("description").map(Sensitive.init))
  }
}
