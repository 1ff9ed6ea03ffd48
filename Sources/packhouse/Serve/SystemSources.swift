import Core
import Crypto
import Foundation

/// Time, randomness and hashing of the real world: the only place that takes them from there.
enum SystemSources {
  static let clock = WallClock { Instant(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

  static let random = RandomSource { count in
    var generator = SystemRandomNumberGenerator()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    while bytes.count < count {
      var word = generator.next()
      for _ in 0..<min(8, count - bytes.count) {
        bytes.append(UInt8(truncatingIfNeeded: word))
        word >>= 8
      }
    }
    return bytes
  }

  static let sha256: SHA256Function = { Array(SHA256.hash(data: $0)) }
}
