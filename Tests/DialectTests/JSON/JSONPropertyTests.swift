import Dialects
import Foundation
import Testing

@Suite("JSON agrees with Foundation's reader on random documents")
struct JSONPropertyTests {
  @Test("Random documents read the same, written by us and written loosely", arguments: TestRandom.freshSeeds(3))
  func agreement(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    for _ in 0..<150 {
      let value = Self.value(&random, depth: 0)
      let theirs = try JSONSerialization.jsonObject(with: Data(value.bytes), options: .fragmentsAllowed)
      #expect(Self.agree(value, theirs), "seed \(seed)")
      #expect(try JSONValue(value.bytes) == value, "seed \(seed)")
      let loose = Self.loosely(value, &random)
      #expect(try JSONValue(Array(loose.utf8)) == value, "seed \(seed): \(loose)")
    }
  }

  @Test("Broken documents are refused by both readers", arguments: TestRandom.freshSeeds(3))
  func disagreement(seed: UInt64) throws {
    var random = TestRandom(seed: seed)
    var refused = 0
    for _ in 0..<600 {
      var bytes = Self.value(&random, depth: 0).bytes
      bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
      guard (try? JSONValue(bytes)) == nil else {
        #expect(Self.foundationReads(bytes), "seed \(seed)")
        continue
      }
      refused += 1
    }
    #expect(refused > 300, "seed \(seed)")
  }

  /// Foundation also refuses numbers that no Double holds, which the grammar allows.
  private static func foundationReads(_ bytes: [UInt8]) -> Bool {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      return true
    } catch {
      return String(describing: error).contains("not representable")
    }
  }

  // MARK: Documents

  private static let samples = [
    "", "a", "naïve", "\"quoted\\\"", "line\nbreak\t", "\u{1}\u{1F}", "😀 日本", "a/b", "é\u{301}",
  ]

  private static func value(_ random: inout TestRandom, depth: Int) -> JSONValue {
    switch random.below(depth > 5 ? 5 : 8) {
    case 0: return .null
    case 1: return .bool(random.chance(1, of: 2))
    case 2: return .number(String(Int32(truncatingIfNeeded: random.next())))
    case 3: return .number((Double(Int32(truncatingIfNeeded: random.next())) / 1024).description)
    case 4: return .string(samples[random.below(samples.count)])
    case 5, 6:
      var elements: [JSONValue] = []
      for _ in 0..<random.below(5) { elements.append(value(&random, depth: depth + 1)) }
      return .array(elements)
    default:
      var members: [JSONValue.Member] = []
      for index in 0..<random.below(5) {
        let name = samples[random.below(samples.count)] + String(index)
        members.append(.init(name, value(&random, depth: depth + 1)))
      }
      return .object(members)
    }
  }

  private static func agree(_ ours: JSONValue, _ theirs: Any) -> Bool {
    switch ours {
    case .null: return theirs is NSNull
    case .bool(let value): return (theirs as? NSNumber)?.boolValue == value
    case .number(let text):
      guard let ours = Double(text), let theirs = (theirs as? NSNumber)?.doubleValue else { return false }
      // Foundation rounds some fractions twice.
      return abs(ours - theirs) <= abs(ours) * 1e-15
    case .string(let text): return (theirs as? String).map { Array($0.utf8) == Array(text.utf8) } ?? false
    case .array(let elements):
      guard let list = theirs as? [Any], list.count == elements.count else { return false }
      return zip(elements, list).allSatisfy { agree($0, $1) }
    case .object(let members):
      guard let dictionary = theirs as? [String: Any], dictionary.count == members.count else { return false }
      return members.allSatisfy { member in dictionary[member.name].map { agree(member.value, $0) } ?? false }
    }
  }

  /// The same value with spaces, and with escapes that need not be.
  private static func loosely(_ value: JSONValue, _ random: inout TestRandom) -> String {
    let space = ["", " ", "\n", "\t \r"][random.below(4)]
    switch value {
    case .null, .bool, .number: return space + String(decoding: value.bytes, as: UTF8.self) + space
    case .string(let text): return space + quoted(text, &random) + space
    case .array(let elements):
      var parts: [String] = []
      for element in elements { parts.append(loosely(element, &random)) }
      return space + "[" + space + parts.joined(separator: ",") + "]"
    case .object(let members):
      var parts: [String] = []
      for member in members {
        parts.append(space + quoted(member.name, &random) + space + ":" + loosely(member.value, &random))
      }
      return "{" + space + parts.joined(separator: ",") + space + "}"
    }
  }

  private static func quoted(_ text: String, _ random: inout TestRandom) -> String {
    var result = "\""
    for unit in text.utf16 {
      let hex = String(unit, radix: 16, uppercase: random.chance(1, of: 2))
      result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
    }
    return result + "\""
  }
}
