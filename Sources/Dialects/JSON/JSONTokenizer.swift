/// Checks the grammar of RFC 8259 strictly and notes where each value stands, in one pass and without copying.
///
/// Members and elements follow their object or array in the order of the document; a member is its name and its value.
struct JSONTokenizer {
  private let limits: JSONLimits
  private(set) var tokens: [JSONToken] = []
  private var position = 0

  init(limits: JSONLimits) { self.limits = limits }

  mutating func read(_ bytes: Span<UInt8>) throws(JSONProblem) {
    guard bytes.count <= limits.bytes else { throw JSONProblem(.tooLong(limit: limits.bytes), at: limits.bytes) }
    tokens.reserveCapacity(16 + min(bytes.count / 24, 4_096))
    skipSpace(bytes)
    guard position < bytes.count else { throw JSONProblem(.empty, at: position) }
    try value(bytes, depth: 0)
    skipSpace(bytes)
    guard position == bytes.count else { throw JSONProblem(.trailingBytes, at: position) }
  }

  private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONProblem) {
    guard position < bytes.count else { throw JSONProblem(.unexpectedEnd, at: position) }
    switch bytes[position] {
    case UInt8(ascii: "\""): try string(bytes)
    case UInt8(ascii: "{"): try object(bytes, depth: depth + 1)
    case UInt8(ascii: "["): try array(bytes, depth: depth + 1)
    case UInt8(ascii: "t"): try literal("true", .bool, bytes)
    case UInt8(ascii: "f"): try literal("false", .bool, bytes)
    case UInt8(ascii: "n"): try literal("null", .null, bytes)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number(bytes)
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
      throw JSONProblem(.badLiteral, at: position)
    default: throw JSONProblem(.expectedValue, at: position)
    }
  }

  private mutating func object(_ bytes: Span<UInt8>, depth: Int) throws(JSONProblem) {
    let index = try open(.object, depth: depth)
    skipSpace(bytes)
    if peek(bytes) == UInt8(ascii: "}") { return close(index) }
    while true {
      guard let quote = peek(bytes) else { throw JSONProblem(.unexpectedEnd, at: position) }
      guard quote == UInt8(ascii: "\"") else { throw JSONProblem(.expectedMemberName, at: position) }
      try string(bytes)
      skipSpace(bytes)
      guard let colon = peek(bytes) else { throw JSONProblem(.unexpectedEnd, at: position) }
      guard colon == UInt8(ascii: ":") else { throw JSONProblem(.expectedColon, at: position) }
      position += 1
      skipSpace(bytes)
      try value(bytes, depth: depth)
      skipSpace(bytes)
      guard let mark = peek(bytes) else { throw JSONProblem(.unexpectedEnd, at: position) }
      if mark == UInt8(ascii: "}") { return close(index) }
      guard mark == UInt8(ascii: ",") else { throw JSONProblem(.expectedCommaOrEnd, at: position) }
      position += 1
      skipSpace(bytes)
    }
  }

  private mutating func array(_ bytes: Span<UInt8>, depth: Int) throws(JSONProblem) {
    let index = try open(.array, depth: depth)
    skipSpace(bytes)
    if peek(bytes) == UInt8(ascii: "]") { return close(index) }
    while true {
      try value(bytes, depth: depth)
      skipSpace(bytes)
      guard let mark = peek(bytes) else { throw JSONProblem(.unexpectedEnd, at: position) }
      if mark == UInt8(ascii: "]") { return close(index) }
      guard mark == UInt8(ascii: ",") else { throw JSONProblem(.expectedCommaOrEnd, at: position) }
      position += 1
      skipSpace(bytes)
    }
  }

  private mutating func open(_ kind: JSONKind, depth: Int) throws(JSONProblem) -> Int {
    guard depth <= limits.depth else { throw JSONProblem(.tooDeep(limit: limits.depth), at: position) }
    try append(kind, from: position, to: position)
    position += 1
    return tokens.count - 1
  }

  private mutating func close(_ index: Int) {
    position += 1
    tokens[index].end = Int32(truncatingIfNeeded: position)
    tokens[index].next = Int32(truncatingIfNeeded: tokens.count)
  }

  private mutating func append(
    _ kind: JSONKind, from start: Int, to end: Int, hasEscapes: Bool = false
  ) throws(JSONProblem) {
    guard tokens.count < limits.values else { throw JSONProblem(.tooManyValues(limit: limits.values), at: start) }
    tokens.append(JSONToken(kind, start: start, end: end, next: tokens.count + 1, hasEscapes: hasEscapes))
  }

  private mutating func literal(
    _ word: StaticString, _ kind: JSONKind, _ bytes: Span<UInt8>
  ) throws(JSONProblem) {
    let start = position
    let length = word.utf8CodeUnitCount
    guard start + length <= bytes.count else { throw JSONProblem(.badLiteral, at: start) }
    let matches = word.withUTF8Buffer { letters in
      for index in 0..<length where bytes[start + index] != letters[index] { return false }
      return true
    }
    guard matches else { throw JSONProblem(.badLiteral, at: start) }
    position = start + length
    try append(kind, from: start, to: position)
  }

  private mutating func number(_ bytes: Span<UInt8>) throws(JSONProblem) {
    let start = position
    if bytes[position] == UInt8(ascii: "-") { position += 1 }
    if peek(bytes) == UInt8(ascii: "0") {
      position += 1
    } else {
      try digits(bytes)
    }
    if peek(bytes) == UInt8(ascii: ".") {
      position += 1
      try digits(bytes)
    }
    if let mark = peek(bytes), mark | 0x20 == UInt8(ascii: "e") {
      position += 1
      if let sign = peek(bytes), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
      try digits(bytes)
    }
    if let after = peek(bytes), JSONByte.isDigit(after) { throw JSONProblem(.badNumber, at: start) }
    try append(.number, from: start, to: position)
  }

  /// At least one digit.
  private mutating func digits(_ bytes: Span<UInt8>) throws(JSONProblem) {
    let start = position
    let count = bytes.count
    while position < count, JSONByte.isDigit(bytes[position]) { position += 1 }
    guard position > start else { throw JSONProblem(.badNumber, at: position) }
  }

  private mutating func string(_ bytes: Span<UInt8>) throws(JSONProblem) {
    let start = position
    let count = bytes.count
    var hasEscapes = false
    var index = start + 1
    while index < count {
      let byte = bytes[index]
      if JSONByte.isPlain(byte) {
        index += 1
      } else if byte == UInt8(ascii: "\"") {
        position = index + 1
        return try append(.string, from: start, to: position, hasEscapes: hasEscapes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        index = try JSONByte.skipEscape(bytes, at: index)
      } else if byte < 0x20 {
        throw JSONProblem(.controlCharacter, at: index)
      } else {
        index = try JSONByte.skipScalar(bytes, at: index)
      }
    }
    throw JSONProblem(.unexpectedEnd, at: count)
  }

  private func peek(_ bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    let count = bytes.count
    while position < count, JSONByte.isSpace(bytes[position]) { position += 1 }
  }
}
