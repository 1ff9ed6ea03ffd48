import Core
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1

/// Carries out what ``ConnectionWatch`` decides about one connection. Stands behind the HTTP decoder. Rules L-1, L-2.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  private var watch: ConnectionWatch
  private let gate: ConnectionGate
  private let words: ListenerWords
  private var timer: (at: Int64, task: Scheduled<Void>)?
  /// True once nothing that arrives is of interest any more.
  private var isDropping = false
  /// Answers whose last byte the network has not taken.
  private var unsentEnds = 0
  /// Set where the connection, or its output, is to close once they are sent.
  private var closing: (mode: CloseMode, promise: EventLoopPromise<Void>)?

  init(_ watch: ConnectionWatch, gate: ConnectionGate, words: ListenerWords) {
    self.watch = watch
    self.gate = gate
    self.words = words
  }

  // MARK: What arrives

  func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { tell(.opened, context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    tell(.opened, context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      if watch.ignoresRequests { isDropping = true }
      guard !isDropping else { return }
      if !watch.isServing { gate.serves(context.channel) }
      tell(.head(length: Self.length(head), expectsContinue: Self.expectsContinue(head)), context)
    case .body(let buffer): tell(.body(bytes: buffer.readableBytes), context)
    case .end: tell(.bodyEnd, context)
    }
    if !isDropping { context.fireChannelRead(data) }
  }

  /// What is not HTTP is answered here, or thrown to whoever reads a body; other errors are the connection's own.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.headerOverflow: breaks(.headTooLarge, context)
    case is HTTPParserError, is HTTP1TypeConversionError: breaks(.malformed, context)
    default: context.fireErrorCaught(error)
    }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is ChannelShouldQuiesceEvent { tell(.stopping, context) }
    context.fireUserInboundEventTriggered(event)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    tell(context.channel.isWritable && unsentEnds == 0 ? .flowing : .stalled, context)
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    forgetTimer()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    forgetTimer()
    closing?.promise.fail(ChannelError.ioOnClosedChannel)
    closing = nil
  }

  // MARK: What leaves

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.kind != .informational:
      if watch.closesAfter(answerAt: Self.now) { head.headerFields[.connection] = "close" }
      context.write(wrapOutboundOut(.head(head)), promise: promise)
    case .head, .body: context.write(data, promise: promise)
    case .end: writeEnd(data, context, promise)
    }
  }

  func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
    guard event is BodyWanted else { return context.triggerUserOutboundEvent(event, promise: promise) }
    tell(.bodyWanted, context)
    promise?.succeed()
  }

  /// A connection that is closed while an answer is on its way would cut it short, and one whose client still sends
  /// would lose it. To close the output alone does the same where the client has closed its own.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode != .input, unsentEnds > 0 || mode == .all && watch.awaitsRest, context.channel.isActive else {
      context.close(mode: mode, promise: promise)
      // A listener no longer reads where its time is over (rule L-2): whoever takes an answer slowly has had its share.
      if mode == .input { tell(.ending, context) }
      return
    }
    if let known = closing {
      known.promise.futureResult.cascade(to: promise)
      if mode == .all { closing = (mode, known.promise) }
    } else {
      closing = (mode, promise ?? context.eventLoop.makePromise())
    }
  }

  private func writeEnd(_ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    unsentEnds += 1
    let sent = context.eventLoop.makePromise(of: Void.self)
    if let promise { sent.futureResult.cascade(to: promise) }
    context.writeAndFlush(data, promise: sent)
    sent.futureResult.assumeIsolated().whenComplete { _ in self.endSent(context) }
    guard unsentEnds > 0 else { return }
    tell(.answerWhole, context)
    tell(.stalled, context)
  }

  private func endSent(_ context: ChannelHandlerContext) {
    unsentEnds -= 1
    guard context.channel.isActive else { return }
    if unsentEnds == 0, context.channel.isWritable { tell(.flowing, context) }
    tell(.answerEnd, context)
    if !watch.isServing { gate.rests(context.channel) }
    if let closing, unsentEnds == 0, closing.mode == .output || !watch.awaitsRest {
      closeNow(context, mode: closing.mode)
    }
  }

  // MARK: What is done

  private func breaks(_ breakage: ConnectionWatch.Breakage, _ context: ChannelHandlerContext) {
    isDropping = true
    tell(.broken(breakage), context)
  }

  private func tell(_ event: ConnectionWatch.Event, _ context: ChannelHandlerContext) {
    let actions = watch.handle(event, at: Self.now)
    for action in actions { perform(action, context) }
    setTimer(context)
  }

  private func perform(_ action: ConnectionWatch.Action, _ context: ChannelHandlerContext) {
    switch action {
    case .sendContinue:
      context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    case .endBody(let ending):
      isDropping = true
      context.fireErrorCaught(ending)
    case .refuse(let breakage): refuse(breakage, context)
    case .finishOutput: context.close(mode: .output, promise: nil)
    case .look: if let bytes = TakenBytes.of(context.channel) { tell(.taken(bytes: bytes), context) }
    case .close: closeNow(context)
    }
  }

  private func refuse(_ breakage: ConnectionWatch.Breakage, _ context: ChannelHandlerContext) {
    isDropping = true
    let answer = words.answer(to: breakage)
    var fields = HTTPFields()
    for field in answer.head.headers {
      if let name = HTTPTypes.HTTPField.Name(field.name) { fields[name] = field.value }
    }
    fields[.connection] = "close"
    fields[.contentLength] = String(answer.body.count)
    let head = HTTPResponse(status: .init(code: answer.head.status), headerFields: fields)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(ByteBuffer(bytes: answer.body))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  private func closeNow(_ context: ChannelHandlerContext, mode: CloseMode = .all) {
    let promise = closing?.promise
    closing = nil
    context.close(mode: mode, promise: promise)
  }

  // MARK: Time

  /// Milliseconds of a clock that never goes back.
  private static var now: Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

  /// One timer at a time, which is left to ring in vain where there is nothing to wait for any more: most requests need
  /// none.
  private func setTimer(_ context: ChannelHandlerContext) {
    let deadline = watch.deadline
    guard deadline != ConnectionWatch.never, context.channel.isActive, deadline < timer?.at ?? .max else { return }
    forgetTimer()
    let task = context.eventLoop.assumeIsolated().scheduleTask(
      deadline: .uptimeNanoseconds(UInt64(deadline) * 1_000_000)
    ) {
      self.timer = nil
      self.tell(.tick, context)
    }
    timer = (deadline, task)
  }

  private func forgetTimer() {
    timer?.task.cancel()
    timer = nil
  }

  // MARK: Heads

  /// Bytes of the body to come; nil where it is sent in chunks.
  private static func length(_ head: HTTPRequest) -> Int? {
    if head.headerFields[.transferEncoding] != nil { return nil }
    return head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
  }

  private static func expectsContinue(_ head: HTTPRequest) -> Bool {
    head.headerFields[.expect]?.lowercased() == "100-continue"
  }
}
