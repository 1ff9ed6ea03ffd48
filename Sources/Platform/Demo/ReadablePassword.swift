import Core

/// A random password that can be read out and typed: `kolu-tabe-mire-sodu-vika`.
enum ReadablePassword {
  private static let consonants = Array("bdfghklmnprstvwz")
  private static let vowels = Array("aeiu")

  /// Five groups of two syllables of 6 bits each: 60 bits.
  static func make(_ random: RandomSource) -> String {
    (0..<5).map { _ in
      random.bytes(2).map { byte in
        "\(consonants[Int(byte & 15)])\(vowels[Int(byte >> 4 & 3)])"
      }.joined()
    }.joined(separator: "-")
  }
}
