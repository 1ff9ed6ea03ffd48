import Foundation

/// How calls are answered: set by options, at run time by `PUT /behavior`, and for one call by headers or a directive
/// in the prompt.
struct CallSettings: Equatable, Sendable {
  /// The names that directives and behaviors use.
  enum Name: String, CaseIterable {
    case input, output, latency, interval, fault, tools, rounds, preamble, reasoning, redacted, ending, say, usage
    case cacheRead = "cache_read"
    case cacheWrite = "cache_write"
    case cacheWriteHour = "cache_write_1h"
  }

  /// Replaces the counted input tokens when given.
  var inputTokens: Int?
  /// Added to the counted input tokens, as chat templates of real models do.
  var inputOverhead = 0
  var outputTokens = 20
  /// Tokens of the cache classes: they come on top of the input tokens.
  var cacheReadTokens = 0
  var cacheWriteTokens = 0
  var cacheWriteHourTokens = 0
  /// Milliseconds before the answer's first byte.
  var latency = 0
  /// Milliseconds between two tokens of a stream.
  var interval = 0
  var fault: Fault?
  /// What the answer calls when the request offers tools.
  var tools: ToolWish?
  /// How often in a row it calls tools before it answers with text.
  var rounds = 1
  /// Words that it says before it calls tools.
  var preamble = 0
  /// Tokens of reasoning where the request asks for some; nil for the simulator's own measure.
  var reasoning: Int?
  /// How many redacted blocks come before the reasoning.
  var redacted = 0
  var ending: Ending?
  /// The answer's text in place of counted words.
  var say: String?
  var usage = UsageReport.full

  static let maximumTokens = 10_000_000
  static let maximumOutputTokens = 1_000_000
  static let maximumMilliseconds = 600_000
  static let maximumRounds = 100
  static let maximumRedacted = 8

  /// The setting that a request header names, if it names one.
  static func name(ofHeader header: String) -> Name? {
    switch header {
    case "x-sim-input-tokens": .input
    case "x-sim-output-tokens": .output
    case "x-sim-cache-read-tokens": .cacheRead
    case "x-sim-cache-write-tokens": .cacheWrite
    case "x-sim-latency-ms": .latency
    case "x-sim-token-interval-ms": .interval
    case "x-sim-fault": .fault
    default: nil
    }
  }

  /// True when plain words are not all that the answer needs.
  var isScripted: Bool {
    if case .huge = fault { return true }
    return usage != .full && usage != .none || tools != nil || reasoning != nil || redacted > 0 || ending != nil
      || say != nil
  }

  mutating func set(_ name: Name, to value: some StringProtocol) throws(SettingProblem) {
    switch name {
    case .input: inputTokens = try Self.number(name, value, limit: Self.maximumTokens)
    case .output: outputTokens = try Self.number(name, value, limit: Self.maximumOutputTokens)
    case .cacheRead: cacheReadTokens = try Self.number(name, value, limit: Self.maximumTokens)
    case .cacheWrite: cacheWriteTokens = try Self.number(name, value, limit: Self.maximumTokens)
    case .cacheWriteHour: cacheWriteHourTokens = try Self.number(name, value, limit: Self.maximumTokens)
    case .latency: latency = try Self.number(name, value, limit: Self.maximumMilliseconds)
    case .interval: interval = try Self.number(name, value, limit: Self.maximumMilliseconds)
    case .fault: fault = value == "none" ? nil : try Fault(parsing: value)
    case .tools: tools = try ToolWish(parsing: value)
    case .rounds: rounds = try Self.number(name, value, limit: Self.maximumRounds)
    case .preamble: preamble = try Self.number(name, value, limit: Self.maximumOutputTokens)
    case .reasoning: reasoning = try Self.number(name, value, limit: Self.maximumOutputTokens)
    case .redacted: redacted = try Self.number(name, value, limit: Self.maximumRedacted)
    case .ending: ending = value == "none" ? nil : try Self.word(name, value)
    case .say: say = String(value).removingPercentEncoding ?? String(value)
    case .usage: usage = try Self.word(name, value)
    }
  }

  /// Applies the inside of a directive: `output=50 input=7 fault=cut@10`.
  mutating func apply(directive: String) throws(SettingProblem) {
    for word in directive.split(whereSeparator: \.isWhitespace) {
      guard let equals = word.firstIndex(of: "=") else {
        throw .notKeyAndValue(String(word.prefix(SettingProblem.shownCharacters)))
      }
      guard let name = Name(rawValue: String(word[..<equals])) else {
        throw .unknownName(String(word[..<equals].prefix(SettingProblem.shownCharacters)))
      }
      try set(name, to: word[word.index(after: equals)...])
    }
  }

  private static func number(_ name: Name, _ value: some StringProtocol, limit: Int) throws(SettingProblem) -> Int {
    guard let number = Int(value), (0...limit).contains(number) else {
      let shown = String(value.prefix(SettingProblem.shownCharacters))
      throw .notANumber(name: name.rawValue, value: shown, limit: limit)
    }
    return number
  }

  private static func word<Value: RawRepresentable<String> & CaseIterable>(
    _ name: Name, _ text: some StringProtocol
  ) throws(SettingProblem) -> Value {
    guard let value = Value(rawValue: String(text)) else {
      throw .notAWord(
        name: name.rawValue, value: String(text.prefix(SettingProblem.shownCharacters)),
        words: Value.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return value
  }
}
