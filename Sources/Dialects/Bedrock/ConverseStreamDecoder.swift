import Core

/// Reads a streamed answer of Converse, however its bytes are split.
struct ConverseStreamDecoder: UpstreamDecoder {
  /// The answer comes as the input of ``AnswerTool``.
  private let answersByTool: Bool
  private var decoder = EventStreamDecoder()
  private var events: [ModelEvent] = []
  private var open: [Int] = []
  /// Blocks of ``AnswerTool``, which are given as text.
  private var answerBlocks: Set<Int> = []
  private var hasStarted = false
  private var hasStopped = false
  private var ending = AnswerEnding()
  /// The metadata has come after the stop: with the usage, where there is any.
  private(set) var isComplete = false
  /// Something that is no frame of an answer followed its end.
  private var isOver = false
  private(set) var framesRead = 0
  /// What came after events that have been given: told when more is asked for.
  private var failure: UpstreamFailure?

  private static let blockRange: ClosedRange<Int64> = 0...100_000

  init(answersByTool: Bool) { self.answersByTool = answersByTool }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    guard !isOver else { return [] }
    framesRead = 0
    do throws(UpstreamFailure) {
      for frame in try received(bytes) {
        try read(frame)
        framesRead += 1
      }
    } catch {
      // Nothing fails after the end. What is reported there still counts: the later report is the truer one.
      isOver = isComplete
      failure = isComplete ? nil : error
      if events.isEmpty, !isComplete { throw error }
    }
    defer { events.removeAll() }
    return events
  }

  private mutating func received(_ bytes: [UInt8]) throws(UpstreamFailure) -> [EventStreamFrame] {
    do throws(FramingProblem) { return try decoder.feed(bytes) } catch { throw UpstreamFailure(error) }
  }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    guard !isComplete else { return [] }
    do throws(FramingProblem) { try decoder.finish() } catch { throw UpstreamFailure(error) }
    guard hasStopped else { throw .cutShort }
    return []
  }

  // MARK: Frames

  private mutating func read(_ frame: EventStreamFrame) throws(UpstreamFailure) {
    switch frame[":message-type"] {
    case "exception", "error":
      throw BedrockUpstreamFailure.inStream(frame[":exception-type"] ?? frame[":error-code"] ?? "")
    default: break
    }
    if hasStopped, !isComplete { try ending.take(frame.mostBytes) }
    guard let name = frame[":event-type"] else { throw .missing("the type of an event") }
    let payload: JSONNode
    do throws(JSONProblem) {
      payload = try JSONDocument(frame.payload).root
    } catch {
      throw UpstreamFailure(.garbled, "The provider's stream holds an event that is not valid JSON: \(error.clause).")
    }
    switch name {
    case "messageStart": start()
    case "contentBlockStart": try startBlock(payload)
    case "contentBlockDelta": try readDelta(payload)
    case "contentBlockStop": stopBlock(try index(payload))
    case "messageStop": stop(payload)
    case "metadata":
      if let usage = ConverseUpstream.usage(payload["usage"]) { events.append(.chat(.usage(usage))) }
      // Some services report while they answer too: only what follows the stop is the last word.
      isComplete = isComplete || hasStopped
    // New kinds of events are no reason to give up an answer.
    default: break
    }
  }

  private func index(_ payload: JSONNode) throws(UpstreamFailure) -> Int {
    guard let index = payload["contentBlockIndex"]?.integer, Self.blockRange.contains(index) else {
      throw .missing("contentBlockIndex")
    }
    return Int(index)
  }

  private mutating func start() {
    guard !hasStarted else { return }
    hasStarted = true
    events.append(.chat(.started))
  }

  private mutating func startBlock(_ payload: JSONNode) throws(UpstreamFailure) {
    let index = try index(payload)
    guard let use = payload["start"]?["toolUse"] else { return }
    guard let name = use["name"]?.string, let id = use["toolUseId"]?.string else {
      throw .missing("the name or id of a tool call")
    }
    if answersByTool, name == AnswerTool.name {
      answerBlocks.insert(index)
      begin(index, .text)
    } else {
      begin(index, .toolUse(id: id, name: name))
    }
  }

  private mutating func readDelta(_ payload: JSONNode) throws(UpstreamFailure) {
    let index = try index(payload)
    guard let delta = payload["delta"] else { throw .missing("delta") }
    if let text = delta["text"]?.string {
      append(.text(Sensitive(text)), to: index, .text)
    } else if let input = delta["toolUse"]?["input"]?.string {
      guard open.contains(index) else { throw .missing("the start of a tool call") }
      let piece = Sensitive(input)
      append(answerBlocks.contains(index) ? .text(piece) : .toolInput(piece), to: index, .text)
    } else if let reasoning = delta["reasoningContent"] {
      if let text = reasoning["text"]?.string {
        append(.reasoning(Sensitive(text)), to: index, .reasoning)
      } else if let signature = reasoning["signature"]?.string {
        append(.signature(signature), to: index, .reasoning)
      } else if let redacted = ConverseUpstream.bytes(reasoning["redactedContent"]) {
        append(.redactedReasoning(Sensitive(redacted)), to: index, .reasoning)
      }
    }
  }

  // MARK: Blocks

  /// Only tool calls announce themselves; other blocks begin with their first piece.
  private mutating func append(_ delta: BlockDelta, to index: Int, _ kind: BlockKind) {
    if !open.contains(index) { begin(index, kind) }
    events.append(.chat(.delta(index: index, delta)))
  }

  private mutating func begin(_ index: Int, _ kind: BlockKind) {
    start()
    guard !open.contains(index) else { return }
    open.append(index)
    events.append(.chat(.blockStarted(index: index, kind: kind)))
  }

  private mutating func stopBlock(_ index: Int) {
    guard let position = open.firstIndex(of: index) else { return }
    open.remove(at: position)
    events.append(.chat(.blockStopped(index: index)))
  }

  private mutating func stop(_ payload: JSONNode) {
    start()
    for index in open { events.append(.chat(.blockStopped(index: index))) }
    open.removeAll()
    hasStopped = true
    let reason = payload["stopReason"]?.string ?? ""
    events.append(.chat(.stopped(ConverseUpstream.stopReason(reason, answersByTool: answersByTool))))
  }
}
