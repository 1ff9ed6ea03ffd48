import Foundation

/// What the readers of all dialects share: parts of a turn with their tokens and fingerprints.
extension Conversation.Part {
  static func text(_ text: String) -> Self {
    Self(content: .text(text), tokens: WordCounter.words(in: text), fingerprint: Fingerprint("text", text))
  }

  static func media(_ kind: String, _ data: String, tokens: Int) -> Self {
    Self(content: .opaque, tokens: tokens, media: 1, fingerprint: Fingerprint(kind, data))
  }

  static func call(_ id: String, _ name: String, _ input: JSONTree) -> Self {
    Self(content: .toolCall(id: id), fingerprint: Fingerprint("call", id, name, input.text))
  }

  /// - Parameter parts: what the result holds; its tokens are theirs.
  static func result(_ id: String, isError: Bool, _ parts: [Self]) -> Self {
    var fingerprint = Fingerprint("result", id, isError ? "error" : "ok")
    for part in parts { fingerprint.add(part.fingerprint) }
    return Self(
      content: .toolResult(id: id, isError: isError), tokens: parts.reduce(0) { $0 + $1.tokens },
      media: parts.reduce(0) { $0 + $1.media }, fingerprint: fingerprint)
  }

  static func reasoning(_ text: String, _ signature: String?) -> Self {
    Self(
      content: .reasoning(text: text, signature: signature), tokens: WordCounter.words(in: text),
      fingerprint: Fingerprint("reasoning", text, signature ?? ""))
  }

  static func redacted(_ data: String) -> Self {
    Self(content: .redacted(data), fingerprint: Fingerprint("redacted", data))
  }
}

extension JSONTree {
  /// The value of a member that must be a string.
  func required(_ name: String, of what: String) throws(CallProblem) -> String {
    guard let text = self[name]?.string else { throw CallProblem("\(what) needs a string '\(name)'.") }
    return text
  }

  /// The value of a member that must be an array; an empty one when there is none.
  func list(_ name: String) throws(CallProblem) -> [JSONTree] {
    guard let value = self[name] else { return [] }
    guard let elements = value.elements else { throw CallProblem("'\(name)' must be an array.") }
    return elements
  }

  /// A whole number above zero.
  func positive(_ name: String) throws(CallProblem) -> Int? {
    guard let value = self[name] else { return nil }
    guard let number = value.integer, number > 0 else {
      throw CallProblem("'\(name)' must be a whole number above 0.")
    }
    return number
  }

  /// Texts of a member that is an array of strings.
  func texts(_ name: String) throws(CallProblem) -> [String] {
    try list(name).map { element throws(CallProblem) in
      guard let text = element.string, !text.isEmpty else {
        throw CallProblem("'\(name)' must hold strings that are not empty.")
      }
      return text
    }
  }

  /// The life that a cache marker (`cache_control` or `cachePoint`) asks for.
  func cacheLife() throws(CallProblem) -> Conversation.CacheLife {
    guard ["ephemeral", "default"].contains(self["type"]?.string ?? "") else {
      throw CallProblem("A cache marker needs the type 'ephemeral' (or 'default' in a cachePoint).")
    }
    switch self["ttl"]?.string {
    case nil, "5m": return .fiveMinutes
    case "1h": return .hour
    case let other?: throw CallProblem("'\(other.prefix(20))' is no time for a cache; use 5m or 1h.")
    }
  }
}
