import Foundation

/// Walks over JSON bytes and checks their grammar on the way, without building anything.
struct JSONCursor {
  static let depthLimit = 64

  let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private var depth = 0

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = bytes
  }

  /// The next byte that is no whitespace, or nil at the end. Stays before it.
  mutating func peek() -> UInt8? {
    while position < bytes.count {
      let byte = bytes[position]
      if byte != 0x20, byte != 0x0A, byte != 0x0D, byte != 0x09 { return byte }
      position += 1
    }
    return nil
  }

  mutating func expectEnd() throws(ScanProblem) {
    if peek() != nil { throw problem }
  }

  /// Steps over an object; `visit` gets each member's name, without quotes, and must step over its value.
  mutating func object(
    _ visit: (inout JSONCursor, UnsafeRawBufferPointer) throws(ScanProblem) -> Void
  ) throws(ScanProblem) {
    try enter(UInt8(ascii: "{"))
    defer { depth -= 1 }
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let name = try string()
      guard take(UInt8(ascii: ":")) else { throw problem }
      try visit(&self, UnsafeRawBufferPointer(rebasing: bytes[name]))
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw problem }
  }

  /// Steps over an array; `visit` must step over each element.
  mutating func array(_ visit: (inout JSONCursor) throws(ScanProblem) -> Void) throws(ScanProblem) {
    try enter(UInt8(ascii: "["))
    defer { depth -= 1 }
    if take(UInt8(ascii: "]")) { return }
    repeat { try visit(&self) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw problem }
  }

  /// Steps over a string and gives the range between its quotes, escapes as they are.
  mutating func string() throws(ScanProblem) -> Range<Int> {
    guard take(UInt8(ascii: "\"")) else { throw problem }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position += 1
        return start..<(position - 1)
      }
      if byte < 0x20 { throw problem }
      if byte == UInt8(ascii: "\\") { try escape() } else { position += 1 }
    }
    throw problem
  }

  /// Steps over a number and gives its text's range.
  mutating func number() throws(ScanProblem) -> Range<Int> {
    _ = peek()
    let start = position
    _ = takeHere(UInt8(ascii: "-"))
    let whole = digits()
    guard whole > 0 else { throw problem }
    if whole > 1, bytes[position - whole] == UInt8(ascii: "0") { throw problem }
    if takeHere(UInt8(ascii: ".")), digits() == 0 { throw problem }
    if takeHere(UInt8(ascii: "e")) || takeHere(UInt8(ascii: "E")) {
      if !takeHere(UInt8(ascii: "+")) { _ = takeHere(UInt8(ascii: "-")) }
      if digits() == 0 { throw problem }
    }
    return start..<position
  }

  /// Steps over `true`, `false` or `null`; nil stands for null.
  mutating func literal() throws(ScanProblem) -> Bool? {
    _ = peek()
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    if takeWord("null") { return nil }
    throw problem
  }

  /// Steps over any value.
  mutating func skip() throws(ScanProblem) {
    switch peek() {
    case UInt8(ascii: "{"): try object { (cursor, _) throws(ScanProblem) in try cursor.skip() }
    case UInt8(ascii: "["): try array { (cursor) throws(ScanProblem) in try cursor.skip() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"): _ = try literal()
    default: _ = try number()
    }
  }

  /// The text of a string's range with its escapes resolved.
  func text(_ range: Range<Int>) -> String {
    let raw = bytes[range]
    guard raw.contains(UInt8(ascii: "\\")) else { return String(decoding: raw, as: UTF8.self) }
    let quoted = Data([UInt8(ascii: "\"")] + raw + [UInt8(ascii: "\"")])
    let value = try? JSONSerialization.jsonObject(with: quoted, options: .fragmentsAllowed)
    return value as? String ?? String(decoding: raw, as: UTF8.self)
  }

  private var problem: ScanProblem { .notJSON(offset: position) }

  private mutating func enter(_ bracket: UInt8) throws(ScanProblem) {
    guard take(bracket) else { throw problem }
    guard depth < Self.depthLimit else { throw .tooDeep }
    depth += 1
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeHere(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    guard bytes.count - position >= word.utf8CodeUnitCount else { return false }
    let here = UnsafeRawBufferPointer(rebasing: bytes[position..<position + word.utf8CodeUnitCount])
    guard here.equals(word) else { return false }
    position += word.utf8CodeUnitCount
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func escape() throws(ScanProblem) {
    guard position + 1 < bytes.count else { throw problem }
    switch bytes[position + 1] {
    case UInt8(ascii: "u"):
      guard position + 5 < bytes.count else { throw problem }
      for index in (position + 2)...(position + 5) where bytes[index].hexadecimalValue == nil { throw problem }
      position += 6
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 2
    default: throw problem
    }
  }
}

extension UInt8 {
  /// The value of one hexadecimal digit; nil for any other byte.
  var hexadecimalValue: UInt32? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(self - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(self - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(self - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}

extension UnsafeRawBufferPointer {
  func equals(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount
      && elementsEqual(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }
}
