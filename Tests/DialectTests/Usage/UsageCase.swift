import Core
import Foundation

/// One line of `usage-cases.txt`: what a provider reports, and what it settles to.
struct UsageCase: Sendable, CustomStringConvertible {
  let kind: String
  let what: String
  let answer: String
  let rates: ExchangeRates
  let usage: TokenUsage
  let isEstimated: Bool
  let nano: Int64

  var description: String { "\(kind): \(what)" }

  private static let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "usage-cases.txt")

  /// Throws where a line cannot be read: none is left out.
  static func all() throws -> [UsageCase] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      guard let one = UsageCase(line) else { throw Exchange.Mismatch() }
      return one
    }
  }

  private init?(_ line: Substring) {
    let columns = line.components(separatedBy: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    guard columns.count == 7 else { return nil }
    func numbers(_ text: String, _ separator: Character) -> [Int64] {
      text.split(separator: separator).compactMap { Int64($0) }
    }
    let rates = numbers(columns[3], "/")
    let tokens = numbers(columns[4], " ")
    guard rates.count == 4, tokens.count == 4, let nano = Int64(columns[6]),
      ["exact", "estimated"].contains(columns[5])
    else { return nil }
    kind = columns[0]
    what = columns[1]
    answer = columns[2]
    self.rates = ExchangeRates(input: rates[0], output: rates[1], cacheWrite: rates[2], cacheRead: rates[3])
    usage = TokenUsage(
      input: TokenCount(tokens[0]), cacheWrite: TokenCount(tokens[1]), cacheRead: TokenCount(tokens[2]),
      output: TokenCount(tokens[3]))
    isEstimated = columns[5] == "estimated"
    self.nano = nano
  }
}
