/// The name of a collection in a knowledge base: 1 to 100 characters without `/`, control characters and blanks at its
/// ends. Rule KB-5. Kept in Unicode's composed form, so that one name never stands for two collections.
public struct CollectionName: Hashable, Comparable, Sendable, CustomStringConvertible {
  public static let longest = 100

  public let text: String

  /// Every knowledge base has it; it can be emptied but not deleted.
  public static let `default` = CollectionName(unchecked: "default")

  /// Nil where no collection may be called so.
  public init?(_ text: String) {
    // No sign is composed of more than four scalars: what is longer than this stays too long, and is not worked on.
    guard text.unicodeScalars.prefix(Self.longest * 4 + 1).count <= Self.longest * 4 else { return nil }
    let composed = text.canonical
    guard Self.problem(in: composed) == nil else { return nil }
    self.text = composed
  }

  private init(unchecked text: String) { self.text = text }

  public var description: String { text }

  public static func < (a: Self, b: Self) -> Bool { a.text.utf8.lexicographicallyPrecedes(b.text.utf8) }

  /// What is wrong with a name, as a sentence for who chose it; nil where nothing is.
  public static func problem(in text: String) -> String? {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, let last = scalars.last else { return "Give the collection a name." }
    if scalars.count > longest {
      return "The name of a collection has at most \(longest) characters; this one has \(scalars.count)."
    }
    if scalars.contains("/") { return "The name of a collection cannot have a \"/\" in it; use another sign." }
    if text.hasControls { return "The name of a collection is one line without control characters." }
    if first.properties.isWhitespace || last.properties.isWhitespace {
      return "The name of a collection cannot begin or end with a blank; remove it."
    }
    return nil
  }
}
