/// What goes wrong on purpose with one call.
enum Fault: Equatable, Sendable {
  /// An error answer; `retryAfter` in seconds is sent with it when given.
  case status(Int, retryAfter: Int?)
  /// The request is read and never answered.
  case timeout
  /// The connection ends before the answer's head.
  case close
  /// The connection ends after that many output tokens.
  case cut(afterTokens: Int)
  /// An error in the dialect's own way inside a stream, after that many output tokens.
  case errorEvent(afterTokens: Int)
  /// An answer with status 200 that is not what it says it is.
  case garbage
  /// A right answer that leaves out the token counts.
  case noUsage

  /// Reads `429`, `429@30` (seconds to wait), `500`, `503`, `400`, `timeout`, `close`, `cut@10`, `error@10`,
  /// `garbage` and `no-usage`.
  init(parsing text: some StringProtocol) throws(SettingProblem) {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let count = parts.count == 2 ? Int(parts[1]) : nil
    let isPlain = parts.count == 1
    switch (parts.first.map { String($0) } ?? "", count) {
    case ("429", _) where isPlain || (count ?? -1) >= 0: self = .status(429, retryAfter: count ?? 1)
    case ("400", nil) where isPlain: self = .status(400, retryAfter: nil)
    case ("500", nil) where isPlain: self = .status(500, retryAfter: nil)
    case ("503", nil) where isPlain: self = .status(503, retryAfter: nil)
    case ("timeout", nil) where isPlain: self = .timeout
    case ("close", nil) where isPlain: self = .close
    case ("garbage", nil) where isPlain: self = .garbage
    case ("no-usage", nil) where isPlain: self = .noUsage
    case ("cut", .some(let tokens)) where tokens >= 0: self = .cut(afterTokens: tokens)
    case ("error", .some(let tokens)) where tokens >= 0: self = .errorEvent(afterTokens: tokens)
    default: throw .unknownFault(String(text.prefix(SettingProblem.shownCharacters)))
    }
  }

  /// The text that `init(parsing:)` reads back as this fault.
  var text: String {
    switch self {
    case .status(let code, let retryAfter?): "\(code)@\(retryAfter)"
    case .status(let code, nil): "\(code)"
    case .timeout: "timeout"
    case .close: "close"
    case .cut(let tokens): "cut@\(tokens)"
    case .errorEvent(let tokens): "error@\(tokens)"
    case .garbage: "garbage"
    case .noUsage: "no-usage"
    }
  }
}
