/// Base64 of RFC 4648, standard alphabet.
public enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  private static let pad = UInt8(ascii: "=")
  private static let invalid: UInt8 = 0xFF
  /// The value of each letter; 0xFF for bytes that are none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: invalid, count: 256)
    for (value, letter) in alphabet.enumerated() { values[Int(letter)] = UInt8(value) }
    return values
  }()

  public static func encode(_ bytes: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    append(bytes, to: &text)
    return text
  }

  /// Appends the Base64 of `bytes`, padded, to `text`.
  static func append(_ bytes: [UInt8], to text: inout [UInt8]) {
    let alphabet = alphabet
    text.reserveCapacity(text.count + (bytes.count + 2) / 3 * 4)
    var index = 0
    while index + 2 < bytes.count {
      let group = UInt32(bytes[index]) << 16 | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2])
      text.append(alphabet[Int(group >> 18)])
      text.append(alphabet[Int(group >> 12 & 63)])
      text.append(alphabet[Int(group >> 6 & 63)])
      text.append(alphabet[Int(group & 63)])
      index += 3
    }
    guard index < bytes.count else { return }
    let second = index + 1 < bytes.count ? UInt32(bytes[index + 1]) : 0
    let group = UInt32(bytes[index]) << 16 | second << 8
    text.append(alphabet[Int(group >> 18)])
    text.append(alphabet[Int(group >> 12 & 63)])
    text.append(index + 1 < bytes.count ? alphabet[Int(group >> 6 & 63)] : pad)
    text.append(pad)
  }

  /// The bytes of `text`; nil where it is not Base64. Padding may be missing, spaces may not occur.
  public static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var letters = text
    for _ in 0..<2 where letters.count % 4 != 1 && letters.last == pad { letters.removeLast() }
    guard letters.count % 4 != 1, letters.count == text.count || text.count % 4 == 0 else { return nil }
    let values = values
    var bytes: [UInt8] = []
    bytes.reserveCapacity(letters.count / 4 * 3 + 2)
    var group: UInt32 = 0
    var held = 0
    for letter in letters {
      let value = values[Int(letter)]
      if value == invalid { return nil }
      group = group << 6 | UInt32(value)
      held += 1
      if held == 4 {
        bytes.append(UInt8(truncatingIfNeeded: group >> 16))
        bytes.append(UInt8(truncatingIfNeeded: group >> 8))
        bytes.append(UInt8(truncatingIfNeeded: group))
        group = 0
        held = 0
      }
    }
    if held == 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 4)) }
    if held == 3 {
      bytes.append(UInt8(truncatingIfNeeded: group >> 10))
      bytes.append(UInt8(truncatingIfNeeded: group >> 2))
    }
    return bytes
  }
}
