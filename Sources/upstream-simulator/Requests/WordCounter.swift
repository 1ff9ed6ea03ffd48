/// Counts whitespace-separated words in the raw inside of a JSON string, and notices directives on the way.
///
/// Whitespace is what Unicode says it is, written plainly or as an escape, so that the count is the one that a
/// test gets by splitting its prompt.
struct WordCounter {
  private(set) var words = 0
  /// Where the inside of the last directive begins.
  private(set) var directiveStart: Int?

  private static let directive: StaticString = "[sim "

  init(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
    var inWord = false
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = bytes[index]
      let step: (isSpace: Bool, length: Int)
      if byte > 0x20, byte < 0x80, byte != UInt8(ascii: "\\") {
        step = (false, 1)
        if byte == UInt8(ascii: "["), Self.isDirective(bytes, at: index, before: range.upperBound) {
          directiveStart = index + Self.directive.utf8CodeUnitCount
        }
      } else {
        step = Self.classify(bytes, at: index, before: range.upperBound)
      }
      if step.isSpace {
        inWord = false
      } else if !inWord {
        inWord = true
        words += 1
      }
      index += step.length
    }
  }

  /// The words of a text without escapes.
  static func words(in text: String) -> Int {
    var words = 0
    var inWord = false
    for scalar in text.unicodeScalars {
      let isSpace = isSpace(scalar.value)
      if !isSpace, !inWord { words += 1 }
      inWord = !isSpace
    }
    return words
  }

  private static func isDirective(_ bytes: UnsafeRawBufferPointer, at index: Int, before end: Int) -> Bool {
    let length = directive.utf8CodeUnitCount
    return end - index >= length && UnsafeRawBufferPointer(rebasing: bytes[index..<index + length]).equals(directive)
  }

  private static func classify(
    _ bytes: UnsafeRawBufferPointer, at index: Int, before end: Int
  ) -> (isSpace: Bool, length: Int) {
    let byte = bytes[index]
    if byte <= 0x20 { return (isSpace(UInt32(byte)), 1) }
    if byte == UInt8(ascii: "\\"), index + 1 < end { return classifyEscape(bytes, at: index, before: end) }
    if byte & 0xE0 == 0xC0, index + 1 < end {
      return (isSpace(UInt32(byte & 0x1F) << 6 | UInt32(bytes[index + 1] & 0x3F)), 2)
    }
    if byte & 0xF0 == 0xE0, index + 2 < end {
      let scalar =
        UInt32(byte & 0x0F) << 12 | UInt32(bytes[index + 1] & 0x3F) << 6 | UInt32(bytes[index + 2] & 0x3F)
      return (isSpace(scalar), 3)
    }
    return (false, 1)
  }

  private static func classifyEscape(
    _ bytes: UnsafeRawBufferPointer, at index: Int, before end: Int
  ) -> (isSpace: Bool, length: Int) {
    switch bytes[index + 1] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "f"): return (true, 2)
    case UInt8(ascii: "u") where index + 5 < end:
      let scalar = bytes[(index + 2)...(index + 5)].reduce(UInt32(0)) { $0 << 4 | ($1.hexadecimalValue ?? 0) }
      return (isSpace(scalar), 6)
    default: return (false, 2)
    }
  }

  static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
    default: false
    }
  }
}
