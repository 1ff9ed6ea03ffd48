import NIOCore

/// The events of one dialect for an answer that is composed of blocks. `said` counts the tokens up to here.
protocol BlockWriter {
  var contentType: String { get }
  var headers: [(name: String, value: String)] { get }
  var composition: Composition { get }
  func writeOpening(into buffer: inout ByteBuffer)
  func begin(_ block: Composition.Block, at index: Int, into buffer: inout ByteBuffer)
  /// Writes one token of the block, counted from 0.
  func write(_ token: Int, of block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer)
  func end(_ block: Composition.Block, at index: Int, said: Int, into buffer: inout ByteBuffer)
  func writeClosing(into buffer: inout ByteBuffer)
  func writeError(_ status: Int?, into buffer: inout ByteBuffer)
  func writeGarbage(into buffer: inout ByteBuffer)
}

/// Walks over the blocks of an answer, token by token.
struct ComposedStream<Writer: BlockWriter>: AnswerStream {
  let writer: Writer
  private let blocks: [Composition.Block]
  /// The number of each block's first token in the whole answer.
  private let starts: [Int]

  init(_ writer: Writer) {
    self.writer = writer
    blocks = writer.composition.blocks
    var starts: [Int] = []
    var next = 0
    for block in blocks {
      starts.append(next)
      next += block.tokens.count
    }
    self.starts = starts
  }

  var contentType: String { writer.contentType }
  var headers: [(name: String, value: String)] { writer.headers }

  func writeOpening(into buffer: inout ByteBuffer) { writer.writeOpening(into: &buffer) }
  func writeClosing(into buffer: inout ByteBuffer) { writer.writeClosing(into: &buffer) }
  func writeError(_ status: Int?, into buffer: inout ByteBuffer) { writer.writeError(status, into: &buffer) }
  func writeGarbage(into buffer: inout ByteBuffer) { writer.writeGarbage(into: &buffer) }

  func writeToken(_ index: Int, into buffer: inout ByteBuffer) {
    guard let place = starts.lastIndex(where: { $0 <= index }) else { return }
    let block = blocks[place]
    let token = index - starts[place]
    if token == 0 { writer.begin(block, at: place, into: &buffer) }
    writer.write(token, of: block, at: place, said: index + 1, into: &buffer)
    if token == block.tokens.count - 1 { writer.end(block, at: place, said: index + 1, into: &buffer) }
  }
}
