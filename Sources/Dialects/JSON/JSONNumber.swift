/// Reads numbers whose grammar has been checked.
enum JSONNumber {
  /// Powers of ten that a Double holds exactly.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
    1e20, 1e21, 1e22,
  ]
  private static let mostExactMantissa: UInt64 = 1 << 53
  /// More digits than these do not fit the mantissa that is gathered.
  private static let mostDigits = 19
  /// Exponents beyond this are not told apart.
  private static let mostExponent = 99_999

  /// A number taken apart: sign, digits as a whole number, power of ten; inexact where digits did not fit.
  private struct Parts {
    var isNegative = false
    var mantissa: UInt64 = 0
    var exponent = 0
    var isExact = true
  }

  /// The nearest Double; nil where it would be infinite.
  static func double(_ bytes: [UInt8], _ range: Range<Int>) -> Double? {
    let parts = parts(bytes, range)
    if parts.isExact, parts.mantissa <= mostExactMantissa, abs(parts.exponent) < exactPowers.count {
      let power = exactPowers[abs(parts.exponent)]
      let value = parts.exponent < 0 ? Double(parts.mantissa) / power : Double(parts.mantissa) * power
      return parts.isNegative ? -value : value
    }
    guard let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else { return nil }
    return value
  }

  /// The whole number; nil where there is a fraction or it does not fit.
  static func integer(_ bytes: [UInt8], _ range: Range<Int>) -> Int64? {
    let parts = parts(bytes, range)
    guard parts.isExact else { return nil }
    var magnitude = parts.mantissa
    if magnitude == 0 { return 0 }
    var exponent = parts.exponent
    while exponent < 0, magnitude % 10 == 0 {
      magnitude /= 10
      exponent += 1
    }
    guard exponent >= 0, exponent <= mostDigits else { return nil }
    for _ in 0..<exponent {
      let (product, overflows) = magnitude.multipliedReportingOverflow(by: 10)
      guard !overflows else { return nil }
      magnitude = product
    }
    if parts.isNegative {
      return magnitude == UInt64(Int64.max) + 1 ? Int64.min : Int64(exactly: magnitude).map { -$0 }
    }
    return Int64(exactly: magnitude)
  }

  private static func parts(_ bytes: [UInt8], _ range: Range<Int>) -> Parts {
    var parts = Parts()
    var index = range.lowerBound
    let end = range.upperBound
    if index < end, bytes[index] == UInt8(ascii: "-") {
      parts.isNegative = true
      index += 1
    }
    var digits = 0
    var afterPoint = false
    while index < end, bytes[index] | 0x20 != UInt8(ascii: "e") {
      let byte = bytes[index]
      index += 1
      if byte == UInt8(ascii: ".") {
        afterPoint = true
        continue
      }
      if digits < mostDigits {
        parts.mantissa = parts.mantissa * 10 + UInt64(byte &- UInt8(ascii: "0"))
        if parts.mantissa > 0 { digits += 1 }
        if afterPoint { parts.exponent -= 1 }
      } else {
        if byte != UInt8(ascii: "0") { parts.isExact = false }
        if !afterPoint { parts.exponent += 1 }
      }
    }
    if index < end { parts.exponent += writtenExponent(bytes, index + 1..<end) }
    return parts
  }

  private static func writtenExponent(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
    var value = 0
    var isNegative = false
    for byte in bytes[range] {
      if byte == UInt8(ascii: "-") { isNegative = true }
      if JSONByte.isDigit(byte) { value = min(mostExponent, value * 10 + Int(byte - UInt8(ascii: "0"))) }
    }
    return isNegative ? -value : value
  }
}
