/// FNV-1a of bytes, as short text: tells contents apart where nobody gains by making two alike.
struct Fingerprint {
  private var hash: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func take(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
  }

  var text: String { String(hash, radix: 36) }
}
