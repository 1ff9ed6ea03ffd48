import Core
import HummingbirdCore
import Logging
import NIOCore

/// Lets a listener's connections in through its gate. Refused ones are told so where that costs little. Rule L-1.
struct GuardedChannel<Wrapped: ServerChildChannel>: ServerChildChannel {
  enum Value: ServerChildChannelValue {
    case taken(Wrapped.Value)
    case refused(any Channel)

    var channel: any Channel {
      switch self {
      case .taken(let value): value.channel
      case .refused(let channel): channel
      }
    }
  }

  let wrapped: Wrapped
  let gate: ConnectionGate
  let words: ListenerWords
  /// Nobody can be told anything before a handshake, which costs too much for somebody who is not let in.
  let isSecure: Bool

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    switch gate.open(channel) {
    case .taken:
      let value = wrapped.setup(channel: channel, logger: logger)
      // The library leaves a connection open whose set-up failed.
      value.whenFailure { _ in channel.close(promise: nil) }
      return value.map { .taken($0) }
    case .refused(let refusal, isTold: true) where !isSecure:
      let answer = words.answer(to: refusal, limits: gate.limits)
      return channel.eventLoop.makeCompletedFuture {
        try channel.pipeline.syncOperations.addHandler(RefusedConnection(answer))
        return .refused(channel)
      }
    case .refused:
      channel.close(promise: nil)
      return channel.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
    }
  }

  func handle(value: Value, logger: Logger) async {
    switch value {
    case .taken(let value): await wrapped.handle(value: value, logger: logger)
    case .refused(let channel): try? await channel.closeFuture.get()
    }
  }
}

/// Answers a connection whose request nobody reads, waits a moment so that the answer can be read, and closes.
private final class RefusedConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private static let patience: TimeAmount = .seconds(1)

  private let answer: WholeAnswer

  init(_ answer: WholeAnswer) { self.answer = answer }

  func channelActive(context: ChannelHandlerContext) {
    var text =
      "HTTP/1.1 \(answer.head.status) \(answer.head.status == 429 ? "Too Many Requests" : "Service Unavailable")"
    for field in answer.head.headers { text += "\r\n\(field.name): \(field.value)" }
    text += "\r\nconnection: close\r\ncontent-length: \(answer.body.count)\r\n\r\n"
    var bytes = context.channel.allocator.buffer(string: text)
    bytes.writeBytes(answer.body)
    context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    context.close(mode: .output, promise: nil)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.patience) { bound.value.close(promise: nil) }
  }

  /// What the client sends is read, so that its end does not discard the answer, and forgotten.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent || event as? ChannelEvent == .inputClosed { context.close(promise: nil) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
