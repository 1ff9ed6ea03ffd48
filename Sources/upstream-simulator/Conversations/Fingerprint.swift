/// A 64-bit digest (FNV-1a) that grows with what is added to it. Not for secrets.
struct Fingerprint: Hashable, Sendable {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01B3
  /// Stands between two texts, so that "a", "bc" and "ab", "c" differ. No UTF-8 text contains it.
  private static let separator: UInt8 = 0xFF

  init(_ texts: String...) {
    for text in texts { add(text) }
  }

  mutating func add(_ text: some StringProtocol) {
    for byte in text.utf8 { add(byte) }
    add(Self.separator)
  }

  mutating func add(_ other: Fingerprint) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: other.value >> shift)) }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* Self.prime
  }
}
