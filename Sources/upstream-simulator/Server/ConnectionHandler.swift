import NIOCore
import NIOHTTP1

/// One connection: reads requests, answers them in their order.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = ByteBuffer

  /// Requests that may wait on one connection for the answer before theirs.
  private static let maximumWaiting = 64

  private let simulator: Simulator
  /// Of the port that the connection came to; empty for the common one.
  private let region: String
  private var head: HTTPRequestHead?
  private var body = ByteBuffer()
  private var waiting: [CallRequest] = []
  private var isBusy = false
  /// After a refusal that ends the connection nothing more is read.
  private var isEnding = false

  init(simulator: Simulator, region: String) {
    self.simulator = simulator
    self.region = region
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isEnding else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(var part):
      guard head != nil else { return }
      if body.readableBytes + part.readableBytes > CallRequest.maximumBodyBytes {
        return refuse(413, "The body is larger than \(CallRequest.maximumBodyBytes) bytes.", context)
      }
      if body.readableBytes == 0 { body = part } else { body.writeBuffer(&part) }
    case .end:
      guard let head else { return }
      let request = CallRequest(head: head, body: body)
      self.head = nil
      body = ByteBuffer()
      if isBusy { queue(request, context) } else { serve(request, context) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    guard error is HTTPParserError, !isEnding else { return context.close(promise: nil) }
    refuse(400, "The request is not valid HTTP/1.1.", context)
  }

  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    let headerBytes = head.headers.reduce(head.uri.utf8.count) { $0 + $1.name.utf8.count + $1.value.utf8.count }
    if headerBytes > CallRequest.maximumHeaderBytes {
      return refuse(431, "The headers are larger than \(CallRequest.maximumHeaderBytes) bytes.", context)
    }
    self.head = head
    if head.headers.first(name: "expect")?.lowercased() == "100-continue" {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
    }
  }

  private func queue(_ request: CallRequest, _ context: ChannelHandlerContext) {
    guard waiting.count < Self.maximumWaiting else { return context.close(promise: nil) }
    waiting.append(request)
  }

  private func refuse(_ status: Int, _ message: String, _ context: ChannelHandlerContext) {
    isEnding = true
    let answer = Answer.error(status, message, dialect: .openAI)
    write(answer, Framing(isChunked: true, keepsAlive: false), bytes: nil, context).whenComplete { _ in
      context.close(promise: nil)
    }
  }

  private func serve(_ request: CallRequest, _ context: ChannelHandlerContext) {
    isBusy = true
    let reply = simulator.reply(to: request, region: region)
    let framing = Framing(isChunked: request.head.version == .http1_1, keepsAlive: request.head.isKeepAlive)
    guard reply.latency > 0 else { return deliver(reply, framing, context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(Int64(reply.latency))) {
      if context.channel.isActive { self.deliver(reply, framing, context) }
    }
  }

  private func deliver(_ reply: Reply, _ framing: Framing, _ context: ChannelHandlerContext) {
    switch reply.delivery {
    case .silence: break
    case .close: context.close(promise: nil)
    case .whole(let answer, let tokens):
      deliver(answer, bytes: nil, tokens, reply.call, framing, context)
    case .part(let answer, let bytes, let tokens, let hangs):
      deliver(answer, bytes: bytes, tokens, reply.call, hangs: hangs, framing, context)
    case .drip(let source, let interval, let tokens):
      drip(source, interval, tokens, reply.call ?? 0, framing, context)
    case .stream(let stream, let schedule):
      let framing = Framing(isChunked: framing.isChunked, keepsAlive: framing.keepsAlive && framing.isChunked)
      let delivery = StreamDelivery(
        stream, schedule, framing: framing, ledger: simulator.ledger, call: reply.call ?? 0
      ) { isComplete in
        self.finish(keepsAlive: isComplete && framing.keepsAlive, context)
      }
      delivery.advance(context)
    }
  }

  private func deliver(
    _ answer: Answer, bytes: Int?, _ tokens: Int, _ call: Int?, hangs: Bool = false, _ framing: Framing,
    _ context: ChannelHandlerContext
  ) {
    let ledger = simulator.ledger
    if let call {
      // The ledger is right before the caller can know: it is corrected when the write fails.
      ledger.update(call) { entry in
        entry.status = answer.status
        entry.outputSent = tokens
        entry.finished = bytes == nil
      }
    }
    write(answer, framing, bytes: bytes, context).whenComplete { result in
      if case .failure = result, let call {
        ledger.update(call) { entry in
          entry.outputSent = 0
          entry.finished = false
        }
      }
      if !hangs { self.finish(keepsAlive: framing.keepsAlive && bytes == nil, context) }
    }
  }

  private func drip(
    _ source: Reply.Source, _ interval: Int, _ tokens: Int, _ call: Int, _ framing: Framing,
    _ context: ChannelHandlerContext
  ) {
    let ledger = simulator.ledger
    ledger.update(call) { $0.status = 200 }
    let delivery = DripDelivery(source, interval: interval, tokens: tokens, framing: framing) {
      ledger.update(call) { entry in
        entry.outputSent = tokens
        entry.finished = true
      }
      self.finish(keepsAlive: framing.keepsAlive, context)
    }
    delivery.advance(context)
  }

  /// - Parameter bytes: how much of the body to write; nil for all of it.
  private func write(
    _ answer: Answer, _ framing: Framing, bytes: Int?, _ context: ChannelHandlerContext
  ) -> EventLoopFuture<Void>.Isolated {
    let body = answer.body.getSlice(at: answer.body.readerIndex, length: bytes ?? answer.body.readableBytes)
    var output = context.channel.allocator.buffer(capacity: 256 + (body?.readableBytes ?? 0))
    framing.writeHead(
      status: answer.status, contentType: answer.contentType, headers: answer.headers,
      length: answer.isStream ? nil : answer.body.readableBytes, into: &output)
    if let body { output.writeImmutableBuffer(body) }
    return context.writeAndFlush(wrapOutboundOut(output)).assumeIsolated()
  }

  private func finish(keepsAlive: Bool, _ context: ChannelHandlerContext) {
    isBusy = false
    guard keepsAlive else {
      isEnding = true
      return context.close(promise: nil)
    }
    if !waiting.isEmpty { serve(waiting.removeFirst(), context) }
  }
}
