import NIOCore

/// Writes one stream to its connection, a batch at a time: the next batch waits until the network took the last one,
/// so a slow reader slows the stream and fills no memory.
final class StreamDelivery {
  private static let batchBytes = 64 * 1024

  private let stream: any AnswerStream
  private let schedule: StreamSchedule
  private let framing: Framing
  private let ledger: Ledger
  private let call: Int
  private let finished: (_ whole: Bool) -> Void
  private var nextToken = 0
  private var isOpened = false

  /// - Parameter finished: called once, with false when the connection must end.
  init(
    _ stream: any AnswerStream, _ schedule: StreamSchedule, framing: Framing, ledger: Ledger, call: Int,
    finished: @escaping (_ whole: Bool) -> Void
  ) {
    self.stream = stream
    self.schedule = schedule
    self.framing = framing
    self.ledger = ledger
    self.call = call
    self.finished = finished
  }

  /// Writes the next batch and sees to the following ones.
  func advance(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return finished(false) }
    let before = nextToken
    var piece = context.channel.allocator.buffer(capacity: 1024)
    var output = context.channel.allocator.buffer(capacity: 1024)
    if !isOpened { open(&piece, &output) }
    while nextToken < schedule.tokens, piece.readableBytes < Self.batchBytes {
      stream.writeToken(nextToken, into: &piece)
      nextToken += 1
      if schedule.interval > 0 { break }
    }
    let isLast = nextToken == schedule.tokens
    if isLast { writeEnding(into: &piece) }
    framing.writePiece(piece, into: &output)
    let isWhole = isLast && schedule.ending.isWhole
    if isLast, schedule.ending.closesBody, framing.isChunked { output.writeStaticString(Framing.lastChunk) }

    // The ledger is right before the reader can know: it is corrected when the write fails.
    ledger.update(call) { entry in
      entry.outputSent = nextToken
      entry.finished = isWhole
    }
    context.writeAndFlush(NIOAny(output)).assumeIsolated().whenComplete { result in
      switch result {
      case .success:
        if !isLast {
          self.scheduleNext(context)
        } else if self.schedule.ending != .stall {
          self.finished(self.schedule.ending.closesBody)
        }
      case .failure: self.undo(to: before)
      }
    }
  }

  private func open(_ piece: inout ByteBuffer, _ output: inout ByteBuffer) {
    isOpened = true
    framing.writeHead(status: 200, contentType: stream.contentType, headers: stream.headers, length: nil, into: &output)
    if schedule.opens { stream.writeOpening(into: &piece) }
    ledger.update(call) { $0.status = 200 }
  }

  private func writeEnding(into piece: inout ByteBuffer) {
    switch schedule.ending {
    case .complete, .unclosed: stream.writeClosing(into: &piece)
    case .cut, .stall: break
    case .tear:
      var next = ByteBuffer()
      if nextToken < schedule.total {
        stream.writeToken(nextToken, into: &next)
      } else {
        stream.writeClosing(into: &next)
      }
      if let half = next.readSlice(length: next.readableBytes / 2) { piece.writeImmutableBuffer(half) }
    case .error(let status): stream.writeError(status, into: &piece)
    case .garbage: stream.writeGarbage(into: &piece)
    }
  }

  private func scheduleNext(_ context: ChannelHandlerContext) {
    guard schedule.interval > 0 else { return advance(context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(schedule.interval))) {
      self.advance(context)
    }
  }

  private func undo(to tokens: Int) {
    ledger.update(call) { entry in
      entry.outputSent = tokens
      entry.finished = false
    }
    finished(false)
  }
}
