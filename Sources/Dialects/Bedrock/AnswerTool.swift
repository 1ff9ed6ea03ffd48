import Core

/// A tool that the model must call with its answer: how an answer in JSON is asked of models that have no other way.
/// The call's input is given to the caller as text. Rule D-2.
struct AnswerTool: Sendable {
  static let name = "json_answer"
  private static let description = "Give the whole answer as this JSON object. Always call this tool."
  private static let anyObject = Array(#"{"type":"object","properties":{},"additionalProperties":true}"#.utf8)

  let tool: Tool

  /// Nil where plain text is wanted.
  init?(for request: ChatRequest) throws(InvalidRequest) {
    let schema: RawJSON
    var purpose: Sensitive<String>?
    switch request.responseFormat {
    case .text, nil: return nil
    case .jsonObject: schema = RawJSON(Self.anyObject)
    case .jsonSchema(_, let wanted, _, let description):
      schema = wanted
      purpose = description
    }
    guard request.tools.isEmpty else {
      throw InvalidRequest(
        "Tools and an answer in JSON cannot be asked of this model's provider in one request; use one of them.",
        parameter: "response_format")
    }
    guard request.reasoning == nil else {
      throw InvalidRequest(
        "Reasoning and an answer in JSON cannot be asked of this model's provider in one request; use one of them.",
        parameter: "response_format")
    }
    let words = [Self.description, purpose?.reveal()].compactMap { $0 }.joined(separator: "\n\n")
    tool = Tool(name: Self.name, description: Sensitive(words), inputSchema: schema)
  }

  static func isWanted(by call: ModelCall) -> Bool {
    guard case .chat(let request) = call else { return false }
    switch request.responseFormat {
    case .jsonObject, .jsonSchema: return true
    case .text, nil: return false
    }
  }
}
