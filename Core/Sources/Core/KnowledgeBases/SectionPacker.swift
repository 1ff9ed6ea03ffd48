/// Packs the pieces of one section into chunks. Rule KB-14.
///
/// Where a chunk begins depends only on the first piece that is new in it, not on how the text before was packed: so
/// after an edit the cuts soon fall into their old places, also in a text without pages and headings.
struct SectionPacker {
  private struct Piece {
    let range: Range<Int>
    let isHeading: Bool
    /// One more than the index of the last piece of the same unit.
    let unitEnd: Int
    let beginsUnit: Bool
  }

  private let cutter: PieceCutter
  private let overlap: Int
  private let headings: [String]
  private var pieces: [Piece] = []
  /// The tokens of all pieces before each piece, and of all at the end.
  private var tokenSums = [0]
  /// Pieces that stand here only to begin the first chunk again.
  private var leadIn = 0

  init(_ section: ChunkSection, cutter: PieceCutter, overlap: Int) throws(ChunkingRefusal) {
    self.cutter = cutter
    self.overlap = overlap
    headings = section.headings
    try append(section.leadIn, isHeading: false)
    leadIn = pieces.count
    for unit in section.units { try append(unit.sentences, isHeading: unit.isHeading) }
  }

  private mutating func append(_ sentences: [Range<Int>], isHeading: Bool) throws(ChunkingRefusal) {
    var parts: [ChunkPiece] = []
    for sentence in sentences { parts += try cutter.parts(of: sentence) }
    let (start, end) = (pieces.count, pieces.count + parts.count)
    for part in parts {
      pieces.append(
        Piece(range: part.range, isHeading: isHeading, unitEnd: end, beginsUnit: pieces.count == start))
      tokenSums.append(tokenSums[tokenSums.count - 1] + (part.tokens ?? 0))
    }
  }

  /// The section's chunks in order; `last` is the character with which the chunk before the section begins.
  func cuts(after last: Int = -1) -> [ChunkCut] {
    var cuts: [ChunkCut] = []
    var (last, next) = (last, leadIn)
    while next < pieces.count {
      let cut = cut(from: next, after: last)
      cuts.append(chunk(cut.start, cut.end, tokens: cut.tokens))
      (last, next) = (pieces[cut.start].range.lowerBound, cut.end)
    }
    return cuts
  }

  /// The pieces of the chunk whose first new piece is `first`. It begins after the character `last`, or it could hold all
  /// of the chunk before; within a section this matters only to tokenizers that count a whole as more than its parts.
  private func cut(from first: Int, after last: Int) -> (start: Int, end: Int, tokens: Int?) {
    var start = overlapStart(before: first)
    while start < first, pieces[start].range.lowerBound <= last { start += 1 }
    while start < first, !fits(start, first + 1) { start += 1 }
    var end = first + 1
    while end < pieces.count {
      let piece = pieces[end]
      if piece.beginsUnit, fits(start, piece.unitEnd) {
        end = piece.unitEnd
      } else if fits(start, end + 1), !piece.beginsUnit || !isHalfFull(start, end) {
        end += 1
      } else {
        break
      }
    }
    return proven(start, first, end)
  }

  /// The counts of pieces need not add up to that of the chunk: what is too much after all is left to the next chunk.
  private func proven(_ start: Int, _ first: Int, _ end: Int) -> (start: Int, end: Int, tokens: Int?) {
    var (start, end) = (start, end)
    guard let limit = cutter.tokens else { return (start, end, nil) }
    while true {
      let count = limit.count(cutter.layout.text(range(start, end)))
      if count <= limit.most || (end == first + 1 && start == first) { return (start, end, count) }
      // At least one piece fewer each time, more of them where far too much is in the chunk.
      if end > first + 1 {
        end = first + max(1, min(end - first - 1, (end - first) * limit.most / max(1, count)))
      } else {
        start = first
      }
    }
  }

  private func chunk(_ start: Int, _ end: Int, tokens: Int?) -> ChunkCut {
    ChunkCut(range: range(start, end), headings: headings, tokens: tokens)
  }

  private func range(_ start: Int, _ end: Int) -> Range<Int> {
    pieces[start].range.lowerBound..<pieces[end - 1].range.upperBound
  }

  /// Whole sentences before a piece that together come near the overlap: up to half more than it, never a heading, and
  /// less than half a chunk, or the next chunk could hold all of this one.
  private func overlapStart(before first: Int) -> Int {
    guard overlap > 0 else { return first }
    var start = first
    while start > 0, !pieces[start - 1].isHeading, range(start - 1, first).count <= overlap + overlap / 2,
      !isHalfFull(start - 1, first)
    {
      start -= 1
    }
    return start
  }

  private func fits(_ start: Int, _ end: Int) -> Bool {
    guard range(start, end).count <= cutter.mostCharacters else { return false }
    guard let limit = cutter.tokens else { return true }
    return tokenSums[end] - tokenSums[start] <= limit.most
  }

  /// A chunk that is half full is not filled up with a part of the next paragraph.
  private func isHalfFull(_ start: Int, _ end: Int) -> Bool {
    if range(start, end).count * 2 >= cutter.mostCharacters { return true }
    guard let limit = cutter.tokens else { return false }
    return (tokenSums[end] - tokenSums[start]) * 2 >= limit.most
  }
}
