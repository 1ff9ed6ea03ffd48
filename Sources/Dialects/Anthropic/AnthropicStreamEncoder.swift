import Core

/// A message as a stream of events.
///
/// Blocks of text and of reasoning begin with their first piece, so that none is empty and redacted reasoning is told
/// apart. `message_delta` with stop reason and usage, and `message_stop`, are kept back until the call is settled (rule
/// M-1); the usage there is the whole one, whatever `message_start` had to say too early.
struct AnthropicStreamEncoder: AnswerEncoder {
  private let framing: AnthropicStreamFraming
  /// Written into the last event, where there are any.
  var metrics: InvocationMetrics?
  private var answer: AnthropicAnswer?
  private var usage = TokenUsage.zero
  private var stopReason = StopReason.endOfTurn
  private var hasStarted = false
  /// The blocks that have begun: their numbers in this stream, by the provider's.
  private var numbers: [Int: Int] = [:]
  private var begun = 0
  /// Signatures of the blocks that are open: a client takes the last piece for the whole one, so each goes out once.
  private var signatures: [Int: String] = [:]

  init(framing: AnthropicStreamFraming = .serverSentEvents) { self.framing = framing }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answer = AnthropicAnswer(requestID: requestID, model: model)
    var head = AnthropicAnswer.head(contentType: "text/event-stream", requestID: requestID)
    head.headers.append(HTTPField("cache-control", "no-cache"))
    return head
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    guard case .chat(let event) = event else { return [] }
    var bytes: [UInt8] = []
    switch event {
    case .started, .blockStarted(_, .text), .blockStarted(_, .reasoning): start(&bytes)
    case .blockStarted(let index, .toolUse(let id, let name)):
      start(&bytes)
      begin(index, &bytes) { block in
        block.member("type", "tool_use")
        block.member("id", id)
        block.member("name", name)
        block.object("input") { _ in }
      }
    case .delta(let index, let delta):
      start(&bytes)
      append(delta, to: index, &bytes)
    case .blockStopped(let index): stop(index, &bytes)
    case .stopped(let reason): stopReason = reason
    case .usage(let reported): usage = reported
    }
    return bytes
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var bytes: [UInt8] = []
    start(&bytes)
    for index in numbers.keys.sorted() { stop(index, &bytes) }
    write("message_delta", &bytes) { event in
      event.object("delta") { delta in
        delta.member("stop_reason", AnthropicAnswer.stopReason(stopReason))
        delta.nullMember("stop_sequence")
      }
      AnthropicAnswer.write(usage, to: &event)
    }
    write("message_stop", &bytes) { metrics?.write(to: &$0) }
    return bytes
  }

  // MARK: Events

  private mutating func start(_ bytes: inout [UInt8]) {
    guard !hasStarted else { return }
    hasStarted = true
    write("message_start", &bytes) { event in
      event.object("message") { message in
        answer?.writeOpening(to: &message)
        message.array("content") { _ in }
        message.nullMember("stop_reason")
        message.nullMember("stop_sequence")
        AnthropicAnswer.write(usage, to: &message)
      }
    }
  }

  private mutating func begin(_ index: Int, _ bytes: inout [UInt8], _ block: (inout JSONWriter) -> Void) {
    let number = begun
    begun += 1
    numbers[index] = number
    write("content_block_start", &bytes) { event in
      event.member("index", number)
      event.object("content_block", block)
    }
  }

  private mutating func stop(_ index: Int, _ bytes: inout [UInt8]) {
    guard let number = numbers.removeValue(forKey: index) else { return }
    if let signature = signatures.removeValue(forKey: index) {
      write(.signature(signature), number, &bytes)
    }
    write("content_block_stop", &bytes) { $0.member("index", number) }
  }

  private mutating func append(_ delta: BlockDelta, to index: Int, _ bytes: inout [UInt8]) {
    if case .redactedReasoning(let data) = delta {
      // It comes whole, in the start of its block.
      return begin(index, &bytes) { block in
        block.member("type", "redacted_thinking")
        block.name("data")
        block.base64(data.reveal())
      }
    }
    if numbers[index] == nil {
      begin(index, &bytes) { block in
        switch delta.kindOfBlock {
        case .reasoning:
          block.member("type", "thinking")
          block.member("thinking", "")
          block.member("signature", "")
        case .text, .toolUse:
          block.member("type", "text")
          block.member("text", "")
        }
      }
    }
    if case .signature(let piece) = delta {
      signatures[index, default: ""] += piece
    } else if let number = numbers[index] {
      write(delta, number, &bytes)
    }
  }

  private func write(_ delta: BlockDelta, _ number: Int, _ bytes: inout [UInt8]) {
    write("content_block_delta", &bytes) { event in
      event.member("index", number)
      event.object("delta") { Self.write(delta, to: &$0) }
    }
  }

  private static func write(_ delta: BlockDelta, to writer: inout JSONWriter) {
    switch delta {
    case .text(let text):
      writer.member("type", "text_delta")
      writer.member("text", text.reveal())
    case .toolInput(let input):
      writer.member("type", "input_json_delta")
      writer.member("partial_json", input.reveal())
    case .reasoning(let text):
      writer.member("type", "thinking_delta")
      writer.member("thinking", text.reveal())
    case .signature(let signature):
      writer.member("type", "signature_delta")
      writer.member("signature", signature)
    case .redactedReasoning: break
    }
  }

  private func write(_ name: String, _ bytes: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object { event in
      event.member("type", name)
      members(&event)
    }
    framing.append(name, writer.bytes, to: &bytes)
  }
}
