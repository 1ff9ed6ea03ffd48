/// The CRC-32 of IEEE 802.3, which guards the frames of an event stream.
enum CRC32 {
  private static let polynomial: UInt32 = 0xEDB8_8320
  /// Eight tables, so that eight bytes are taken at a time.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var value = UInt32(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? polynomial ^ value >> 1 : value >> 1 }
      tables[byte] = value
    }
    for table in 1..<8 {
      for byte in 0..<256 {
        let previous = tables[(table - 1) * 256 + byte]
        tables[table * 256 + byte] = previous >> 8 ^ tables[Int(previous & 0xFF)]
      }
    }
    return tables
  }()

  static func checksum(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32 {
    let tables = tables
    var value = ~UInt32(0)
    var index = range.lowerBound
    while index + 8 <= range.upperBound {
      let low = value ^ word(bytes, index)
      let high = word(bytes, index + 4)
      value =
        tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
        ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
      value ^=
        tables[3 * 256 + Int(high & 0xFF)] ^ tables[2 * 256 + Int(high >> 8 & 0xFF)]
        ^ tables[256 + Int(high >> 16 & 0xFF)] ^ tables[Int(high >> 24)]
      index += 8
    }
    while index < range.upperBound {
      value = tables[Int((value ^ UInt32(bytes[index])) & 0xFF)] ^ value >> 8
      index += 1
    }
    return ~value
  }

  /// Four bytes, the first one lowest.
  private static func word(_ bytes: [UInt8], _ start: Int) -> UInt32 {
    UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
      | UInt32(bytes[start + 3]) << 24
  }
}
