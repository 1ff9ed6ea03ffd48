import Core

/// Reads the body of `POST /v1/chat/completions`. Rules D-2, D-4.
///
/// ``OpenAIChatMembers`` says what becomes of every member: what the neutral call cannot express goes to servers of the same
/// dialect only, or is refused and named; members that nobody knows are left alone.
struct OpenAIChatReader {
  let body: JSONNode
  private(set) var request: ChatRequest
  let survey: MemberSurvey
  /// The first element that only servers of the same dialect understand.
  var beyondNeutral: InvalidRequest? { survey.beyondNeutral }
  /// `stream_options.include_usage`.
  private(set) var includesUsage = false

  static let tokenRange: ClosedRange<Int64> = 1...10_000_000
  private static let mostStopSequences = 64

  init(_ bytes: Sensitive<[UInt8]>) throws(InvalidRequest) {
    body = try JSONDocument.request(bytes)
    request = ChatRequest(messages: [])
    survey = try MemberSurvey(body, OpenAIChatMembers.rules)
    request.model = try body.optionalText("model")
    try readMessages()
    try readInference()
    try readTools()
    request.responseFormat = try responseFormat()
    request.isStreaming = try body.optionalBool("stream") ?? false
    includesUsage = try body.optionalObject("stream_options")?.optionalBool("include_usage") ?? false
  }

  private mutating func readMessages() throws(InvalidRequest) {
    let messages = try body.requiredArray("messages")
    var reader = OpenAIMessageReader()
    for message in messages.elements { try reader.read(try message.object()) }
    guard !reader.messages.isEmpty else {
      throw messages.problem("must hold at least one message of the role user, assistant or tool")
    }
    request.system = reader.system
    request.messages = reader.messages
  }

  private mutating func readInference() throws(InvalidRequest) {
    let range = Self.tokenRange
    let newer = try body.optionalInt("max_completion_tokens", in: range)
    let older = try body.optionalInt("max_tokens", in: range)
    request.inference.maxTokens = newer ?? older
    request.inference.temperature = try body.optionalDouble("temperature")
    request.inference.topP = try body.optionalDouble("top_p")
    request.inference.stopSequences = try stopSequences()
    if let effort = body["reasoning_effort"] {
      request.reasoning = try ReasoningEffort(effort).request(maxTokens: request.inference.maxTokens)
    }
  }

  private func stopSequences() throws(InvalidRequest) -> [String] {
    guard let stop = body["stop"] else { return [] }
    if let one = stop.string { return [one] }
    guard stop.kind == .array else { throw stop.problem("must be a string or a list of strings") }
    var sequences: [String] = []
    for element in stop.elements {
      guard sequences.count < Self.mostStopSequences else {
        throw stop.problem("may hold at most \(Self.mostStopSequences) strings")
      }
      sequences.append(try element.text())
    }
    return sequences
  }

  // MARK: Tools

  private mutating func readTools() throws(InvalidRequest) {
    if let tools = try body.optionalArray("tools") {
      for tool in tools.elements { request.tools.append(try Self.tool(try tool.object())) }
    }
    let allowsParallel = try body.optionalBool("parallel_tool_calls") ?? true
    request.isParallelToolUseDisabled = !allowsParallel && !request.tools.isEmpty
    request.toolChoice = try toolChoice()
  }

  private static func tool(_ tool: JSONNode) throws(InvalidRequest) -> Tool {
    guard tool["type"]?.isString("function") ?? true else {
      throw tool.problem("type", "must be \"function\"; other kinds of tools are not supported")
    }
    let function = try tool.requiredObject("function")
    let schema = try function["parameters"]?.rawObject() ?? RawJSON(ToolSchema.empty)
    return Tool(
      name: try function.requiredText("name"),
      description: try function.optionalText("description").map(Sensitive.init),
      inputSchema: schema, isStrict: try function.optionalBool("strict") ?? false)
  }

  private func toolChoice() throws(InvalidRequest) -> ToolChoice? {
    guard let choice = body["tool_choice"] else { return nil }
    let wanted: ToolChoice
    switch choice.string {
    case "auto": wanted = .auto
    case "none": wanted = .none
    case "required": wanted = .any
    case .some: throw choice.problem("must be \"auto\", \"none\", \"required\" or name a function")
    case nil: wanted = .tool(try Self.namedTool(try choice.object()))
    }
    guard request.tools.isEmpty else {
      if case .tool(let name) = wanted, !request.tools.contains(where: { $0.name == name }) {
        throw choice.problem("names a function that is not among the tools")
      }
      return wanted
    }
    switch wanted {
    case .auto, .none: return nil
    case .any, .tool: throw choice.problem("asks for a tool, but there are no tools")
    }
  }

  private static func namedTool(_ choice: JSONNode) throws(InvalidRequest) -> String {
    guard choice["type"]?.isString("function") ?? true else {
      throw choice.problem("type", "must be \"function\"; other choices are not supported")
    }
    return try choice.requiredObject("function").requiredText("name")
  }

  // MARK: Shape of the answer

  private func responseFormat() throws(InvalidRequest) -> ResponseFormat? {
    guard let format = try body.optionalObject("response_format") else { return nil }
    switch try format.requiredText("type") {
    case "text": return .text
    case "json_object": return .jsonObject
    case "json_schema":
      let schema = try format.requiredObject("json_schema")
      return .jsonSchema(
        name: try schema.requiredText("name"), schema: try schema.required("schema").rawObject(),
        isStrict: try schema.optionalBool("strict") ?? false,
        description: try schema.optionalText("description").map(Sensitive.init))
    default: throw format.problem("type", "must be \"text\", \"json_object\" or \"json_schema\"")
    }
  }
}
