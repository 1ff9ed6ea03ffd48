import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Leaves out what follows the head of an answer to `HEAD`: its client would take it for the next answer. Stands between
/// the HTTP codec and ``ConnectionGuard``, so that no route has to mind.
final class HeadAnswers: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// For each request without an answer, in order, whether it asks for a head only. The connection reads one request at a
  /// time, so these are few.
  private var asked = CircularBuffer<Bool>()
  private var isHeadOnly = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if case .head(let head) = unwrapInboundIn(data) { asked.append(head.method == .head) }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(let head):
      if head.status.kind != .informational { isHeadOnly = asked.popFirst() ?? false }
      context.write(data, promise: promise)
    case .body where isHeadOnly: promise?.succeed()
    case .end where isHeadOnly:
      // Not the end itself: of an answer without a length the encoder would write it as a chunk.
      isHeadOnly = false
      context.write(wrapOutboundOut(.body(ByteBuffer())), promise: promise)
    case .body, .end: context.write(data, promise: promise)
    }
  }
}
