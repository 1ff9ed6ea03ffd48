import Foundation

/// What a chat request says, in no dialect's words.
struct Conversation: Sendable {
  enum Role: Sendable {
    case system, user, assistant
  }

  /// How long a marked prefix is kept.
  enum CacheLife: Sendable {
    case fiveMinutes, hour
  }

  enum Content: Equatable, Sendable {
    case text(String)
    /// Something that counts and says nothing: an image, a document, JSON.
    case opaque
    case toolCall(id: String)
    case toolResult(id: String, isError: Bool)
    case reasoning(text: String, signature: String?)
    case redacted(String)

    var isReasoning: Bool {
      switch self {
      case .reasoning, .redacted: true
      default: false
      }
    }
  }

  struct Part: Sendable {
    var content: Content
    var tokens = 0
    var media = 0
    var fingerprint: Fingerprint
    /// Set when the caller wants everything up to here cached.
    var keeps: CacheLife?
  }

  struct Turn: Sendable {
    var role: Role
    var parts: [Part] = []
  }

  struct Tool: Sendable {
    var name: String
    var schema: JSONTree
    var keeps: CacheLife?
  }

  enum ToolChoice: Equatable, Sendable {
    case automatic, any, none
    case named(String)
  }

  /// What an answer in JSON must look like.
  enum AnswerShape: Sendable {
    case anyObject
    case schema(JSONTree)
  }

  var model: String?
  var tools: [Tool] = []
  var choice = ToolChoice.automatic
  var allowsParallelTools = true
  var turns: [Turn] = []
  /// Tokens that the reasoning may have, when the request asks for reasoning.
  var reasoningBudget: Int?
  /// The request fixed the budget rather than leaving it to the model.
  var fixesReasoning = false
  var stops: [String] = []
  var maxTokens: Int?
  var shape: AnswerShape?
  var streams = false
  var includesUsage = false
  /// Every turn but the last ends a prefix that is cached without being marked.
  var cachesTurns = false

  /// Tokens of an image or a document, whatever is in it.
  static let imageTokens = 100
  static let documentTokens = 200

  var inputTokens: Int { turns.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.tokens } } }
  var media: Int { turns.reduce(0) { $0 + $1.parts.reduce(0) { $0 + $1.media } } }

  /// The turns since the user last said something that is no result of a tool, that turn included.
  var newestTurns: ArraySlice<Turn> {
    let start = turns.lastIndex { $0.role == .user && $0.parts.contains { Self.isText($0) } }
    return turns[(start ?? 0)...]
  }

  /// The inside of the last directive in what the user said last.
  var directive: String? {
    guard let turn = newestTurns.first, turn.role == .user else { return nil }
    for part in turn.parts.reversed() {
      guard case .text(let text) = part.content, let start = text.range(of: "[sim ", options: .backwards) else {
        continue
      }
      return String(text[start.upperBound...].prefix { $0 != "]" })
    }
    return nil
  }

  /// How often tools were called since the user last said something.
  var toolRounds: Int {
    newestTurns.count { $0.role == .assistant && $0.parts.contains { Self.isCall($0) } }
  }

  /// The results that the request ends with.
  var lastResults: [(id: String, isError: Bool)] {
    // A dialect that gives every result a turn of its own has several such turns in a row.
    let turns = turns.reversed().prefix { turn in
      turn.role != .assistant && turn.parts.contains { if case .toolResult = $0.content { true } else { false } }
    }
    return turns.reversed().flatMap(\.parts).compactMap { part in
      if case .toolResult(let id, let isError) = part.content { (id, isError) } else { nil }
    }
  }

  static func isText(_ part: Part) -> Bool {
    if case .text = part.content { true } else { false }
  }

  static func isCall(_ part: Part) -> Bool {
    if case .toolCall = part.content { true } else { false }
  }
}
