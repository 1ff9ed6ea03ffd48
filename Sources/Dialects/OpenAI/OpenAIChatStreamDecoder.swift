import Core

/// Reads a streamed chat completion, however its bytes are split.
struct OpenAIChatStreamDecoder: UpstreamDecoder {
  private var parser = ServerSentEventParser()
  private var events: [ModelEvent] = []
  private var hasStarted = false
  private var isDone = false
  private var open: Open?
  private var nextIndex = 0
  private var toolCalls = 0
  private var stopReason: StopReason?
  private var hasRefusal = false
  private var usage: TokenUsage?
  private(set) var framesRead = 0
  /// What came after events that have been given: told when more is asked for.
  private var failure: UpstreamFailure?

  /// The block that pieces go to at the moment.
  private struct Open {
    enum Kind: Equatable {
      case text
      case reasoning
      /// By the server's number and id of the call.
      case tool(number: Int64, id: String)
    }

    let index: Int
    let kind: Kind
  }

  mutating func head(status: Int, headers: [HTTPField]) {}

  mutating func feed(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    // Nothing counts after the end, not even garbage.
    guard !isDone else { return [] }
    framesRead = 0
    do throws(UpstreamFailure) {
      for event in try received(bytes) {
        try read(event)
        framesRead += 1
      }
    } catch {
      failure = error
      if events.isEmpty { throw error }
    }
    return takeEvents()
  }

  /// `[DONE]` has come; usage comes before it.
  var isComplete: Bool { isDone }

  mutating func finish() throws(UpstreamFailure) -> [ModelEvent] {
    if let failure { throw failure }
    guard !isDone else { return end() }
    let last: ServerSentEvent?
    do throws(FramingProblem) { last = try parser.finish() } catch { throw UpstreamFailure(error) }
    if let last { try read(last) }
    guard isDone || stopReason != nil else { throw .cutShort }
    return end()
  }

  private mutating func end() -> [ModelEvent] {
    if stopReason == nil { stop(.other) }
    return takeEvents()
  }

  private mutating func received(_ bytes: [UInt8]) throws(UpstreamFailure) -> [ServerSentEvent] {
    do throws(FramingProblem) { return try parser.feed(bytes) } catch { throw UpstreamFailure(error) }
  }

  private mutating func takeEvents() -> [ModelEvent] {
    defer { events.removeAll() }
    return events
  }

  // MARK: Chunks

  private mutating func read(_ event: ServerSentEvent) throws(UpstreamFailure) {
    guard !isDone, !event.data.isEmpty else { return }
    if event.data.elementsEqual("[DONE]".utf8) {
      isDone = true
      return
    }
    let chunk: JSONNode
    do throws(JSONProblem) {
      chunk = try JSONDocument(event.data).root
    } catch {
      throw UpstreamFailure(.garbled, "The provider's stream holds a chunk that is not valid JSON: \(error.clause).")
    }
    if let error = chunk["error"] { throw OpenAIUpstreamFailure.inside(error) }
    if !hasStarted {
      hasStarted = true
      events.append(.chat(.started))
    }
    for choice in chunk.elements(of: "choices") {
      // Only one answer is ever asked for.
      if let index = choice["index"]?.integer, index != 0 { continue }
      if let delta = choice["delta"] { try read(delta: delta) }
      if let reason = choice["finish_reason"]?.string, stopReason == nil {
        stop(hasRefusal ? .refusal : OpenAIUpstream.stopReason(reason, hasToolCalls: toolCalls > 0))
      }
    }
    if let node = chunk["usage"] { report(node) }
  }

  private mutating func report(_ node: JSONNode) {
    guard let later = OpenAIUpstream.usage(node, after: usage) else { return }
    usage = later
    events.append(.chat(.usage(later)))
  }

  private mutating func read(delta: JSONNode) throws(UpstreamFailure) {
    if let reasoning = OpenAIUpstream.reasoning(delta), !reasoning.isEmpty {
      append(.reasoning(Sensitive(reasoning)), to: .reasoning, .reasoning)
    }
    if let text = OpenAIUpstream.text(delta["content"]), !text.isEmpty {
      append(.text(Sensitive(text)), to: .text, .text)
    }
    if let refusal = delta["refusal"]?.string, !refusal.isEmpty {
      hasRefusal = true
      append(.text(Sensitive(refusal)), to: .text, .text)
    }
    for call in delta.elements(of: "tool_calls") { try read(call: call) }
  }

  /// A call begins with a number or an id that is not the open one's; some servers give every call the number 0.
  private mutating func read(call: JSONNode) throws(UpstreamFailure) {
    let function = call["function"]
    let id = call["id"]?.string ?? ""
    var number = call["index"]?.integer
    if case .tool(let openNumber, let openID)? = open?.kind {
      number = number ?? (id.isEmpty || id == openID ? openNumber : openNumber + 1)
      if number == openNumber, id.isEmpty || id == openID {
        return appendInput(function)
      }
    }
    guard let name = function?["name"]?.string else { throw .missing("the name of a tool call") }
    let call = id.isEmpty ? "call_\(toolCalls)" : id
    toolCalls += 1
    begin(.tool(number: number ?? 0, id: id), .toolUse(id: call, name: name))
    appendInput(function)
  }

  private mutating func appendInput(_ function: JSONNode?) {
    guard let function, let open else { return }
    let input = OpenAIChatDecoder.arguments(function)
    if !input.isEmpty { events.append(.chat(.delta(index: open.index, .toolInput(Sensitive(input))))) }
  }

  // MARK: Blocks

  private mutating func append(_ delta: BlockDelta, to kind: Open.Kind, _ block: BlockKind) {
    if open?.kind != kind { begin(kind, block) }
    if let open { events.append(.chat(.delta(index: open.index, delta))) }
  }

  private mutating func begin(_ kind: Open.Kind, _ block: BlockKind) {
    close()
    open = Open(index: nextIndex, kind: kind)
    events.append(.chat(.blockStarted(index: nextIndex, kind: block)))
    nextIndex += 1
  }

  private mutating func close() {
    if let open { events.append(.chat(.blockStopped(index: open.index))) }
    open = nil
  }

  private mutating func stop(_ reason: StopReason) {
    close()
    stopReason = reason
    events.append(.chat(.stopped(reason)))
  }
}
