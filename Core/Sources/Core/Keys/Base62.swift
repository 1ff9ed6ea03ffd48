/// Bytes as digits `0-9A-Za-z`, most significant first, at a fixed width.
enum Base62 {
  private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// `bytes` as one number of `digits` digits; the number must fit.
  static func encode(_ bytes: [UInt8], digits: Int) -> [UInt8] {
    var number = bytes
    var result = [UInt8](repeating: alphabet[0], count: digits)
    for position in result.indices.reversed() {
      var remainder = 0
      for index in number.indices {
        let value = remainder << 8 | Int(number[index])
        number[index] = UInt8(value / 62)
        remainder = value % 62
      }
      result[position] = alphabet[remainder]
    }
    precondition(number.allSatisfy { $0 == 0 }, "the number does not fit the digits")
    return result
  }

  /// The number as `bytes` bytes (a multiple of 4); nil for another character or a number that does not fit.
  static func decode(_ digits: ArraySlice<UInt8>, bytes: Int) -> [UInt8]? {
    // Limbs of 32 bits, least significant first; five digits at a time, because 62^5 fits one limb.
    var limbs = [UInt32](repeating: 0, count: bytes / 4)
    var pending: (value: UInt64, scale: UInt64) = (0, 1)
    for (index, character) in digits.enumerated() {
      guard let digit = value(of: character) else { return nil }
      pending = (pending.value * 62 + digit, pending.scale * 62)
      guard (index + 1) % 5 == 0 || index + 1 == digits.count else { continue }
      var carry = pending.value
      for limb in limbs.indices {
        let value = UInt64(limbs[limb]) * pending.scale + carry
        limbs[limb] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      guard carry == 0 else { return nil }
      pending = (0, 1)
    }
    var result = [UInt8](repeating: 0, count: bytes)
    for index in result.indices {
      let place = bytes - 1 - index
      result[index] = UInt8(truncatingIfNeeded: limbs[place / 4] >> UInt32(place % 4 * 8))
    }
    return result
  }

  private static func value(of character: UInt8) -> UInt64? {
    switch character {
    case 0x30...0x39: UInt64(character - 0x30)
    case 0x41...0x5A: UInt64(character - 0x41) + 10
    case 0x61...0x7A: UInt64(character - 0x61) + 36
    default: nil
    }
  }
}
