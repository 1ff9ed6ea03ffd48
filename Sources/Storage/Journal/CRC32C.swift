/// The Castagnoli checksum (polynomial 0x1EDC6F41), eight bytes at a step.
enum CRC32C {
  /// The checksum of nothing, to which ``extended(_:with:)`` adds bytes.
  static let empty: UInt32 = 0

  static func of(_ bytes: UnsafeRawBufferPointer) -> UInt32 { extended(empty, with: bytes) }

  /// The checksum of what `checksum` stands for, followed by `bytes`.
  static func extended(_ checksum: UInt32, with bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let start = bytes.baseAddress else { return checksum }
    return tables.withUnsafeBufferPointer { table in
      var crc = ~checksum
      var position = 0
      while position + 8 <= bytes.count {
        let low = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt32.self)) ^ crc
        let high = UInt32(littleEndian: start.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self))
        crc =
          table[1_792 + Int(low & 0xff)] ^ table[1_536 + Int((low >> 8) & 0xff)]
          ^ table[1_280 + Int((low >> 16) & 0xff)] ^ table[1_024 + Int(low >> 24)]
        crc ^=
          table[768 + Int(high & 0xff)] ^ table[512 + Int((high >> 8) & 0xff)]
          ^ table[256 + Int((high >> 16) & 0xff)] ^ table[Int(high >> 24)]
        position += 8
      }
      while position < bytes.count {
        crc = (crc >> 8) ^ table[Int((crc ^ UInt32(bytes[position])) & 0xff)]
        position += 1
      }
      return ~crc
    }
  }

  /// Eight tables of 256: the k-th gives what a byte adds k bytes further on.
  private static let tables: [UInt32] = {
    var tables = [UInt32](repeating: 0, count: 2_048)
    for byte in 0..<256 {
      var crc = UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? (crc >> 1) ^ 0x82f6_3b78 : crc >> 1 }
      tables[byte] = crc
    }
    for position in 256..<2_048 {
      let before = tables[position - 256]
      tables[position] = (before >> 8) ^ tables[Int(before & 0xff)]
    }
    return tables
  }()
}
