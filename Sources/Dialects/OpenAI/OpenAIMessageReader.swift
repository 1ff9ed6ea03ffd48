import Core

/// Reads the messages of a chat one by one.
///
/// System and developer messages are gathered in their order before the conversation, where every provider wants them.
/// Tool messages become results in one user turn.
struct OpenAIMessageReader {
  private(set) var system: [SystemBlock] = []
  private(set) var messages: [Message] = []

  mutating func read(_ message: JSONNode) throws(InvalidRequest) {
    switch try message.requiredText("role") {
    case "system", "developer":
      for (text, isCached) in try texts(message) {
        system.append(.text(Sensitive(text)))
        if isCached { system.append(.cachePoint) }
      }
    case "user":
      messages.append(Message(role: .user, content: try userContent(message)))
    case "assistant":
      messages.append(Message(role: .assistant, content: try assistantContent(message)))
    case "tool": try readToolResult(message)
    case "function": throw message.problem("role", "\"function\" is out of date; use \"tool\"")
    default: throw message.problem("role", "must be \"system\", \"developer\", \"user\", \"assistant\" or \"tool\"")
    }
  }

  // MARK: Roles

  private func userContent(_ message: JSONNode) throws(InvalidRequest) -> [ContentBlock] {
    let content = try message.required("content")
    if let text = content.string { return [.text(Sensitive(text))] }
    guard content.kind == .array else { throw content.problem("must be a string or a list of parts") }
    var blocks: [ContentBlock] = []
    for part in content.elements {
      blocks.append(try OpenAIPartReader.block(try part.object()))
      if try OpenAIPartReader.hasCachePoint(part) { blocks.append(.cachePoint) }
    }
    guard !blocks.isEmpty else { throw content.problem("must hold at least one part") }
    return blocks
  }

  private func assistantContent(_ message: JSONNode) throws(InvalidRequest) -> [ContentBlock] {
    if let call = message["function_call"] { throw call.problem("is out of date; use tool_calls") }
    if let audio = message["audio"] { throw audio.problem("is not supported") }
    var blocks: [ContentBlock] = []
    if let reasoning = try message.optionalArray("thinking_blocks") {
      for block in reasoning.elements { blocks.append(try OpenAIPartReader.reasoning(try block.object())) }
    }
    if message["content"] != nil {
      for (text, isCached) in try texts(message) {
        if !text.isEmpty { blocks.append(.text(Sensitive(text))) }
        if isCached, !blocks.isEmpty { blocks.append(.cachePoint) }
      }
    }
    if let refusal = try message.optionalText("refusal"), !refusal.isEmpty { blocks.append(.text(Sensitive(refusal))) }
    if let calls = try message.optionalArray("tool_calls") {
      for call in calls.elements { blocks.append(try toolUse(try call.object())) }
    }
    guard !blocks.isEmpty else { throw message.problem("must have content or tool_calls") }
    return blocks
  }

  private func toolUse(_ call: JSONNode) throws(InvalidRequest) -> ContentBlock {
    guard call["type"]?.isString("function") ?? true else {
      throw call.problem("type", "must be \"function\"; other kinds of tools are not supported")
    }
    let function = try call.requiredObject("function")
    return .toolUse(
      id: try call.requiredText("id"), name: try function.requiredText("name"), input: try Self.arguments(function))
  }

  /// The member `arguments`, a JSON object as text; nothing at all stands for an empty one.
  static func arguments(_ function: JSONNode) throws(InvalidRequest) -> RawJSON {
    guard let node = function["arguments"] else { return RawJSON(Array("{}".utf8)) }
    guard let text = node.stringBytes else { throw node.problem("must be a JSON object as a string") }
    guard !text.allSatisfy(JSONByte.isSpace) else { return RawJSON(Array("{}".utf8)) }
    guard let document = try? JSONDocument(text), document.root.kind == .object else {
      throw node.problem("must be a JSON object as a string")
    }
    return RawJSON(Array(document.root.raw))
  }

  private mutating func readToolResult(_ message: JSONNode) throws(InvalidRequest) {
    let id = try message.requiredText("tool_call_id")
    var content: [ToolResultContent] = []
    for (text, _) in try texts(message) { content.append(.text(Sensitive(text))) }
    let result = ContentBlock.toolResult(id: id, content: content, isError: false)
    if let last = messages.last, last.role == .user, last.content.allSatisfy(\.isToolResult) {
      messages[messages.count - 1].content.append(result)
    } else {
      messages.append(Message(role: .user, content: [result]))
    }
  }

  /// The content of a message that may hold text only, and whether the prompt may be cached up to each text.
  private func texts(_ message: JSONNode) throws(InvalidRequest) -> [(text: String, isCached: Bool)] {
    let content = try message.required("content")
    if let text = content.string { return [(text, false)] }
    guard content.kind == .array else { throw content.problem("must be a string or a list of text parts") }
    var texts: [(text: String, isCached: Bool)] = []
    for part in content.elements {
      let part = try part.object()
      switch try part.requiredText("type") {
      case "text": texts.append((try part.requiredText("text"), try OpenAIPartReader.hasCachePoint(part)))
      case "refusal": texts.append((try part.requiredText("refusal"), false))
      default: throw part.problem("type", "must be \"text\" in a message of this role")
      }
    }
    return texts
  }
}

extension ContentBlock {
  var isToolResult: Bool { if case .toolResult = self { true } else { false } }
}
