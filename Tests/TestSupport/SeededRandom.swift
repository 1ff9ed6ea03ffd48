public import Core
import Foundation
import Synchronization

/// Random numbers that can be had again: SplitMix64 from a seed.
///
/// A property test makes one with ``fresh()`` and shows ``seed`` in its failure; the same history comes again with
/// `PACKHOUSE_TEST_SEED` set to it.
public struct SeededRandom: RandomNumberGenerator, Sendable {
  public let seed: UInt64
  private var state: UInt64

  public init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// From `PACKHOUSE_TEST_SEED`, or else from a seed that nobody knows before.
  public static func fresh() -> SeededRandom {
    let wanted = ProcessInfo.processInfo.environment["PACKHOUSE_TEST_SEED"].flatMap { UInt64($0) }
    return SeededRandom(seed: wanted ?? UInt64.random(in: 1 ... .max))
  }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// One of `choices`, which must not be empty.
  public mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: 0..<choices.count, using: &self)]
  }
}

extension RandomSource {
  /// Bytes that come again with the same seed; safe to share between tasks.
  public static func seeded(_ seed: UInt64) -> RandomSource {
    let generator = SharedRandom(seed)
    return RandomSource { generator.bytes($0) }
  }
}

private final class SharedRandom: Sendable {
  private let generator: Mutex<SeededRandom>

  init(_ seed: UInt64) { generator = Mutex(SeededRandom(seed: seed)) }

  func bytes(_ count: Int) -> [UInt8] {
    generator.withLock { random in (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) } }
  }
}
