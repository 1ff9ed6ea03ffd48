/// Cuts what is too long for a chunk: at a line's end, between words, between signs, in this order.
struct PieceCutter {
  let layout: DocumentLayout
  let mostCharacters: Int
  let tokens: ChunkTokenLimit?

  /// The range as it is, or in parts that each fit; parts have no blanks at their ends and are not empty. After `most`
  /// of them the rest is left.
  func parts(of range: Range<Int>, most: Int = .max) throws(ChunkingRefusal) -> [ChunkPiece] {
    var parts: [ChunkPiece] = []
    var rest = layout.trimmed(range)
    while !rest.isEmpty, parts.count < most {
      let part = try firstPart(of: rest)
      parts.append(part)
      rest = layout.trimmed(part.range.upperBound..<rest.upperBound)
    }
    return parts
  }

  /// The longest good beginning of a range that begins with no blank.
  private func firstPart(of range: Range<Int>) throws(ChunkingRefusal) -> ChunkPiece {
    var most = mostCharacters
    while true {
      let part = layout.trimmed(range.lowerBound..<cut(range, most: most))
      guard let tokens else { return ChunkPiece(range: part, tokens: nil) }
      let count = tokens.count(layout.text(part))
      if count <= tokens.most { return ChunkPiece(range: part, tokens: count) }
      guard part.count > 1 else { throw .modelTooSmall(mostTokens: tokens.most) }
      // Somewhat less than in proportion, so that one more step mostly is enough; always less than before.
      let proportional = Int(Double(part.count) * Double(tokens.most) / Double(count) * 0.95)
      most = max(1, min(part.count - 1, proportional))
    }
  }

  /// Where a range of which at most `most` characters are wanted is cut.
  func cut(_ range: Range<Int>, most: Int) -> Int {
    guard range.count > most else { return range.upperBound }
    let end = range.lowerBound + most
    let lowest = range.lowerBound + max(1, most - most / 4)
    var word: Int?
    var index = end
    while index >= lowest {
      if layout.scalars[index] == "\n" { return index }
      if word == nil, layout.scalars[index].isBlank { word = index }
      index -= 1
    }
    return word ?? signBorder(range.lowerBound, before: end)
  }

  /// The last border between two visible signs up to `end`; `end` where one sign is all there is.
  private func signBorder(_ start: Int, before end: Int) -> Int {
    // A sign that reaches beyond the end must be seen to do so.
    let text = layout.text(start..<min(layout.scalars.count, end + 32))
    var border = start
    for sign in text {
      let next = border + sign.unicodeScalars.count
      if next > end { break }
      border = next
    }
    return border > start ? border : end
  }
}

/// A sentence, a row, a heading or a part of one: what chunks are made of.
struct ChunkPiece {
  let range: Range<Int>
  /// Nil where no limit is kept.
  let tokens: Int?
}
