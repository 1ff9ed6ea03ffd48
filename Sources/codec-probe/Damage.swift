import Dialects

/// Ways to damage what came over a wire: some know nothing of its form, some know JSON and frames well enough to get
/// past the outermost checks.
enum Damage {
  /// Nothing grows beyond this, so that an input that takes long is a fault of the reader.
  static let mostBytes = 256 << 10

  static func bytes(_ original: [UInt8], with other: [UInt8], _ random: inout ProbeRandom) -> [UInt8] {
    var bytes = original
    for _ in 0..<random.one(of: [1, 1, 1, 2, 2, 4, 8]) { damage(&bytes, other, &random) }
    return bytes.count > mostBytes ? Array(bytes.prefix(mostBytes)) : bytes
  }

  /// A stream of frames whose checksums are right, mostly.
  static func frames(_ original: [EventStreamFrame], with other: [UInt8], _ random: inout ProbeRandom) -> [UInt8] {
    var frames = original
    for _ in 0..<random.one(of: [1, 1, 2, 3]) where !frames.isEmpty {
      let place = random.below(frames.count)
      switch random.below(8) {
      case 0: frames.remove(at: place)
      case 1: frames.insert(frames[place], at: random.below(frames.count))
      case 2: frames.swapAt(place, random.below(frames.count))
      case 3: frames[place].headers.shuffle(using: &random)
      case 4 where !frames[place].headers.isEmpty:
        let header = random.below(frames[place].headers.count)
        frames[place].headers[header].value = random.one(of: [
          .bool(true), .number(-1), .bytes([0xFF]), .string(""), .string("exception"), .string("messageStop"),
        ])
      default: frames[place].payload = bytes(frames[place].payload, with: other, &random)
      }
    }
    let whole = frames.flatMap(\.bytes)
    return random.chance(1, of: 4) ? bytes(whole, with: other, &random) : Array(whole.prefix(mostBytes))
  }

  private static func damage(_ bytes: inout [UInt8], _ other: [UInt8], _ random: inout ProbeRandom) {
    let place = random.below(bytes.count + 1)
    let end = min(bytes.count, place + random.one(of: [1, 1, 3, 12, 80]))
    switch random.below(16) {
    case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.below(8))
    case 1 where place < bytes.count: bytes[place] = UInt8(truncatingIfNeeded: random.next())
    case 2, 3: bytes.removeSubrange(place..<end)
    case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: random.below(bytes.count + 1))
    case 5: bytes.removeLast(random.below(min(bytes.count, 200) + 1))
    case 6: bytes.insert(contentsOf: random.one(of: pieces), at: place)
    case 7: bytes.insert(contentsOf: random.one(of: badText), at: place)
    case 8: splice(&bytes, other, at: place, &random)
    case 9, 10: replaceNumber(&bytes, from: place, &random)
    case 11, 12: replaceValue(&bytes, from: place, random.one(of: values))
    case 13: replaceValue(&bytes, from: place, nested(&random))
    case 14: repeatMember(&bytes, from: place)
    default:
      // Long and dull: what is read again and again for each byte would show.
      guard random.chance(1, of: 8), place < end else { return }
      let piece = Array(bytes[place..<end])
      for _ in 0..<random.below(2_000) where bytes.count < mostBytes { bytes.insert(contentsOf: piece, at: place) }
    }
  }

  /// The beginning of one, the end of another.
  private static func splice(_ bytes: inout [UInt8], _ other: [UInt8], at place: Int, _ random: inout ProbeRandom) {
    let start = random.below(other.count + 1)
    bytes = Array(bytes[..<place]) + other[start...].prefix(4_096)
  }

  // MARK: JSON

  private static func replaceNumber(_ bytes: inout [UInt8], from place: Int, _ random: inout ProbeRandom) {
    func isNumeric(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard let start = bytes[place...].firstIndex(where: isNumeric) else { return }
    let end = bytes[start...].firstIndex { !isNumeric($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: random.one(of: numbers).utf8)
  }

  /// The value of the next member gives way to `value`.
  private static func replaceValue(_ bytes: inout [UInt8], from place: Int, _ value: [UInt8]) {
    guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
    let ends = Array(",}]\n".utf8)
    let end = bytes[(colon + 1)...].firstIndex { ends.contains($0) } ?? bytes.count
    bytes.replaceSubrange(colon + 1..<end, with: value)
  }

  /// The next member or element stands there twice.
  private static func repeatMember(_ bytes: inout [UInt8], from place: Int) {
    guard let start = bytes[place...].firstIndex(of: UInt8(ascii: ",")),
      let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: ","))
    else { return }
    bytes.insert(contentsOf: Array(bytes[start..<end]), at: end)
  }

  private static func nested(_ random: inout ProbeRandom) -> [UInt8] {
    let depth = random.one(of: [2, 30, 63, 64, 65, 66, 500, 20_000])
    let (open, close) = random.one(of: [("[", "]"), ("{\"a\":", "}"), ("[{\"x\":[1],\"a\":", "}]")])
    let half = Array(repeating: Array(open.utf8), count: depth).flatMap { $0 }
    return half + Array("1".utf8)
      + (random.chance(3, of: 4) ? Array(repeating: Array(close.utf8), count: depth).flatMap { $0 } : [])
  }

  private static let pieces = [
    "{", "}", "[", "]", "\"", "\\u", "\\", ",", ":", "null", "1e9", "-", "\u{0}", "data:", "data: ", "event: error\n",
    "\n\n", "\r", "\r\n\r\n", ":", "[DONE]", "\\ud800", "\\udc00\\ud800", "\u{FEFF}", "=", "/+",
  ].map { Array($0.utf8) }

  private static let badText: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF],
    [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3],
  ]

  private static let numbers = [
    "-0", "0", "1e999", "-1e999", "1E-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
    "18446744073709551616", "0.1", "1.0", "2e0", "00", "1e", "1e+", "--1", "100001", "1000000001", "4294967296",
    "0." + String(repeating: "0", count: 400) + "1", String(repeating: "9", count: 400), "1e99999999999999999999",
  ]

  private static let values = [
    "null", "true", "\"\"", "[]", "{}", "0", "-1", "\"\\u0000\"", "[null]", "{\"\":{}}", "\"text\"", "1e3", "\"12\"",
    "[[1,2],[3]]", "\"" + String(repeating: "x", count: 5_000) + "\"", "\"data:image/png;base64,AAAA\"", "\"auto\"",
  ].map { Array($0.utf8) }
}
