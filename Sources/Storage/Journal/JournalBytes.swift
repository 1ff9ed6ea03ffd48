/// Writes the fields of a record: little-endian integers, texts with a two-byte length.
struct JournalWriter {
  private(set) var bytes: [UInt8] = []
  /// False once a text was too long to be written.
  private(set) var isValid = true

  init(reserving capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func append(_ value: UInt8) { bytes.append(value) }

  mutating func append<Number: FixedWidthInteger>(_ value: Number) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ text: String) {
    let count = text.utf8.count
    guard count <= UInt16.max else {
      isValid = false
      return
    }
    append(UInt16(count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Overwrites bytes that were written before.
  mutating func set<Number: FixedWidthInteger>(_ value: Number, at position: Int) {
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, toByteOffset: position, as: Number.self) }
  }
}

/// Reads what ``JournalWriter`` wrote; nil where the bytes end too early or hold no text.
struct JournalBytes {
  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func number<Number: FixedWidthInteger>(_: Number.Type = Number.self) -> Number? {
    let size = MemoryLayout<Number>.size
    guard position + size <= bytes.count else { return nil }
    defer { position += size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Number.self))
  }

  mutating func text() -> String? {
    guard let count = number(UInt16.self), position + Int(count) <= bytes.count else { return nil }
    defer { position += Int(count) }
    return String(validating: bytes[position..<position + Int(count)], as: UTF8.self)
  }
}
