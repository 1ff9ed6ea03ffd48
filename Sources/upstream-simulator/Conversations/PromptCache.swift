import Synchronization

/// Remembers which beginnings of requests were cached, for as long as the process lives.
final class PromptCache: Sendable {
  /// When it is full, everything is forgotten.
  private static let limit = 200_000

  private let known = Mutex<Set<Fingerprint>>([])

  func clear() {
    known.withLock { $0.removeAll() }
  }

  /// The input tokens of a conversation by class; remembers the beginnings that it marks.
  ///
  /// - Parameter scope: beginnings in different scopes (regions, models) don't know each other.
  func settle(_ call: Conversation, scope: String) -> TokenCounts {
    let ends = Self.ends(of: call, scope)
    let total = call.inputTokens
    guard let lastMark = ends.lastIndex(where: { $0.keeps != nil }) else { return TokenCounts(input: total) }
    return known.withLock { known in
      if known.count > Self.limit { known.removeAll() }
      var counts = TokenCounts()
      let hit = ends[...lastMark].lastIndex { known.contains($0.fingerprint) }
      counts.cacheRead = hit.map { ends[$0].tokens } ?? 0
      var cached = counts.cacheRead
      for end in ends[((hit ?? -1) + 1)...] {
        guard let keeps = end.keeps else { continue }
        switch keeps {
        case .fiveMinutes: counts.cacheWrite += end.tokens - cached
        case .hour: counts.cacheWriteHour += end.tokens - cached
        }
        cached = end.tokens
        known.insert(end.fingerprint)
      }
      counts.input = total - cached
      return counts
    }
  }

  /// One place where a cached beginning may end.
  private struct End {
    var fingerprint: Fingerprint
    /// Tokens up to here.
    var tokens: Int
    var keeps: Conversation.CacheLife?
  }

  private static func ends(of call: Conversation, _ scope: String) -> [End] {
    var fingerprint = Fingerprint(scope)
    var ends: [End] = []
    var tokens = 0
    for tool in call.tools {
      fingerprint.add(tool.name)
      fingerprint.add(tool.schema.text)
      ends.append(End(fingerprint: fingerprint, tokens: tokens, keeps: tool.keeps))
    }
    for (index, turn) in call.turns.enumerated() {
      fingerprint.add("\(turn.role)")
      for part in turn.parts {
        fingerprint.add(part.fingerprint)
        tokens += part.tokens
        ends.append(End(fingerprint: fingerprint, tokens: tokens, keeps: part.keeps))
      }
      if call.cachesTurns, index < call.turns.count - 1, !ends.isEmpty, ends[ends.count - 1].keeps == nil {
        ends[ends.count - 1].keeps = .fiveMinutes
      }
    }
    return ends
  }
}
