import NIOCore

/// Text cut into the tokens that it counts.
enum SpokenTokens: Sendable {
  /// So many words of the simulator's own.
  case filler(Int)
  case pieces([String])

  private static let characters = 8

  /// Text as a model says it: a word with the space before it is a token.
  static func words(_ text: String) -> SpokenTokens {
    var pieces: [String] = []
    var piece = String.UnicodeScalarView()
    var hasWord = false
    for scalar in text.unicodeScalars {
      let isSpace = WordCounter.isSpace(scalar.value)
      if isSpace, hasWord {
        pieces.append(String(piece))
        piece = String.UnicodeScalarView()
      }
      hasWord = !isSpace
      piece.append(scalar)
    }
    if hasWord || pieces.isEmpty {
      if !piece.isEmpty { pieces.append(String(piece)) }
    } else {
      pieces[pieces.count - 1] += String(piece)
    }
    return .pieces(pieces)
  }

  /// JSON as a model says it: a token is a few characters, whatever they are.
  static func fragments(_ text: String) -> [String] {
    var pieces: [String] = []
    var rest = text.unicodeScalars[...]
    while !rest.isEmpty {
      pieces.append(String(rest.prefix(characters)))
      rest = rest.dropFirst(characters)
    }
    return pieces
  }

  var count: Int {
    switch self {
    case .filler(let count): count
    case .pieces(let pieces): pieces.count
    }
  }

  var text: String {
    switch self {
    case .filler(let count):
      var buffer = ByteBuffer()
      OutputText.write(from: 0, count: count, into: &buffer)
      return String(buffer: buffer)
    case .pieces(let pieces): return pieces.joined()
    }
  }

  func prefix(_ count: Int) -> SpokenTokens {
    switch self {
    case .filler(let all): .filler(min(all, count))
    case .pieces(let pieces): .pieces(Array(pieces.prefix(count)))
    }
  }

  /// Writes some tokens as the inside of a JSON string.
  func writeJSON(_ range: Range<Int>, into buffer: inout ByteBuffer) {
    switch self {
    case .filler: OutputText.write(from: range.lowerBound, count: range.count, into: &buffer)
    case .pieces(let pieces): for piece in pieces[range] { buffer.writeJSONText(piece) }
    }
  }

  /// Cut before the first of the stop sequences that occurs; nil when none does.
  func cut(at stops: [String]) -> (tokens: SpokenTokens, stop: String)? {
    let text = text
    let found = stops.compactMap { stop in text.firstRange(of: stop).map { (stop: stop, place: $0.lowerBound) } }
    guard let first = found.min(by: { $0.place < $1.place }) else { return nil }
    var left = text[..<first.place].unicodeScalars.count
    guard case .pieces(let pieces) = self else { return (Self.words(String(text[..<first.place])), first.stop) }
    var kept: [String] = []
    for piece in pieces where left > 0 {
      kept.append(String(String.UnicodeScalarView(piece.unicodeScalars.prefix(left))))
      left -= piece.unicodeScalars.count
    }
    return (.pieces(kept), first.stop)
  }
}
