import Core

/// Reads a streamed message, however its bytes are split.
struct AnthropicStreamDecoder: UpstreamDecoder {
  /// The answer comes as the input of ``AnswerTool``.
  private let answersByTool: Bool
  private var parser = ServerSentEventParser()
  private var events: [ModelEvent] = []
  private var open: Set<Int> = []
  /// Blocks of ``AnswerTool``, which are given as text.
  private var answerBlocks: Set<Int> = []
  private var usage = AnthropicUsage()
  private var hasStarted = false
  private var hasStopped = false
  /// `message_delta` has come.
  private(set) var isEnding = false
  private var ending = AnswerEnding()
  /// `message_stop` has come.
  private var isDone = false
  private(set) var framesRead = 0
  /// What came after events that have been given: told when more is asked for.
  private var failure: UpstreamFailure?

  private static let blockRange: ClosedRange<Int64> = 0...100_000

  init(answersByTool: Bool) { self.answersByTool = answersByTool }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    // Nothing counts after the end, not even garbage.
    guard !isDone else { return [] }
    return try take { decoder throws(UpstreamFailure) in try decoder.received(bytes) }
  }

  /// The same for events that come in another framing, one after the other.
  mutating func feed(events: [ServerSentEvent]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    return try take { _ in events }
  }

  private mutating func take(
    _ received: (inout Self) throws(UpstreamFailure) -> [ServerSentEvent]
  ) throws(UpstreamFailure) -> [ModelEvent] {
    framesRead = 0
    do throws(UpstreamFailure) {
      for event in try received(&self) {
        try read(event)
        framesRead += 1
      }
    } catch {
      failure = error
      if events.isEmpty { throw error }
    }
    return takeEvents()
  }

  private mutating func received(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ServerSentEvent] {
    do throws(FramingProblem) { return try parser.feed(bytes) } catch { throw UpstreamFailure(error) }
  }

  var isComplete: Bool { isDone }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    guard !isDone else { return takeEvents() }
    let last: ServerSentEvent?
    do throws(FramingProblem) { last = try parser.finish() } catch { throw UpstreamFailure(error) }
    if let last { try read(last) }
    guard hasStopped else { throw .cutShort }
    return takeEvents()
  }

  private mutating func takeEvents() -> [ModelEvent] {
    defer { events.removeAll() }
    return events
  }

  // MARK: Events

  private mutating func read(_ event: ServerSentEvent) throws(UpstreamFailure) {
    guard !isDone, !event.data.isEmpty else { return }
    let payload: JSONNode
    do throws(JSONProblem) {
      payload = try JSONDocument(event.data).root
    } catch {
      throw UpstreamFailure(.garbled, "The provider's stream holds an event that is not valid JSON: \(error.clause).")
    }
    let type = payload["type"]?.string ?? event.name
    if isEnding || type == "message_delta" { try ending.take(event.length) }
    switch type {
    case "message_start":
      // Before the start, because it says nothing of what will follow: its output is only the beginning.
      report(payload["message"]?["usage"])
      start()
    case "content_block_start": try startBlock(payload)
    case "content_block_delta": try readDelta(payload)
    case "content_block_stop":
      let index = try index(payload)
      if open.remove(index) != nil { events.append(.chat(.blockStopped(index: index))) }
    case "message_delta":
      isEnding = true
      report(payload["usage"])
      if let reason = payload["delta"]?["stop_reason"]?.string { stop(reason) }
    case "message_stop":
      stop("end_turn")
      isDone = true
    case "error": throw AnthropicUpstreamFailure.inside(payload["error"])
    // `ping`, and new kinds of events, are no reason to give up an answer.
    default: break
    }
  }

  private mutating func start() {
    guard !hasStarted else { return }
    hasStarted = true
    events.append(.chat(.started))
  }

  private mutating func report(_ node: JSONNode?) {
    if let tokens = usage.report(node) { events.append(.chat(.usage(tokens))) }
  }

  private mutating func stop(_ reason: String) {
    start()
    guard !hasStopped else { return }
    hasStopped = true
    events.append(.chat(.stopped(AnthropicUpstream.stopReason(reason, answersByTool: answersByTool))))
  }

  // MARK: Blocks

  private func index(_ payload: JSONNode) throws(UpstreamFailure) -> Int {
    guard let index = payload["index"]?.integer, Self.blockRange.contains(index) else { throw .missing("index") }
    return Int(index)
  }

  private mutating func startBlock(_ payload: JSONNode) throws(UpstreamFailure) {
    let index = try index(payload)
    guard let block = payload["content_block"] else { throw .missing("content_block") }
    switch block["type"]?.string {
    case "text":
      begin(index, .text)
      if let text = block["text"]?.string, !text.isEmpty { append(.text(Sensitive(text)), to: index) }
    case "thinking":
      begin(index, .reasoning)
      if let text = block["thinking"]?.string, !text.isEmpty { append(.reasoning(Sensitive(text)), to: index) }
    case "redacted_thinking":
      begin(index, .reasoning)
      if let data = AnthropicUpstream.redacted(block) { append(.redactedReasoning(Sensitive(data)), to: index) }
    case "tool_use":
      guard let id = block["id"]?.string, let name = block["name"]?.string else {
        throw .missing("the name or id of a tool call")
      }
      if answersByTool, name == AnswerTool.name {
        answerBlocks.insert(index)
        begin(index, .text)
      } else {
        begin(index, .toolUse(id: id, name: name))
      }
    default: break
    }
  }

  private mutating func readDelta(_ payload: JSONNode) throws(UpstreamFailure) {
    let index = try index(payload)
    guard let delta = payload["delta"] else { throw .missing("delta") }
    // Pieces of blocks of unknown kinds, which did not begin here.
    guard open.contains(index) else { return }
    switch delta["type"]?.string {
    case "text_delta": piece(delta["text"], of: index) { .text($0) }
    case "thinking_delta": piece(delta["thinking"], of: index) { .reasoning($0) }
    case "input_json_delta":
      let isAnswer = answerBlocks.contains(index)
      piece(delta["partial_json"], of: index) { isAnswer ? .text($0) : .toolInput($0) }
    case "signature_delta":
      if let signature = delta["signature"]?.string { append(.signature(signature), to: index) }
    default: break
    }
  }

  private mutating func piece(_ node: JSONNode?, of index: Int, _ delta: (Sensitive<String>) -> BlockDelta) {
    if let text = node?.string, !text.isEmpty { append(delta(Sensitive(text)), to: index) }
  }

  private mutating func begin(_ index: Int, _ kind: BlockKind) {
    start()
    guard open.insert(index).inserted else { return }
    events.append(.chat(.blockStarted(index: index, kind: kind)))
  }

  private mutating func append(_ delta: BlockDelta, to index: Int) {
    events.append(.chat(.delta(index: index, delta)))
  }
}
