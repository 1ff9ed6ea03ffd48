/// A line of text that people gave something as its name: trimmed, not empty, printable.
struct DisplayText: Hashable, Sendable {
  let text: String

  enum Problem: Error, Hashable {
    case empty
    case tooLong(limit: Int)
    /// Line breaks, control characters, or characters that turn the direction of the text around.
    case unprintable
  }

  /// `limit` is in characters as people count them; in UTF-8 a text may have four times as many bytes.
  static func read(_ raw: String, limit: Int) -> Result<DisplayText, Problem> {
    // Bounded before the work below, whatever somebody sent.
    guard raw.utf8.count <= limit * 8 else { return .failure(.tooLong(limit: limit)) }
    let text = raw.trimmed
    guard !text.isEmpty else { return .failure(.empty) }
    guard text.count <= limit, text.utf8.count <= limit * 4 else { return .failure(.tooLong(limit: limit)) }
    guard text.unicodeScalars.allSatisfy(\.isPrintable) else { return .failure(.unprintable) }
    return .success(DisplayText(text: text))
  }
}

extension String {
  /// Without white space at either end.
  var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension Unicode.Scalar {
  /// False for control characters, line and paragraph separators, direction overrides, and what is not a character.
  var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    case .format: !(0x202A...0x202E ~= value || 0x2066...0x2069 ~= value || value == 0xFEFF)
    default: true
    }
  }
}
