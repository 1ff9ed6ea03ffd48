/// Which tools an answer calls, as a directive says it: a number (`2`) or names (`weather,clock`).
enum ToolWish: Equatable, Sendable {
  case count(Int)
  case names([String])

  static let maximum = 64

  init(parsing text: some StringProtocol) throws(SettingProblem) {
    if let count = Int(text) {
      guard (0...Self.maximum).contains(count) else {
        throw .notANumber(name: "tools", value: String(text.prefix(20)), limit: Self.maximum)
      }
      self = .count(count)
    } else {
      let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
      guard names.count <= Self.maximum, names.allSatisfy({ !$0.isEmpty }) else {
        throw .notAWord(
          name: "tools", value: String(text.prefix(SettingProblem.shownCharacters)), words: "N, NAME,NAME")
      }
      self = .names(names)
    }
  }

  var text: String {
    switch self {
    case .count(let count): String(count)
    case .names(let names): names.joined(separator: ",")
    }
  }
}
