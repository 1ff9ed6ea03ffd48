/// Who pays for a call: whose name its usage stands under. Rule M-6.
public enum Payer: Hashable, Sendable {
  case key(KeyID)
  /// The embeddings key that belongs to a knowledge base key. Rule G-15.
  case companionKey(KeyID)
  /// "Portal - person": the Playground.
  case person(UserID)
  case knowledgeBase(ResourceID)

  /// `key:ID`, `companion:ID`, `person:ID` or `kb:ID`: how it stands in rows and exports.
  public var text: String {
    switch self {
    case .key(let id): "key:\(id)"
    case .companionKey(let id): "companion:\(id)"
    case .person(let id): "person:\(id)"
    case .knowledgeBase(let id): "kb:\(id)"
    }
  }

  /// Reads back what ``text`` wrote.
  public init?(text: String) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let id = String(text[text.index(after: colon)...])
    switch text[..<colon] {
    case "key": self = .key(KeyID(id))
    case "companion": self = .companionKey(KeyID(id))
    case "person": self = .person(UserID(id))
    case "kb": self = .knowledgeBase(ResourceID(id))
    default: return nil
    }
  }
}
