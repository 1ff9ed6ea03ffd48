/// One answer, composed before its first byte: what it says, block by block, and why it ends.
struct Composition: Sendable {
  enum Kind: Equatable, Sendable {
    case text, reasoning, redacted
    /// OpenAI's own member for a refusal.
    case declined
    /// The first token of a tool's call is its name and says nothing.
    case toolCall(name: String, ordinal: Int)
  }

  struct Block: Sendable {
    var kind: Kind
    var tokens: SpokenTokens
    /// False when the maximum of tokens ended it.
    var isWhole = true
  }

  enum Stop: Equatable, Sendable {
    case endOfTurn, maxTokens, toolUse
    case stopSequence(String)
    case scripted(Ending)
  }

  private(set) var blocks: [Block]
  private(set) var stop: Stop

  init(_ blocks: [Block], _ stop: Stop) {
    self.blocks = blocks.filter { $0.tokens.count > 0 }
    self.stop = stop
  }

  /// So many words and nothing else.
  static func plain(words: Int, maxTokens: Int?) -> Composition {
    var plain = Composition([Block(kind: .text, tokens: .filler(words))], .endOfTurn)
    plain.limit(to: maxTokens)
    return plain
  }

  var tokens: Int { blocks.reduce(0) { $0 + $1.tokens.count } }

  var reasoningTokens: Int {
    blocks.reduce(0) { $0 + ($1.kind == .reasoning || $1.kind == .redacted ? $1.tokens.count : 0) }
  }

  var toolCalls: Int {
    blocks.count { if case .toolCall = $0.kind { true } else { false } }
  }

  /// Ends the text before the first stop sequence in it; what would follow is never said.
  mutating func end(at stops: [String]) {
    guard !stops.isEmpty else { return }
    for index in blocks.indices where blocks[index].kind == .text {
      guard let cut = blocks[index].tokens.cut(at: stops) else { continue }
      blocks[index].tokens = cut.tokens
      blocks.removeSubrange((cut.tokens.count > 0 ? index + 1 : index)...)
      stop = .stopSequence(cut.stop)
      return
    }
  }

  /// Ends the answer after that many tokens.
  mutating func limit(to maximum: Int?) {
    guard let maximum, tokens > maximum else { return }
    var left = maximum
    for index in blocks.indices {
      let count = blocks[index].tokens.count
      if count > left {
        blocks[index].tokens = blocks[index].tokens.prefix(left)
        blocks[index].isWhole = false
      }
      left -= min(count, left)
    }
    blocks.removeAll { $0.tokens.count == 0 }
    stop = .maxTokens
  }
}
