/// Rules of single bytes, escapes and UTF-8 sequences inside JSON.
enum JSONByte {
  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// A byte of a string that stands for itself and ends nothing.
  @inline(__always)
  static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x80 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  static func hexValue(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
    default: nil
    }
  }

  /// The index after the escape whose backslash stands at `start`; a surrogate pair is one escape.
  static func skipEscape(_ bytes: Span<UInt8>, at start: Int) throws(JSONProblem) -> Int {
    guard start + 1 < bytes.count else { throw JSONProblem(.unexpectedEnd, at: bytes.count) }
    switch bytes[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"):
      let first = try codeUnit(bytes, at: start)
      guard first & 0xF800 == 0xD800 else { return start + 6 }
      guard first < 0xDC00, start + 11 < bytes.count, bytes[start + 6] == UInt8(ascii: "\\"),
        bytes[start + 7] == UInt8(ascii: "u")
      else { throw JSONProblem(.loneSurrogate, at: start) }
      let second = try codeUnit(bytes, at: start + 6)
      guard second & 0xFC00 == 0xDC00 else { throw JSONProblem(.loneSurrogate, at: start) }
      return start + 12
    default:
      throw JSONProblem(.badEscape, at: start)
    }
  }

  /// The value of the `\uXXXX` at `start`.
  static func codeUnit(_ bytes: Span<UInt8>, at start: Int) throws(JSONProblem) -> UInt32 {
    guard start + 5 < bytes.count else { throw JSONProblem(.badEscape, at: start) }
    var value: UInt32 = 0
    for index in start + 2..<start + 6 {
      guard let digit = hexValue(bytes[index]) else { throw JSONProblem(.badEscape, at: start) }
      value = value << 4 | digit
    }
    return value
  }

  /// The index after the UTF-8 sequence at `start`, whose first byte is 0x80 or more. Shortest forms only, no
  /// surrogates, nothing above U+10FFFF.
  static func skipScalar(_ bytes: Span<UInt8>, at start: Int) throws(JSONProblem) -> Int {
    let first = bytes[start]
    let length: Int
    let secondRange: ClosedRange<UInt8>
    switch first {
    case 0xC2...0xDF: (length, secondRange) = (2, 0x80...0xBF)
    case 0xE0: (length, secondRange) = (3, 0xA0...0xBF)
    case 0xED: (length, secondRange) = (3, 0x80...0x9F)
    case 0xE1...0xEF: (length, secondRange) = (3, 0x80...0xBF)
    case 0xF0: (length, secondRange) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, secondRange) = (4, 0x80...0xBF)
    case 0xF4: (length, secondRange) = (4, 0x80...0x8F)
    default: throw JSONProblem(.badUTF8, at: start)
    }
    guard start + length <= bytes.count, secondRange.contains(bytes[start + 1]) else {
      throw JSONProblem(.badUTF8, at: start)
    }
    for index in start + 2..<start + length where bytes[index] & 0xC0 != 0x80 {
      throw JSONProblem(.badUTF8, at: start)
    }
    return start + length
  }

  /// The content of a string whose grammar has been checked, escapes resolved; `range` is without the quotes.
  static func unescaped(_ bytes: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\\"), index + 1 < range.upperBound else {
        result.append(byte)
        index += 1
        continue
      }
      switch bytes[index + 1] {
      case UInt8(ascii: "b"): result.append(0x08)
      case UInt8(ascii: "f"): result.append(0x0C)
      case UInt8(ascii: "n"): result.append(0x0A)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "u"):
        index = appendScalar(of: bytes, at: index, to: &result)
        continue
      case let other: result.append(other)
      }
      index += 2
    }
    return result
  }

  /// Appends the scalar of the `\u` escape or pair at `start` and gives the index after it.
  private static func appendScalar(of bytes: [UInt8], at start: Int, to result: inout [UInt8]) -> Int {
    func unit(_ start: Int) -> UInt32 {
      bytes[start + 2..<start + 6].reduce(0) { $0 << 4 | (hexValue($1) ?? 0) }
    }
    var value = unit(start)
    var end = start + 6
    if value & 0xFC00 == 0xD800 {
      value = 0x10000 + (value & 0x3FF) << 10 + unit(start + 6) & 0x3FF
      end += 6
    }
    let scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
    result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    return end
  }
}
