import Core

/// Random metadata and filters over few keys and values, so that they meet often.
struct RandomFilters {
  var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  static let texts = [
    "", "a", "A", "ab", "abc", "Abc", "b", "ba", "true", "false", "3", "2.5", "9", "10", "-1", "+3", "007", "1e3",
    "1000",
    "12abc", "0x10", "inf", "nan", ".5", "5.", " 1", "1e999", "1,000", "3.0", "--1", "\u{E9}", "e\u{301}", "e",
    "\u{6771}\u{4EAC}", "\u{FF11}", "2026-11-21", "2026-11-21T00:00", "2026-11-21T00:00:00Z",
    "2026-11-21T01:00:00+01:00", "2026-11-21T00:00:00+0100", "2026-11-20T23:00-01", "2026-11-20T23:59:59.999999999Z",
    "2026-11-21T00:00:00.5Z", "2026-11-21T00:00:00.500Z", "2026-11-21T00:00:00.25Z", "2026-02-29", "2024-02-29",
    "2026-13-01", "2026-11-21 00:00", "2026-11-21T24:00", "2026-11-21T00:00:60Z", "2026-11-21T00:00:00z",
    "2026-11-21Z", "1969-12-31", "0000-01-01", "0001-01-01", "9999-12-31T23:59:59Z", "20261121", "2026-11",
    "2026-11-21T00:00:00.1234567890Z", "2026-11-21T00:00+24:00", "2026-11-21T12",
  ]
  static let numbers: [Double] = [
    -1, -0.0, 0, 0.1, 1, 2.5, 3, 7, 9, 10, 1_000, 20_261_121, 1e6, 1e21, -1e300, 9_007_199_254_740_992,
  ]
  static let keys = ["a", "b", "c", "gr\u{F6}\u{DF}e"]

  mutating func metadata() -> [MetadataPair] {
    (0..<pick(0...5)).map { _ in MetadataPair(key(), value()) }
  }

  mutating func value() -> MetadataValue {
    switch pick(0...11) {
    case 0: .boolean(chance())
    case 1...3: .number(one(Self.numbers))
    case 4: .text(madeMoment())
    case 5: .text("\(pick(-20...20))")
    default: .text(one(Self.texts))
    }
  }

  mutating func filter(depth: Int) -> Filter {
    guard depth > 0, pick(0...9) > 2 else { return .holds(FilterCondition(key(), test())) }
    let members = (0..<pick(0...3)).map { _ in filter(depth: depth - 1) }
    return chance() ? .all(members) : .any(members)
  }

  mutating func test() -> FilterCondition.Test {
    switch pick(0...12) {
    case 0: .equals(value())
    case 1: .notEquals(value())
    case 2: .isIn((0..<pick(0...4)).map { _ in value() })
    case 3: .isNotIn((0..<pick(0...4)).map { _ in value() })
    case 4: .isGreater(than: value())
    case 5: .isAtLeast(value())
    case 6: .isLess(than: value())
    case 7: .isAtMost(value())
    case 8: .startsWith(part())
    case 9: .contains(part())
    case 10: .lists(value())
    case 11: .exists(chance())
    default: .reads(one(Self.texts))
    }
  }

  /// A moment near the others, with any spelling.
  private mutating func madeMoment() -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    var text = "2026-11-\(two(pick(20...22)))T\(two(pick(0...23))):\(two(pick(0...59)))"
    if chance() {
      text += ":\(two(pick(0...59)))"
      if chance() { text += ".\(pick(0...999))" }
    }
    switch pick(0...3) {
    case 0: text += "Z"
    case 1: text += (chance() ? "+" : "-") + two(pick(0...23)) + ":" + two(pick(0...59))
    case 2: text += (chance() ? "+" : "-") + two(pick(0...23))
    default: break
    }
    return text
  }

  private mutating func part() -> String {
    let text = Array(one(Self.texts))
    let start = chance() ? 0 : pick(0...text.count)
    return String(text[start..<pick(start...text.count)])
  }

  private mutating func key() -> String { pick(0...9) < 6 ? "a" : one(Self.keys) }
  private mutating func chance() -> Bool { Bool.random(using: &random) }
  private mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
  private mutating func one<Element>(_ all: [Element]) -> Element { all[pick(0...(all.count - 1))] }
}
