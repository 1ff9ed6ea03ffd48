import Core

/// Reads the items of an input one by one.
///
/// Instructions, system and developer messages are gathered in their order before the conversation. What the model said
/// and called in a row becomes one turn, as do the outputs of functions, because providers take turns in whole.
struct ResponsesItemReader {
  private(set) var system: [SystemBlock] = []
  private(set) var messages: [Message] = []

  mutating func instruct(_ text: String) { system.append(.text(Sensitive(text))) }
  mutating func ask(_ text: String) { messages.append(Message(role: .user, content: [.text(Sensitive(text))])) }

  mutating func read(_ item: JSONNode) throws(InvalidRequest) {
    switch try item.optionalText("type") {
    case "message": try readMessage(item)
    case nil where item["role"] != nil: try readMessage(item)
    case nil: throw item.problem("type", "is missing; items cannot be named by id, because no response is kept here")
    case "reasoning":
      if let block = try ResponsesReasoning.block(item) { appendToAnswer([block]) }
    case "function_call":
      appendToAnswer([
        .toolUse(
          id: try item.requiredText("call_id"), name: try item.requiredText("name"),
          input: try OpenAIMessageReader.arguments(item))
      ])
    case "function_call_output":
      appendResult(
        .toolResult(
          id: try item.requiredText("call_id"), content: try ResponsesPartReader.output(try item.required("output")),
          isError: false))
    case "item_reference":
      throw item.problem("type", "\"item_reference\" is not supported: no response is kept here; send the item itself")
    default:
      throw item.problem("type", "must be \"message\", \"function_call\", \"function_call_output\" or \"reasoning\"")
    }
  }

  private mutating func readMessage(_ message: JSONNode) throws(InvalidRequest) {
    let role = try message.requiredText("role")
    let content = try message.required("content")
    switch role {
    case "system", "developer": system += try ResponsesPartReader.system(content)
    case "user": messages.append(Message(role: .user, content: try ResponsesPartReader.user(content)))
    case "assistant": appendToAnswer(try ResponsesPartReader.assistant(content))
    default: throw message.problem("role", "must be \"system\", \"developer\", \"user\" or \"assistant\"")
    }
  }

  private mutating func appendToAnswer(_ blocks: [ContentBlock]) {
    guard !blocks.isEmpty else { return }
    if let last = messages.indices.last, messages[last].role == .assistant {
      messages[last].content += blocks
    } else {
      messages.append(Message(role: .assistant, content: blocks))
    }
  }

  private mutating func appendResult(_ result: ContentBlock) {
    if let last = messages.indices.last, messages[last].role == .user,
      messages[last].content.allSatisfy(\.isToolResult)
    {
      messages[last].content.append(result)
    } else {
      messages.append(Message(role: .user, content: [result]))
    }
  }
}
