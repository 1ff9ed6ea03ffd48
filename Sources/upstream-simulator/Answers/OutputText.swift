import NIOCore

/// The words that the simulated models say: one word is one token.
///
/// All words have the same length, so that the place of any token in an answer is arithmetic.
enum OutputText {
  private static let words = [
    "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath",
    "inlet", "jetty", "knoll", "ledge", "marsh", "north", "ocean", "pearl",
  ]
  /// A word with the space before it.
  private static let tokenLength = 6
  private static let rounds = 64
  private static let block = ByteBuffer(
    string: String(repeating: words.map { " " + $0 }.joined(), count: rounds))

  /// The bytes of an answer's first tokens.
  static func length(ofFirst tokens: Int) -> Int {
    tokens == 0 ? 0 : tokens * tokenLength - 1
  }

  /// Writes `count` tokens from the one numbered `first`, from 0. A token begins with its space, except the first.
  static func write(from first: Int, count: Int, into buffer: inout ByteBuffer) {
    var written = 0
    while written < count {
      let place = (first + written) % words.count
      let run = min(count - written, words.count * rounds - place)
      let skipped = first + written == 0 ? 1 : 0
      let start = block.readerIndex + place * tokenLength + skipped
      buffer.writeImmutableBuffer(block.getSlice(at: start, length: run * tokenLength - skipped) ?? ByteBuffer())
      written += run
    }
  }
}
