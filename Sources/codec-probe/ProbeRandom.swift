/// A generator that gives the same numbers for the same seed and round (SplitMix64).
struct ProbeRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, round: Int) { state = seed &* 0x2545_F491_4F6C_DD1D &+ UInt64(round) &* 0xD6E8_FEB8_6659_FD93 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  /// A number from 0 up to `limit`, which is at least 1.
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(max(1, limit))) }
  mutating func chance(_ part: Int, of whole: Int) -> Bool { below(whole) < part }
  mutating func one<Element>(of all: [Element]) -> Element { all[below(all.count)] }
}
