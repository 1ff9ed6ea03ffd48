import Core

/// What a chat request gives to quote from and what it asks.
struct Conversation: Sendable, Redacted {
  /// A text of the caller and the name that citations give it.
  struct Passage: Sendable, Redacted {
    let source: String
    let text: String
    let joining: SentenceSplitter.LineJoining
  }

  /// Everything that may be quoted, in the request's order, but for the turn that asks.
  var passages: [Passage] = []
  /// The texts of the turn that asks, with the place in ``passages`` at which they belong.
  var asking: [(text: String, source: String, place: Int)] = []
  /// Every text of the request, quotable or not: what input tokens are counted of.
  var counted: [String] = []
}

/// Reads a chat request for the extractive model. Refuses what that model cannot do, by name. Rules D-2, F-3.
struct ConversationReader {
  /// More than ``ExtractiveModel/maximumInputTokens`` tokens of any usual text; keeps counting cheap.
  static let maximumBytes = 524_288

  private static let model = OfflineModels.textModel.text
  private static let longestName = 100

  private var conversation = Conversation()
  private var bytes = 0
  private var toolNames: [String: String] = [:]

  /// What `request` says. Throws for anything that a quotation cannot answer.
  static func read(_ request: ChatRequest) throws(InvalidRequest) -> Conversation {
    try refuseFeatures(of: request)
    guard let asking = try askingTurn(of: request) else {
      throw InvalidRequest(
        "No user message holds a text, so nothing is asked. Put the question into the last user message as text.",
        parameter: "messages")
    }
    var reader = ConversationReader()
    for case .text(let text) in request.system {
      try reader.quote(text.reveal(), source: "system prompt")
    }
    for (index, message) in request.messages.enumerated() {
      for (place, block) in message.content.enumerated() {
        try reader.take(
          block, of: message.role, asks: index == asking, source: "message \(index + 1)",
          parameter: "messages[\(index)].content[\(place)]")
      }
    }
    return reader.conversation
  }

  private static func refuseFeatures(of request: ChatRequest) throws(InvalidRequest) {
    if !request.tools.isEmpty && request.toolChoice != ToolChoice.none {
      throw unable("call tools", "Leave them out or set the tool choice to none.", "tools")
    }
    switch request.toolChoice {
    case .any, .tool: throw unable("call tools", "Leave the tool choice out.", "toolChoice")
    case .auto, ToolChoice.none?, nil: break
    }
    if request.reasoning != nil {
      throw unable("reason", "Leave the reasoning budget out.", "reasoning")
    }
    switch request.responseFormat {
    case .jsonObject, .jsonSchema:
      throw unable("answer in JSON", "Ask for plain text.", "responseFormat")
    case .text, nil: break
    }
    if let maxTokens = request.inference.maxTokens, maxTokens < 1 {
      throw InvalidRequest("maxTokens is \(maxTokens); it must be at least 1.", parameter: "maxTokens")
    }
  }

  /// The last user turn that holds a text; a turn after it can only bring tool results and documents.
  private static func askingTurn(of request: ChatRequest) throws(InvalidRequest) -> Int? {
    guard request.messages.last?.role == .user else {
      throw InvalidRequest(
        "The last message must be the user's: \(model) does not continue an answer.", parameter: "messages")
    }
    return request.messages.lastIndex { message in
      message.role == .user
        && message.content.contains { block in
          if case .text(let text) = block { !text.reveal().allSatisfy(\.isWhitespace) } else { false }
        }
    }
  }

  private static func unable(_ what: String, _ remedy: String, _ parameter: String) -> InvalidRequest {
    InvalidRequest("\(model) quotes sentences and cannot \(what). \(remedy)", parameter: parameter)
  }
}

// MARK: - Blocks

extension ConversationReader {
  private mutating func take(
    _ block: ContentBlock, of role: Message.Role, asks: Bool, source: String, parameter: String
  ) throws(InvalidRequest) {
    switch block {
    case .text(let text) where asks:
      try count(text.reveal())
      conversation.asking.append((text.reveal(), source, conversation.passages.count))
    case .text(let text) where role == .user:
      try quote(text.reveal(), source: source)
    case .text(let text):
      // Earlier answers are quotations themselves: quoting them again would cite the wrong source.
      try count(text.reveal())
    case .document(let format, let name, let bytes):
      try quote(document: bytes, format: format, name: name.reveal(), parameter: parameter)
    case .toolUse(let id, let name, let input):
      toolNames[id] = name
      try count(String(decoding: input.bytes.reveal(), as: UTF8.self))
    case .toolResult(let id, let content, _):
      let source = "result of \(Self.shown(toolNames[id] ?? "tool call \(id)"))"
      for piece in content {
        try take(piece, source: source, parameter: parameter)
      }
    case .image:
      throw Self.unable("read images", "Give their content as text.", parameter)
    case .reasoning, .redactedReasoning:
      throw Self.unable("take reasoning blocks", "Leave them out of earlier answers.", parameter)
    case .cachePoint:
      // A marker asks only for a lower price of repeated input, and there is but one price here (C-6).
      break
    }
  }

  private mutating func take(
    _ piece: ToolResultContent, source: String, parameter: String
  ) throws(InvalidRequest) {
    switch piece {
    case .text(let text):
      try quote(text.reveal(), source: source)
    case .json(let json):
      try quote(PlainText.lines(ofJSON: json.bytes.reveal()), source: source, joining: .never)
    case .image:
      throw Self.unable("read images", "Give their content as text.", parameter)
    case .document(let format, let name, let bytes):
      try quote(document: bytes, format: format, name: name.reveal(), parameter: parameter)
    }
  }

  private mutating func quote(
    document: Sensitive<[UInt8]>, format: String, name: String, parameter: String
  ) throws(InvalidRequest) {
    let format = format.lowercased()
    guard let kind = PlainText.Format(rawValue: format) else {
      throw Self.unable(
        "read this kind of document", "It reads \(PlainText.Format.names); give others as text.", parameter)
    }
    try reserve(document.reveal().count)
    guard let text = PlainText.text(of: document.reveal(), format: kind) else {
      throw InvalidRequest("\(parameter) is a document whose bytes are not UTF-8 text.", parameter: parameter)
    }
    conversation.counted += [text, name]
    let source = Self.shown(name)
    conversation.passages.append(
      Conversation.Passage(
        source: source.isEmpty ? "document" : source, text: text, joining: kind == .csv ? .never : .wrapped))
  }

  private mutating func quote(
    _ text: String, source: String, joining: SentenceSplitter.LineJoining = .beforeSmallLetters
  ) throws(InvalidRequest) {
    try count(text)
    conversation.passages.append(Conversation.Passage(source: source, text: text, joining: joining))
  }

  private mutating func count(_ text: String) throws(InvalidRequest) {
    try reserve(text.utf8.count)
    conversation.counted.append(text)
  }

  private mutating func reserve(_ count: Int) throws(InvalidRequest) {
    bytes += count
    guard bytes <= Self.maximumBytes else {
      throw InvalidRequest(
        "The texts of the request have more than \(Self.maximumBytes) bytes, which is the most that \(Self.model) "
          + "reads. Give it less context: it is never cut.", parameter: "messages")
    }
  }

  /// A name fit for a citation: one line, not too long.
  private static func shown(_ name: String) -> String {
    let words = name.split(whereSeparator: { $0.isWhitespace || $0.unicodeScalars.allSatisfy(\.isControl) })
    let line = words.joined(separator: " ")
    return line.count > longestName ? line.prefix(longestName - 1) + "…" : line
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool { properties.generalCategory == .control }
}
