/// What a metadata value is when it is put in order. Rule KB-4: a text is read as a number or a moment only if the whole
/// of it is one; values of different kinds have no order.
public enum OrderedValue: Hashable, Sendable {
  /// Finite.
  case number(Double)
  /// Since 1970-01-01T00:00:00Z; nanoseconds are 0 to 999,999,999.
  case moment(seconds: Int64, nanoseconds: Int32)
  case text(String)

  /// Nil where the value has no order: a boolean, or a number that is not finite.
  public init?(_ value: MetadataValue) {
    switch value {
    case .boolean: return nil
    case .number(let number):
      guard number.isFinite else { return nil }
      self = .number(number)
    case .text(let text): self = Self.number(in: text) ?? Self.moment(in: text) ?? .text(text)
    }
  }

  public func isSameKind(as other: Self) -> Bool {
    switch (self, other) {
    case (.number, .number), (.moment, .moment), (.text, .text): true
    case (.number, _), (.moment, _), (.text, _): false
    }
  }

  /// Whether this comes before another value of its kind; false for values of another kind. Texts are in the order of
  /// their bytes, which is that of their code points.
  public func precedes(_ other: Self) -> Bool {
    switch (self, other) {
    case (.number(let a), .number(let b)): a < b
    case (.moment(let a, let aRest), .moment(let b, let bRest)): (a, aRest) < (b, bRest)
    case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
    case (.number, _), (.moment, _), (.text, _): false
    }
  }

  /// `-12`, `+0.5`, `1e6`: a sign, digits, a fraction, an exponent. Not `.5`, `5.`, `0x10`, `inf`, `1,000` or ` 1`.
  private static func number(in text: String) -> Self? {
    // Longer ones are no numbers that anybody compares; the limit keeps long texts cheap.
    guard text.utf8.count <= 64 else { return nil }
    var reader = DigitReader(text)
    _ = reader.skip(UInt8(ascii: "-")) || reader.skip(UInt8(ascii: "+"))
    guard reader.digits(1...64) != nil else { return nil }
    if reader.skip(UInt8(ascii: ".")) { guard reader.digits(1...64) != nil else { return nil } }
    if reader.skip(UInt8(ascii: "e")) || reader.skip(UInt8(ascii: "E")) {
      _ = reader.skip(UInt8(ascii: "-")) || reader.skip(UInt8(ascii: "+"))
      guard reader.digits(1...64) != nil else { return nil }
    }
    guard reader.isAtEnd, let number = Double(text), number.isFinite else { return nil }
    return .number(number)
  }

  /// `2026-11-21`, `2026-11-21T07:16`, `2026-11-21T07:16:46.120+01:00`. A day begins at midnight; what names no offset
  /// is in UTC.
  private static func moment(in text: String) -> Self? {
    guard (10...35).contains(text.utf8.count) else { return nil }
    var reader = DigitReader(text)
    guard let year = reader.number(4), reader.skip(UInt8(ascii: "-")), let month = reader.number(2),
      reader.skip(UInt8(ascii: "-")), let day = reader.number(2), year >= 1, (1...12).contains(month),
      (1...31).contains(day)
    else { return nil }
    let date = LocalDay(year: year, month: month, day: day)
    // The 31st of a short month runs on into the next one.
    guard date.month == month else { return nil }
    let midnight = Int64(date.number) * 86_400
    if reader.isAtEnd { return .moment(seconds: midnight, nanoseconds: 0) }
    guard reader.skip(UInt8(ascii: "T")), let time = reader.timeOfDay(), let offset = reader.offset(), reader.isAtEnd
    else { return nil }
    return .moment(seconds: midnight + Int64(time.seconds - offset), nanoseconds: time.nanoseconds)
  }
}

/// Reads digits and signs of a short text, byte by byte.
private struct DigitReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) { bytes = Array(text.utf8) }

  var isAtEnd: Bool { index == bytes.count }

  /// Steps over a byte if it is the next one.
  mutating func skip(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  /// As many digits as follow, if their number is in the range.
  mutating func digits(_ count: ClosedRange<Int>) -> ArraySlice<UInt8>? {
    let start = index
    while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
    guard count.contains(index - start) else { return nil }
    return bytes[start..<index]
  }

  /// Exactly so many digits, at most nine.
  mutating func number(_ count: Int) -> Int? {
    let end = index + count
    guard end <= bytes.count else { return nil }
    var value = 0
    while index < end {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
      value = value * 10 + Int(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    return value
  }

  /// `07:16`, `07:16:46` or `07:16:46.120`, up to nanoseconds.
  mutating func timeOfDay() -> (seconds: Int, nanoseconds: Int32)? {
    guard let hour = number(2), hour < 24, skip(UInt8(ascii: ":")), let minute = number(2), minute < 60
    else { return nil }
    let upToMinutes = hour * 3_600 + minute * 60
    guard skip(UInt8(ascii: ":")) else { return (upToMinutes, 0) }
    guard let second = number(2), second < 60 else { return nil }
    guard skip(UInt8(ascii: ".")) else { return (upToMinutes + second, 0) }
    guard let fraction = digits(1...9) else { return nil }
    let padded = fraction.map { Int32($0 - UInt8(ascii: "0")) } + Array(repeating: 0, count: 9 - fraction.count)
    return (upToMinutes + second, padded.reduce(0) { $0 * 10 + $1 })
  }

  /// Seconds east of UTC: `Z`, `+01:00`, `+0100`, `+01`, or nothing at all.
  mutating func offset() -> Int? {
    if isAtEnd || skip(UInt8(ascii: "Z")) { return 0 }
    let isWest = skip(UInt8(ascii: "-"))
    guard isWest || skip(UInt8(ascii: "+")), let hour = number(2), hour < 24 else { return nil }
    var minute = 0
    if !isAtEnd {
      _ = skip(UInt8(ascii: ":"))
      guard let read = number(2), read < 60 else { return nil }
      minute = read
    }
    return (isWest ? -1 : 1) * (hour * 3_600 + minute * 60)
  }
}
