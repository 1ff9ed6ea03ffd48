import Foundation

/// A line of text that people enter: trimmed, of limited length, without control characters.
enum VisibleText {
  /// The text, or what is wrong with it; `what` names it in the sentence, such as `a description`.
  static func read(_ raw: String, what: String, limit: Int) -> Result<String, VisibleTextProblem> {
    // Bounded before anything looks at every character.
    guard raw.utf8.count <= limit * 8 else { return .failure(.tooLong(what, limit)) }
    let text = raw.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty else { return .failure(.empty(what)) }
    guard text.count <= limit else { return .failure(.tooLong(what, limit)) }
    guard text.unicodeScalars.allSatisfy(isVisible) else { return .failure(.unprintable(what)) }
    return .success(text)
  }

  /// False for control characters, line separators and what turns the direction of the text around.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
    case .format: !(0x202A...0x202E ~= scalar.value || 0x2066...0x2069 ~= scalar.value)
    default: true
    }
  }
}

enum VisibleTextProblem: Error, Hashable {
  case empty(String)
  case tooLong(String, Int)
  case unprintable(String)

  var message: String {
    switch self {
    case .empty(let what): "Enter \(what)."
    case .tooLong(let what, let limit): "Enter \(what) of at most \(limit) characters."
    case .unprintable(let what): "Enter \(what) without line breaks and invisible characters."
    }
  }
}
