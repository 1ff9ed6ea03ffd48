import Core
import Foundation

/// The filter language of KB-4 evaluated from its description alone, as plainly as can be; shares no code with Core's.
struct NaiveFilter {
  /// What can be planted, to prove that the comparison sees it.
  enum Mistake: String, CaseIterable {
    case none
    case everyValueMustPass
    case missingKeyFailsNegations
    case negationLooksForAnother
    case numberEqualsItsText
    case numbersInOrderOfText
    case numberFromBeginningOfText
    case datesInOrderOfText
    case offsetIgnored
    case fractionIgnored
    case greaterLetsEqualPass
    case atMostKeepsEqualOut
    case booleansHaveOrder
    case prefixAnywhere
    case partsIgnoreCase
    case readsTextsOnly
    case existsAlways
    case allIsAny
    case emptyAnyHolds
    case listsFirstOnly
  }

  let mistake: Mistake
  private var kinds: [String: Kind] = [:]

  init(_ mistake: Mistake = .none) { self.mistake = mistake }

  private enum Kind: Equatable {
    case number(Double)
    /// Whole seconds since the year 1, and the digits of their fraction.
    case moment(Int, String)
    case words([UInt32])
    case truth(Bool)
  }

  mutating func holds(_ filter: Filter, _ metadata: [MetadataPair]) -> Bool {
    switch filter {
    case .holds(let condition):
      return holds(condition.test, metadata.filter { $0.name == condition.key }.map(\.value))
    case .all(let members):
      if mistake == .allIsAny, !members.isEmpty { return members.filter { holds($0, metadata) }.count > 0 }
      return members.filter { holds($0, metadata) }.count == members.count
    case .any(let members):
      if mistake == .emptyAnyHolds, members.isEmpty { return true }
      return members.filter { holds($0, metadata) }.count > 0
    }
  }

  /// Whether a test holds of the list of values that a key has; empty where the key is missing.
  private mutating func holds(_ test: FilterCondition.Test, _ values: [MetadataValue]) -> Bool {
    switch test {
    case .notEquals(let wanted): return lacks([wanted], values)
    case .isNotIn(let wanted): return lacks(wanted, values)
    case .exists(let wanted): return mistake == .existsAlways ? !values.isEmpty : values.isEmpty != wanted
    case .lists(let wanted) where mistake == .listsFirstOnly:
      return values.first.map { same($0, wanted) } ?? false
    default:
      var passing = 0
      for value in values where passes(test, value) { passing += 1 }
      return mistake == .everyValueMustPass ? !values.isEmpty && passing == values.count : passing > 0
    }
  }

  private func lacks(_ wanted: [MetadataValue], _ values: [MetadataValue]) -> Bool {
    if mistake == .missingKeyFailsNegations, values.isEmpty { return false }
    let others = values.filter { value in !wanted.contains { same(value, $0) } }
    return mistake == .negationLooksForAnother ? values.isEmpty || !others.isEmpty : others.count == values.count
  }

  private mutating func passes(_ test: FilterCondition.Test, _ value: MetadataValue) -> Bool {
    switch test {
    case .equals(let wanted), .lists(let wanted): return same(value, wanted)
    case .isIn(let wanted): return wanted.contains { same(value, $0) }
    case .isGreater(let bound):
      let side = side(of: value, bound)
      return side == 1 || mistake == .greaterLetsEqualPass && side == 0
    case .isAtLeast(let bound):
      let side = side(of: value, bound)
      return side == 1 || side == 0
    case .isLess(let bound): return side(of: value, bound) == -1
    case .isAtMost(let bound):
      let side = side(of: value, bound)
      return side == -1 || side == 0 && mistake != .atMostKeepsEqualOut
    case .startsWith(let part):
      guard case .text(let text) = value else { return false }
      return mistake == .prefixAnywhere ? has(points(text), points(part)) : points(text).starts(with: points(part))
    case .contains(let part):
      guard case .text(let text) = value else { return false }
      if mistake == .partsIgnoreCase { return has(points(text.lowercased()), points(part.lowercased())) }
      return has(points(text), points(part))
    case .reads(let wanted):
      switch value {
      case .text(let text): return points(text) == points(wanted)
      case .boolean(let flag): return mistake != .readsTextsOnly && (flag ? "true" : "false") == wanted
      case .number(let number): return mistake != .readsTextsOnly && plain(number) == wanted
      }
    case .notEquals, .isNotIn, .exists: return false
    }
  }

