import NIOCore

/// Writes an answer byte for byte, as a bad line does.
final class DripDelivery {
  /// More of a stream is not kept in memory; it then ends early.
  private static let byteLimit = 4 * 1024 * 1024

  private var bytes: ByteBuffer
  private let interval: Int
  private let finished: () -> Void

  /// - Parameter finished: called once, when the last byte is written.
  init(
    _ source: Reply.Source, interval: Int, tokens: Int, framing: Framing, finished: @escaping () -> Void
  ) {
    self.interval = interval
    self.finished = finished
    bytes = ByteBuffer()
    switch source {
    case .answer(let answer):
      framing.writeHead(
        status: answer.status, contentType: answer.contentType, headers: answer.headers,
        length: answer.body.readableBytes, into: &bytes)
      bytes.writeImmutableBuffer(answer.body)
    case .stream(let stream):
      framing.writeHead(
        status: 200, contentType: stream.contentType, headers: stream.headers, length: nil, into: &bytes)
      var piece = ByteBuffer()
      stream.writeOpening(into: &piece)
      for token in 0..<tokens where bytes.readableBytes < Self.byteLimit {
        stream.writeToken(token, into: &piece)
        framing.writePiece(piece, into: &bytes)
        piece.clear()
      }
      stream.writeClosing(into: &piece)
      framing.writePiece(piece, into: &bytes)
      if framing.isChunked { bytes.writeStaticString(Framing.lastChunk) }
    }
  }

  /// Writes the next byte and sees to the following ones.
  func advance(_ context: ChannelHandlerContext) {
    guard context.channel.isActive, let byte = bytes.readSlice(length: 1) else { return }
    context.writeAndFlush(NIOAny(byte)).assumeIsolated().whenComplete { result in
      guard case .success = result else { return }
      if self.bytes.readableBytes == 0 { return self.finished() }
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(self.interval))) {
        self.advance(context)
      }
    }
  }
}
