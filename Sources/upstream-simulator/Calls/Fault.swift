/// What goes wrong on purpose with one call. Tokens count from 0; a token is an event of a stream.
enum Fault: Equatable, Sendable {
  /// An error answer.
  case status(Int, RetryHint?)
  /// The request is read and never answered.
  case timeout
  /// The connection ends before the answer's head.
  case close
  /// The head comes and no body; then the connection ends or nothing more happens.
  case headOnly(hangs: Bool)
  /// A head that announces an empty body.
  case empty
  /// Nothing more happens after that many output tokens.
  case stall(afterTokens: Int)
  /// The connection ends after that many output tokens.
  case cut(afterTokens: Int)
  /// The connection ends in the middle of the token after that many.
  case tear(afterTokens: Int)
  /// The whole answer, and then the connection ends without saying that the body is over.
  case unclosed
  /// An error in the dialect's own way inside a stream, after that many output tokens; nil is the dialect's usual one.
  case errorEvent(status: Int?, afterTokens: Int)
  /// Bytes that nobody can read: instead of the answer, or inside a stream after that many tokens.
  case garbage(afterTokens: Int?)
  /// The answer comes byte for byte, with that many milliseconds between two.
  case drip(milliseconds: Int)
  /// The first token of the answer has that many bytes.
  case huge(bytes: Int)
  /// A right answer that leaves out the token counts.
  case noUsage

  static let statuses = [400, 401, 403, 404, 408, 413, 424, 429, 500, 502, 503, 504, 529]
  static let hugeLimit = 64 * 1024 * 1024

  /// Reads the text of a fault, see `SettingProblem.faults`.
  init(parsing text: some StringProtocol) throws(SettingProblem) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let word = parts.first.map { String($0) } ?? ""
    guard let fault = parts.count == 1 ? Self.plain(word) : Self.counted(word, String(parts[1])) else {
      throw .unknownFault(String(text.prefix(SettingProblem.shownCharacters)))
    }
    self = fault
  }

  private static func plain(_ word: String) -> Fault? {
    switch word {
    case "timeout": .timeout
    case "close": .close
    case "head": .headOnly(hangs: false)
    case "head-hang": .headOnly(hangs: true)
    case "empty": .empty
    case "garbage": .garbage(afterTokens: nil)
    case "no-usage": .noUsage
    case "unclosed": .unclosed
    case "429": .status(429, .seconds(1))
    default: Int(word).flatMap { statuses.contains($0) ? .status($0, nil) : nil }
    }
  }

  private static func counted(_ word: String, _ value: String) -> Fault? {
    if let status = Int(word), statuses.contains(status) {
      return RetryHint(parsing: value).map { .status(status, $0) }
    }
    guard let count = Int(value), count >= 0 else { return nil }
    switch word {
    case "stall": return .stall(afterTokens: count)
    case "cut": return .cut(afterTokens: count)
    case "tear": return .tear(afterTokens: count)
    case "error": return .errorEvent(status: nil, afterTokens: count)
    case "garbage": return .garbage(afterTokens: count)
    case "drip": return (1...CallSettings.maximumMilliseconds).contains(count) ? .drip(milliseconds: count) : nil
    case "huge": return (1...hugeLimit).contains(count) ? .huge(bytes: count) : nil
    default:
      guard word.hasPrefix("error-"), let status = Int(word.dropFirst("error-".count)), statuses.contains(status) else {
        return nil
      }
      return .errorEvent(status: status, afterTokens: count)
    }
  }

  /// The text that `init(parsing:)` reads back as this fault.
  var text: String {
    switch self {
    case .status(let code, let hint?): "\(code)@\(hint.text)"
    case .status(let code, nil): "\(code)"
    case .timeout: "timeout"
    case .close: "close"
    case .headOnly(let hangs): hangs ? "head-hang" : "head"
    case .empty: "empty"
    case .stall(let tokens): "stall@\(tokens)"
    case .cut(let tokens): "cut@\(tokens)"
    case .tear(let tokens): "tear@\(tokens)"
    case .unclosed: "unclosed"
    case .errorEvent(nil, let tokens): "error@\(tokens)"
    case .errorEvent(let status?, let tokens): "error-\(status)@\(tokens)"
    case .garbage(let tokens): tokens.map { "garbage@\($0)" } ?? "garbage"
    case .drip(let milliseconds): "drip@\(milliseconds)"
    case .huge(let bytes): "huge@\(bytes)"
    case .noUsage: "no-usage"
    }
  }

  /// True when nothing of an answer is made, so that nothing is counted.
  var refuses: Bool {
    switch self {
    case .status, .close: true
    default: false
    }
  }
}
