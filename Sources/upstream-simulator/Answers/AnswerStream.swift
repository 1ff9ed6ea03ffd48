import NIOCore

/// The pieces of a streamed answer in one dialect.
protocol AnswerStream {
  var contentType: String { get }
  var headers: [(name: String, value: String)] { get }
  /// What comes before the first token.
  func writeOpening(into buffer: inout ByteBuffer)
  /// The event of one token, counted from 0.
  func writeToken(_ index: Int, into buffer: inout ByteBuffer)
  /// What comes after the last token.
  func writeClosing(into buffer: inout ByteBuffer)
  /// An error that the dialect's clients understand; `status` nil is the dialect's usual one.
  func writeError(_ status: Int?, into buffer: inout ByteBuffer)
  /// Something that the dialect's clients cannot read.
  func writeGarbage(into buffer: inout ByteBuffer)
}

extension AnswerStream {
  var headers: [(name: String, value: String)] { [] }
}
