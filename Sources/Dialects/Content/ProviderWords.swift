import Core

/// What a provider says of a request that it refused, made fit for the caller who sent it: one line, bounded, without
/// longer quotations, which are most likely the request's content, and without what names the operator's account.
enum ProviderWords {
  /// Most characters that are passed on.
  static let most = 300
  /// Most characters of the provider's text that are looked at.
  private static let mostRead = 4_096
  /// Longer quotations are left out: names of members and models are shorter.
  private static let longestQuotation = 64
  /// Longer words are left out: they are content in Base64, or keys.
  private static let longestWord = 80
  /// Account numbers have twelve digits.
  private static let accountDigits = 12
  private static let omitted: [Character] = ["…"]

  /// Nil where nothing is said.
  static func words(_ text: String?) -> Sensitive<String>? {
    guard let text else { return nil }
    let line = words(of: text.unicodeScalars.prefix(mostRead))
    let shown = withoutQuotations(Array(line.joined(separator: " ")))
      .split(separator: " ").map(shown)
    let whole = Array(shown.joined(separator: " "))
    guard !whole.isEmpty else { return nil }
    return Sensitive(whole.count <= most ? String(whole) : String(whole.prefix(most - 1) + omitted))
  }

  /// Without line ends, other controls, and marks that change how the rest is shown.
  private static func words(of text: Substring.UnicodeScalarView) -> [String] {
    var words: [String] = []
    var word = String.UnicodeScalarView()
    for scalar in text {
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .privateUse, .unassigned:
        if !word.isEmpty { words.append(String(word)) }
        word.removeAll()
      default: word.append(scalar)
      }
    }
    return word.isEmpty ? words : words + [String(word)]
  }

  private static func withoutQuotations(_ text: [Character]) -> [Character] {
    var rest: [Character] = []
    var position = 0
    while position < text.count {
      let mark = text[position]
      guard opens(mark, after: position > 0 ? text[position - 1] : nil) else {
        rest.append(mark)
        position += 1
        continue
      }
      let inside = text[(position + 1)...]
      let end = inside.indices.first { closes(mark, text, at: $0) } ?? text.endIndex
      let quotation = text[(position + 1)..<end]
      rest.append(mark)
      rest += quotation.count <= longestQuotation ? Array(quotation) : omitted
      if end < text.endIndex { rest.append(mark) }
      position = end + 1
    }
    return rest
  }

  /// An apostrophe inside a word begins no quotation.
  private static func opens(_ mark: Character, after before: Character?) -> Bool {
    switch mark {
    case "\"", "`": true
    case "'": !(before?.isLetter ?? false) && !(before?.isNumber ?? false)
    default: false
    }
  }

  private static func closes(_ mark: Character, _ text: [Character], at index: Int) -> Bool {
    guard text[index] == mark, text[index - 1] != "\\" else { return false }
    guard mark == "'", index + 1 < text.count else { return true }
    return !text[index + 1].isLetter && !text[index + 1].isNumber
  }

  private static func shown(_ word: some Collection<Character>) -> String {
    let digits = word.split { !$0.isASCII || !$0.isNumber }.map(\.count).max() ?? 0
    let text = String(word)
    let isName = text.lowercased().contains("arn:aws") || digits >= accountDigits
    return isName || word.count > longestWord ? String(omitted) : text
  }
}
