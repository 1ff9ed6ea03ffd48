import Core

/// A record as it stands in a file: length (4 bytes), CRC-32C (4), sequence (8), payload. The checksum covers the
/// payload, then sequence and length.
struct JournalFrame {
  static let headerSize = 16
  /// Payload bytes; what is larger was never written by us.
  static let maximumPayload = 16_384

  private var writer: JournalWriter
  private var payloadChecksum: UInt32 = 0

  /// Nil where the record is too large.
  init?(_ record: JournalRecord) {
    writer = JournalWriter(reserving: 512)
    for _ in 0..<Self.headerSize { writer.append(0 as UInt8) }
    record.write(to: &writer)
    let size = writer.bytes.count - Self.headerSize
    guard writer.isValid, size <= Self.maximumPayload else { return nil }
    writer.set(UInt32(size), at: 0)
    payloadChecksum = writer.bytes.withUnsafeBytes {
      CRC32C.of(UnsafeRawBufferPointer(rebasing: $0[Self.headerSize...]))
    }
  }

  var count: Int { writer.bytes.count }

  /// Completes the header. Little is left to do here, because it happens under the journal's lock.
  mutating func seal(sequence: Int64) {
    writer.set(sequence, at: 8)
    writer.set(Self.checksum(payloadChecksum, sequence: sequence, size: UInt32(count - Self.headerSize)), at: 4)
  }

  func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
    try writer.bytes.withUnsafeBytes(body)
  }

  private static func checksum(_ payload: UInt32, sequence: Int64, size: UInt32) -> UInt32 {
    let words = (sequence.littleEndian, size.littleEndian)
    var checksum = Swift.withUnsafeBytes(of: words.0) { CRC32C.extended(payload, with: $0) }
    checksum = Swift.withUnsafeBytes(of: words.1) { CRC32C.extended(checksum, with: $0) }
    return checksum
  }

  /// Reads the frame that begins at `position`; nil where there is no whole and unharmed one after `sequence`.
  static func read(
    _ bytes: UnsafeRawBufferPointer, at position: Int, after last: Int64
  ) -> (record: JournalRecord?, sequence: Int64, end: Int)? {
    guard position + headerSize <= bytes.count else { return nil }
    var header = JournalBytes(UnsafeRawBufferPointer(rebasing: bytes[position..<position + headerSize]))
    guard let size = header.number(UInt32.self), let checksum = header.number(UInt32.self),
      let sequence = header.number(Int64.self), size > 0, size <= maximumPayload, sequence > last
    else { return nil }
    let end = position + headerSize + Int(size)
    guard end <= bytes.count else { return nil }
    let payload = UnsafeRawBufferPointer(rebasing: bytes[position + headerSize..<end])
    guard Self.checksum(CRC32C.of(payload), sequence: sequence, size: size) == checksum else { return nil }
    return (JournalRecord(payload), sequence, end)
  }
}
