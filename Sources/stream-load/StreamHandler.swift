import NIOCore
import NIOHTTP1

/// One connection: makes its calls one after the other and notes when their events arrive.
final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  private let load: Load
  private let book: ReportBook
  private var rounds = 0
  private var sentAt = NIODeadline.now()
  private var lastEventAt: NIODeadline?
  private var events = 0
  private var hasEnded = false
  private var status = 0
  private var line = LineReader()
  private var isOver = false

  init(load: Load, book: ReportBook) {
    self.load = load
    self.book = book
  }

  func channelActive(context: ChannelHandlerContext) { call(context) }

  private func call(_ context: ChannelHandlerContext) {
    (sentAt, lastEventAt, events, hasEnded) = (.now(), nil, 0, false)
    line = LineReader()
    book.began()
    context.write(wrapOutboundOut(.head(load.request.head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: load.request.body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): status = Int(head.status.code)
    case .body(let bytes): read(bytes)
    case .end:
      let isWhole = status == 200 && hasEnded && events == load.events
      book.ended(isWhole: isWhole)
      rounds += 1
      if rounds < load.rounds, isWhole { call(context) } else { finish(context) }
    }
  }

  private func read(_ bytes: ByteBuffer) {
    let now = NIODeadline.now()
    for byte in bytes.readableBytesView {
      guard let data = line.take(byte) else { continue }
      if data.starts(with: load.end) {
        hasEnded = true
        continue
      }
      events += 1
      if let lastEventAt { book.gap(now - lastEventAt) } else { book.first(now - sentAt) }
      lastEventAt = now
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !isOver { book.ended(isWhole: false) }
    finish(context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func finish(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    isOver = true
    book.connectionOver()
    context.close(promise: nil)
  }
}

/// Finds the lines of data in a stream of server-sent events; of each only its beginning is kept.
struct LineReader {
  private static let field = Array("data: ".utf8)
  private static let kept = 32

  private var line: [UInt8] = []

  /// The beginning of the data whose line `byte` ends.
  mutating func take(_ byte: UInt8) -> ArraySlice<UInt8>? {
    guard byte == UInt8(ascii: "\n") else {
      if line.count < Self.field.count + Self.kept { line.append(byte) }
      return nil
    }
    defer { line.removeAll(keepingCapacity: true) }
    return line.starts(with: Self.field) ? line[Self.field.count...] : nil
  }
}
