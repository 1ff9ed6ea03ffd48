import Core
import Synchronization
import Testing

@Suite("The text of a key")
struct KeyFormatTests {
  static let id = KeyID("k3y1d0000abc")
  static let secret = (0..<32).map { UInt8($0 * 7 + 1) }
  static let key = KeyFormat.make(id: id, secret: secret, sha256: PlainSHA256.hash)

  private func parse(_ text: String) -> ParsedKey { KeyFormat.parse(text, sha256: PlainSHA256.hash) }

  @Test("The hash of the tests is SHA-256")
  func hash() {
    func hex(_ text: String) -> String {
      PlainSHA256.hash(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }

  @Test("K-1: a key is phk_<key id>_<secret>, in at most 110 bytes, and never changes its form")
  func form() {
    #expect(Self.key == "phk_k3y1d0000abc_0FAE0br7FNXNSiMwMIFF0C1t0KyYFUbUOkYEl9j0BPm3rIs0Y")
    #expect(Self.key.utf8.count == 66)
    let longest = KeyFormat.make(
      id: KeyID(String(repeating: "z", count: 40)), secret: [UInt8](repeating: 255, count: 32),
      sha256: PlainSHA256.hash)
    #expect(longest.utf8.count <= KeyFormat.maxLength)
    #expect(
      parse(longest) == .valid(KeyID(String(repeating: "z", count: 40)), secret: [UInt8](repeating: 255, count: 32)))
  }

  @Test("K-1: a key gives its id and all 256 bits of its secret back")
  func roundTrip() {
    #expect(parse(Self.key) == .valid(Self.id, secret: Self.secret))
    let seed = UInt64.random(in: 0 ... .max)
    print("keys, seed \(seed)")
    var random = SplitMix(seed: seed)
    for _ in 0..<200 {
      var secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
      for index in 0..<Int.random(in: 0...32, using: &random) { secret[index] = 0 }
      let text = KeyFormat.make(id: Self.id, secret: secret, sha256: PlainSHA256.hash)
      #expect(parse(text) == .valid(Self.id, secret: secret), "seed \(seed)")
    }
  }

  @Test("K-1: every change of one character is a typo, and so is every missing, doubled or swapped one")
  func typos() {
    let characters = Array(Self.key)
    let others = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. é")
    var tried = 0
    func check(_ changed: [Character]) {
      guard changed != characters else { return }
      tried += 1
      let text = String(changed)
      #expect(parse(text) == (text.hasPrefix("phk_") ? .typo : .notAKey), "\(text)")
    }
    for index in characters.indices {
      for other in others {
        var changed = characters
        changed[index] = other
        check(changed)
      }
      var shorter = characters
      shorter.remove(at: index)
      check(shorter)
      var longer = characters
      longer.insert(characters[index], at: index)
      check(longer)
      if index > 0 {
        var swapped = characters
        swapped.swapAt(index, index - 1)
        check(swapped)
      }
    }
    #expect(tried > 4_000)
  }

  @Test("K-1: a well-formed key that nobody made is not a typo: the look-up decides")
  func unknown() {
    let other = KeyFormat.make(id: KeyID("somebodyelse"), secret: Self.secret, sha256: PlainSHA256.hash)
    #expect(parse(other) == .valid(KeyID("somebodyelse"), secret: Self.secret))
  }

  @Test(
    "Other texts are no keys",
    arguments: ["", "phk", "phk-", "sk-abcdef", "PHK_x_y", " phk_a_b", "AKIAIOSFODNN7EXAMPLE"])
  func notKeys(text: String) { #expect(parse(text) == .notAKey) }

  @Test(
    "What begins like a key but is none is a typo",
    arguments: ["phk_", "phk__", "phk_a_b", "phk_" + String(repeating: "z", count: 107)])
  func almostKeys(text: String) { #expect(parse(text) == .typo) }

  @Test("A secret above 256 bits is a typo")
  func tooLarge() {
    let digits = String(repeating: "z", count: 43)
    let body = "phk_abc_\(digits)"
    #expect(parse(body + "000000") == .typo)
  }

  @Test("Reading random bytes never crashes and never gives a key")
  func randomBytes() {
    let seed = UInt64.random(in: 0 ... .max)
    print("random keys, seed \(seed)")
    var random = SplitMix(seed: seed)
    for round in 0..<5_000 {
      let bytes = (0..<Int.random(in: 0...130, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      let text = (round % 2 == 0 ? "phk_" : "") + String(decoding: bytes, as: UTF8.self)
      if case .valid = parse(text) { Issue.record("seed \(seed)") }
    }
  }

  @Test("K-1: new keys have ids of 12 characters and secrets of 32 bytes, evenly spread")
  func random() {
    var generator = SplitMix(seed: 7)
    var counts: [Character: Int] = [:]
    for _ in 0..<3_000 {
      let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
      let made = KeyFormat.random(RandomSource { Array(bytes.prefix($0)) })
      #expect(made.id.text.utf8.count == 12)
      #expect(made.secret.count == 32)
      for character in made.id.text { counts[character, default: 0] += 1 }
    }
    #expect(counts.count == 36)
    #expect(counts.values.allSatisfy { (850...1_150).contains($0) }, "\(counts)")
  }

  @Test("A source that gives only refused bytes first is asked again")
  func refusedBytes() {
    let isFirst = Mutex(true)
    let source = RandomSource { count in
      let byte: UInt8 = isFirst.withLock { first in
        defer { first = false }
        return first ? 255 : 9
      }
      return [UInt8](repeating: byte, count: count)
    }
    #expect(KeyFormat.random(source).id.text == "999999999999")
  }

  @Test("K-1: secrets are compared whole")
  func comparison() {
    #expect(KeyFormat.areEqual([], []))
    #expect(KeyFormat.areEqual(Self.secret, Self.secret))
    for index in Self.secret.indices {
      var other = Self.secret
      other[index] ^= 1
      #expect(!KeyFormat.areEqual(Self.secret, other))
    }
    #expect(!KeyFormat.areEqual(Self.secret, Array(Self.secret.dropLast())))
  }
}
