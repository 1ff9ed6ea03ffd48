/// Bytes as lower-case hexadecimal digits.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  static func encode(_ bytes: [UInt8]) -> String {
    String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Nil unless `text` is exactly what ``encode(_:)`` gives for so many bytes.
  static func decode(_ text: String, bytes count: Int) -> [UInt8]? {
    let values = text.utf8.compactMap { digit in digits.firstIndex(of: digit).map { UInt8($0) } }
    guard text.utf8.count == 2 * count, values.count == 2 * count else { return nil }
    return (0..<count).map { values[2 * $0] << 4 | values[2 * $0 + 1] }
  }
}