  private func same(_ a: MetadataValue, _ b: MetadataValue) -> Bool {
    switch (a, b) {
    case (.text(let a), .text(let b)): points(a) == points(b)
    case (.number(let a), .number(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    case (.number(let a), .text(let b)), (.text(let b), .number(let a)):
      mistake == .numberEqualsItsText && plain(a) == b
    default: false
    }
  }

  /// 1 above, 0 equal, -1 below; nil where the two cannot be compared.
  private mutating func side(of value: MetadataValue, _ bound: MetadataValue) -> Int? {
    switch (kind(value), kind(bound)) {
    case (.number(let a), .number(let b)): return a > b ? 1 : a == b ? 0 : -1
    case (.moment(let a, let aRest), .moment(let b, let bRest)):
      if mistake == .fractionIgnored || a != b { return (a - b).signum() }
      let (a, b) = (points(aRest), points(bRest))
      return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    case (.words(let a), .words(let b)): return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
    case (.truth(let a), .truth(let b)):
      return mistake == .booleansHaveOrder ? (a ? 1 : 0) - (b ? 1 : 0) : nil
    default: return nil
    }
  }

  private mutating func kind(_ value: MetadataValue) -> Kind {
    switch value {
    case .boolean(let flag): return .truth(flag)
    case .number(let number): return .number(number)
    case .text(let text):
      if let known = kinds[text] { return known }
      let kind = number(text).map(Kind.number) ?? moment(text) ?? .words(points(text))
      kinds[text] = kind
      return kind
    }
  }

  private func number(_ text: String) -> Double? {
    if mistake == .numbersInOrderOfText { return nil }
    if mistake == .numberFromBeginningOfText {
      return text.prefixMatch(of: /[+-]?[0-9]+(\.[0-9]+)?/).flatMap { Double($0.output.0) }
    }
    guard text.wholeMatch(of: /[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil, let number = Double(text),
      abs(number) < .infinity
    else { return nil }
    return number
  }

  private func moment(_ text: String) -> Kind? {
    if mistake == .datesInOrderOfText { return nil }
    let pattern =
      /([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?/
    guard let match = text.wholeMatch(of: pattern)?.output else { return nil }
    let fields = [match.1, match.2, match.3, match.4 ?? "0", match.5 ?? "0", match.6 ?? "0"].compactMap { Int($0) }
    guard fields.count == 6, fields[0] > 0, (1...12).contains(fields[1]),
      (1...ReferenceCalendar.length(fields[0], fields[1])).contains(fields[2]), fields[3] < 24, fields[4] < 60,
      fields[5] < 60
    else { return nil }
    var days = fields[2]
    for year in 1..<fields[0] { days += ReferenceCalendar.length(year, 2) + 337 }
    for month in 1..<fields[1] { days += ReferenceCalendar.length(fields[0], month) }
    var seconds = days * 86_400 + fields[3] * 3_600 + fields[4] * 60 + fields[5]
    if let zone = match.8, zone != "Z", mistake != .offsetIgnored {
      let digits = zone.dropFirst().filter { $0 != ":" }
      guard let hours = Int(digits.prefix(2)), let minutes = Int("0" + digits.dropFirst(2)), hours < 24, minutes < 60
      else { return nil }
      seconds += (zone.first == "-" ? 1 : -1) * (hours * 3_600 + minutes * 60)
    }
    let fraction = String((match.7 ?? "").reversed().drop { $0 == "0" }.reversed())
    return .moment(seconds, fraction)
  }

  private func plain(_ number: Double) -> String {
    let text = "\(number == 0 ? 0 : number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private func points(_ text: String) -> [UInt32] {
    text.precomposedStringWithCanonicalMapping.unicodeScalars.map(\.value)
  }

  private func has(_ all: [UInt32], _ part: [UInt32]) -> Bool {
    part.isEmpty || all.indices.contains { all[$0...].starts(with: part) }
  }
}
