/// A generator that repeats itself for a seed.
struct TestRandom: RandomNumberGenerator {
  let seed: UInt64
  private var state: UInt64

  init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
  mutating func chance(_ part: Int, of whole: Int) -> Bool { below(whole) < part }

  /// Seeds of this run; the runner shows them as the test's arguments.
  static func freshSeeds(_ count: Int) -> [UInt64] { (0..<count).map { _ in UInt64.random(in: 0..<1_000_000) } }
}
