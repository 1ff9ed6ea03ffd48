/// What the real services refuse in a conversation that is well formed.
extension Conversation {
  private static let toolNameLimit = 64
  private static let markerLimit = 4

  func check(_ format: ChatFormat) throws(CallProblem) {
    guard turns.contains(where: { $0.role != .system || format == .openAI }) else {
      throw CallProblem("'messages' is missing or empty.")
    }
    try checkTools(format)
    try checkResults()
    try checkReasoning()
    let markers = turns.flatMap(\.parts).count { $0.keeps != nil } + tools.count { $0.keeps != nil }
    guard markers <= Self.markerLimit else {
      throw CallProblem("At most \(Self.markerLimit) cache markers are possible; the request has \(markers).")
    }
    if format != .openAI { try checkOrder(format) }
  }

  private func checkTools(_ format: ChatFormat) throws(CallProblem) {
    var seen: Set<String> = []
    for tool in tools {
      let isPlain = tool.name.utf8.allSatisfy { byte in
        Self.isLetter(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
      }
      guard isPlain, (1...Self.toolNameLimit).contains(tool.name.utf8.count) else {
        throw CallProblem(
          "The tool name '\(tool.name.prefix(80))' must have 1 to \(Self.toolNameLimit) letters, digits, _ and -.")
      }
      guard seen.insert(tool.name).inserted else { throw CallProblem("The tool name '\(tool.name)' occurs twice.") }
    }
    switch choice {
    case .named(let name) where !seen.contains(name): throw CallProblem("The tool '\(name.prefix(80))' is not offered.")
    case .any where tools.isEmpty: throw CallProblem("A tool is required, but none is offered.")
    default: break
    }
    if fixesReasoning {
      switch choice {
      case .any, .named: throw CallProblem("Thinking is not possible when the choice of tools forces their use.")
      default: break
      }
    }
    if format == .converse, tools.isEmpty, turns.flatMap(\.parts).contains(where: Self.isCall) {
      throw CallProblem("'toolConfig' must be given when the messages hold toolUse or toolResult blocks.")
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte | 0x20)
  }

  /// Every call of a tool is answered by the following turns, and nothing else is.
  private func checkResults() throws(CallProblem) {
    var open: [String] = []
    for turn in turns where turn.role != .system {
      if turn.role == .assistant || !turn.parts.contains(where: Self.isResult) {
        if let id = open.first { throw CallProblem("The tool call '\(id.prefix(80))' has no result.") }
      }
      for part in turn.parts {
        switch part.content {
        case .toolCall(let id):
          guard turn.role == .assistant, !open.contains(id) else {
            throw CallProblem("The tool call '\(id.prefix(80))' occurs twice or outside of an assistant's message.")
          }
          open.append(id)
        case .toolResult(let id, _):
          guard turn.role == .user, let index = open.firstIndex(of: id) else {
            throw CallProblem("The tool result '\(id.prefix(80))' belongs to no call in the message before it.")
          }
          open.remove(at: index)
        default: break
        }
      }
    }
    if let id = open.first { throw CallProblem("The tool call '\(id.prefix(80))' has no result.") }
  }

  private static func isResult(_ part: Part) -> Bool {
    if case .toolResult = part.content { true } else { false }
  }

  /// Reasoning comes back as it was given, and is there when results of tools follow it.
  private func checkReasoning() throws(CallProblem) {
    for part in turns.flatMap(\.parts) {
      switch part.content {
      case .reasoning(let text, let signature):
        guard signature == ReasoningSeal.signature(of: text) else {
          throw CallProblem("The signature of a thinking block is not the one that its text was given with.")
        }
      case .redacted(let data):
        guard ReasoningSeal.isRedacted(data) else {
          throw CallProblem("The data of a redacted thinking block is not what was given.")
        }
      default: break
      }
    }
    guard fixesReasoning, !lastResults.isEmpty, let turn = turns.last(where: { $0.role == .assistant }) else { return }
    guard turn.parts.first?.content.isReasoning == true else {
      throw CallProblem("With thinking on, the message that calls tools must begin with its thinking block.")
    }
  }

  private func checkOrder(_ format: ChatFormat) throws(CallProblem) {
    let roles = turns.map(\.role).filter { $0 != .system }
    if turns.contains(where: { $0.role != .system && $0.parts.isEmpty }) {
      throw CallProblem("A message needs a 'content' that is not empty.")
    }
    guard roles.first == .user else { throw CallProblem("The first message must have the role 'user'.") }
    if format == .converse, zip(roles, roles.dropFirst()).contains(where: { $0 == $1 }) {
      throw CallProblem("Messages must alternate between the roles 'user' and 'assistant'.")
    }
  }
}
