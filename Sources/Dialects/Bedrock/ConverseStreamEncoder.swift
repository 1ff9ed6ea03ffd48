import Core

/// A streamed answer of Converse, for Bedrock's own clients and for the Mendix connector.
///
/// Only tool calls announce their block; other blocks begin with their first piece, so that none is empty. The stop
/// reason and the usage, which tell a client that it has the whole answer, are kept back until the call is settled
/// (rule M-1).
struct ConverseStreamEncoder: AnswerEncoder {
  private struct Block {
    let number: Int
    let isTool: Bool
    /// A piece of it has gone out.
    var hasContent = false
    /// Gathered, because a client may take the last piece for the whole one.
    var signature = ""
  }

  private let wire: ConverseStreamWire
  private var latency: AnswerLatency
  private var stopReason = StopReason.endOfTurn
  private var hasStarted = false
  /// The open blocks by the provider's numbers.
  private var open: [Int: Block] = [:]
  /// Blocks, or on the connector's wire tool calls, that have begun.
  private var begun = 0

  /// Without a clock the latency is given as 0.
  init(_ wire: ConverseStreamWire, clock: WallClock?) {
    self.wire = wire
    latency = AnswerLatency(clock)
  }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    latency.start(at: createdAt)
    return wire.head(requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    guard case .chat(let event) = event else { return [] }
    var bytes: [UInt8] = []
    switch event {
    case .started, .blockStarted(_, .text), .blockStarted(_, .reasoning): start(&bytes)
    case .blockStarted(let index, .toolUse(let id, let name)): beginTool(index, id: id, name: name, &bytes)
    case .delta(let index, let delta): append(delta, to: index, &bytes)
    case .blockStopped(let index): stop(index, &bytes)
    case .stopped(let reason): stopReason = reason
    case .usage: break
    }
    return bytes
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var bytes: [UInt8] = []
    start(&bytes)
    for index in open.keys.sorted() { stop(index, &bytes) }
    wire.append(.messageStop, &bytes) { $0.member("stopReason", ConverseAnswerEncoder.stopReason(stopReason)) }
    wire.append(.metadata, &bytes) { metadata in
      metadata.name("usage")
      ConverseAnswerEncoder.write(usage, to: &metadata)
      metadata.object("metrics") { $0.member("latencyMs", latency.milliseconds) }
    }
    return bytes
  }

  // MARK: Blocks

  private mutating func start(_ bytes: inout [UInt8]) {
    guard !hasStarted else { return }
    hasStarted = true
    wire.append(.messageStart, &bytes) { $0.member("role", "assistant") }
  }

  private mutating func beginTool(_ index: Int, id: String, name: String, _ bytes: inout [UInt8]) {
    begin(index, isTool: true, &bytes)
    guard let number = open[index]?.number else { return }
    wire.append(.contentBlockStart, &bytes) { event in
      event.member("contentBlockIndex", number)
      event.object("start") { start in
        start.object("toolUse") { use in
          use.member("toolUseId", id)
          use.member("name", name)
        }
      }
    }
  }

  private mutating func begin(_ index: Int, isTool: Bool, _ bytes: inout [UInt8]) {
    start(&bytes)
    stop(index, &bytes)
    let number: Int
    switch wire {
    case .frames:
      number = begun
      begun += 1
    case .serverSentEvents where isTool:
      begun += 1
      number = begun
    case .serverSentEvents:
      number = 0
      // Blocks that share the number follow each other.
      if let other = open.first(where: { !$0.value.isTool })?.key { stop(other, &bytes) }
    }
    open[index] = Block(number: number, isTool: isTool)
  }

  private mutating func append(_ delta: BlockDelta, to index: Int, _ bytes: inout [UInt8]) {
    guard !delta.isEmpty else { return }
    if open[index] == nil { begin(index, isTool: false, &bytes) }
    if case .signature(let piece) = delta {
      open[index]?.signature += piece
      return
    }
    write(delta, to: index, &bytes)
  }

  private mutating func write(_ delta: BlockDelta, to index: Int, _ bytes: inout [UInt8]) {
    guard let number = open[index]?.number else { return }
    open[index]?.hasContent = true
    wire.append(.contentBlockDelta, &bytes) { event in
      event.member("contentBlockIndex", number)
      event.object("delta") { Self.write(delta, to: &$0) }
    }
  }

  private mutating func stop(_ index: Int, _ bytes: inout [UInt8]) {
    guard let block = open[index] else { return }
    if !block.signature.isEmpty { write(.signature(block.signature), to: index, &bytes) }
    // Clients read the gathered input as JSON, which nothing at all is not.
    if block.isTool, !block.hasContent { write(.toolInput(Sensitive("{}")), to: index, &bytes) }
    open[index] = nil
    wire.append(.contentBlockStop, &bytes) { $0.member("contentBlockIndex", block.number) }
  }

  private static func write(_ delta: BlockDelta, to writer: inout JSONWriter) {
    switch delta {
    case .text(let text): writer.member("text", text.reveal())
    case .toolInput(let input): writer.object("toolUse") { $0.member("input", input.reveal()) }
    case .reasoning(let text): writer.object("reasoningContent") { $0.member("text", text.reveal()) }
    case .signature(let signature): writer.object("reasoningContent") { $0.member("signature", signature) }
    case .redactedReasoning(let bytes):
      writer.object("reasoningContent") { reasoning in
        reasoning.name("redactedContent")
        reasoning.base64(bytes.reveal())
      }
    }
  }
}

extension BlockDelta {
  fileprivate var isEmpty: Bool {
    switch self {
    case .text(let text), .toolInput(let text), .reasoning(let text): text.reveal().isEmpty
    case .signature(let signature): signature.isEmpty
    case .redactedReasoning(let bytes): bytes.reveal().isEmpty
    }
  }
}
