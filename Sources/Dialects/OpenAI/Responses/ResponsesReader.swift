import Core

/// Reads the body of `POST /v1/responses`. Rules D-2, D-4.
///
/// ``ResponsesMembers`` says what becomes of every member: what the neutral call cannot express is refused and named;
/// members that nobody knows are left alone.
struct ResponsesReader {
  private let body: JSONNode
  private(set) var request: ChatRequest
  private(set) var echo = ResponsesEcho()

  init(_ bytes: Sensitive<[UInt8]>) throws(InvalidRequest) {
    body = try JSONDocument.request(bytes)
    request = ChatRequest(messages: [])
    let survey = try MemberSurvey(body, ResponsesMembers.rules)
    // No provider is asked in these words.
    if let beyond = survey.beyondNeutral { throw beyond }
    request.model = try body.optionalText("model")
    try readInput()
    try readInference()
    try readTools()
    request.responseFormat = try responseFormat()
    request.isStreaming = try body.optionalBool("stream") ?? false
    echo = try ResponsesEcho(body)
  }

  private mutating func readInput() throws(InvalidRequest) {
    var reader = ResponsesItemReader()
    if let instructions = try body.optionalText("instructions") { reader.instruct(instructions) }
    let input = try body.required("input")
    if let text = input.string {
      reader.ask(text)
    } else {
      guard input.kind == .array else { throw input.problem("must be a string or a list of items") }
      for item in input.elements { try reader.read(try item.object()) }
    }
    guard !reader.messages.isEmpty else {
      throw input.problem("must hold at least one message of the role user or assistant, or the output of a function")
    }
    request.system = reader.system
    request.messages = reader.messages
  }

  private mutating func readInference() throws(InvalidRequest) {
    let maxTokens = try body.optionalInt("max_output_tokens", in: OpenAIChatReader.tokenRange)
    request.inference.maxTokens = maxTokens
    request.inference.temperature = try body.optionalDouble("temperature")
    request.inference.topP = try body.optionalDouble("top_p")
    guard let reasoning = try body.optionalObject("reasoning"), let effort = reasoning["effort"] else { return }
    request.reasoning = try ReasoningEffort(effort).request(
      maxTokens: maxTokens, effort: "reasoning.effort", limit: "max_output_tokens")
  }

  private mutating func readTools() throws(InvalidRequest) {
    request.tools = try ResponsesToolReader.tools(body)
    request.toolChoice = try ResponsesToolReader.choice(body, among: request.tools)
    let allowsParallel = try body.optionalBool("parallel_tool_calls") ?? true
    request.isParallelToolUseDisabled = !allowsParallel && !request.tools.isEmpty
  }

  private func responseFormat() throws(InvalidRequest) -> ResponseFormat? {
    guard let format = try body.optionalObject("text")?.optionalObject("format") else { return nil }
    switch try format.requiredText("type") {
    case "text": return .text
    case "json_object": return .jsonObject
    case "json_schema":
      return .jsonSchema(
        name: try format.requiredText("name"), schema: try format.required("schema").rawObject(),
        isStrict: try format.optionalBool("strict") ?? false,
        description: try format.optionalText("description").map(Sensitive.init))
    default: throw format.problem("type", "must be \"text\", \"json_object\" or \"json_schema\"")
    }
  }
}
