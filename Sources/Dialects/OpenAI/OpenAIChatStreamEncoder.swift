import Core

/// A chat completion as a stream of chunks.
///
/// The chunk with the finish reason, the usage and `[DONE]` are kept back until the call is settled, so that nobody has
/// the whole answer before (rule M-1).
struct OpenAIChatStreamEncoder: AnswerEncoder {
  private let includesUsage: Bool
  /// Every chunk up to its choices; made once.
  private var opening: [UInt8] = []
  private var stopReason = StopReason.endOfTurn
  /// The tool call's number in this dialect, by the block's index.
  private var toolNumbers: [Int: Int] = [:]
  private var hasStarted = false

  private static let choice = Array(#"{"index":0,"delta":"#.utf8)
  private static let unfinished = Array(#","logprobs":null,"finish_reason":null}"#.utf8)

  init(includesUsage: Bool) { self.includesUsage = includesUsage }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    let answer = OpenAIAnswer(requestID: requestID, model: model, createdAt: createdAt)
    var writer = JSONWriter()
    writer.object { writer in
      writer.member("id", answer.id)
      writer.member("object", "chat.completion.chunk")
      writer.member("created", answer.created)
      writer.member("model", answer.model)
      writer.nullMember("system_fingerprint")
      writer.name("choices")
    }
    // Without the closing brace: the choices follow.
    opening = Array("data: ".utf8) + writer.bytes.dropLast() + Array("[".utf8)
    var head = OpenAIAnswer.head(contentType: "text/event-stream", requestID: requestID)
    head.headers.append(HTTPField("cache-control", "no-cache"))
    return head
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    guard case .chat(let event) = event else { return [] }
    switch event {
    case .started: return start()
    case .blockStarted(let index, .toolUse(let id, let name)): return start() + startTool(index, id: id, name: name)
    case .blockStarted(_, .text), .blockStarted(_, .reasoning): return start()
    case .delta(let index, let delta): return start() + encode(delta, of: index)
    case .stopped(let reason):
      stopReason = reason
      return []
    case .blockStopped, .usage: return []
    }
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var bytes = start() + opening
    bytes.append(contentsOf: Self.choice)
    let reason = OpenAIAnswer.finishReason(stopReason)
    bytes.append(contentsOf: #"{},"logprobs":null,"finish_reason":"\#(reason)"}"#.utf8)
    endChunk(&bytes)
    if includesUsage {
      var writer = JSONWriter()
      OpenAIAnswer.write(usage, to: &writer)
      bytes.append(contentsOf: opening)
      bytes.append(contentsOf: #"],"usage":"#.utf8)
      bytes.append(contentsOf: writer.bytes)
      bytes.append(contentsOf: "}\n\n".utf8)
    }
    bytes.append(contentsOf: "data: [DONE]\n\n".utf8)
    return bytes
  }

  // MARK: Chunks

  /// The first chunk, once.
  private mutating func start() -> [UInt8] {
    guard !hasStarted else { return [] }
    hasStarted = true
    return chunk(Array(#"{"role":"assistant","content":"","refusal":null}"#.utf8))
  }

  private mutating func startTool(_ index: Int, id: String, name: String) -> [UInt8] {
    let number = toolNumbers.count
    toolNumbers[index] = number
    var delta = JSONWriter()
    delta.object { delta in
      delta.array("tool_calls") { calls in
        calls.object { call in
          call.member("index", number)
          call.member("id", id)
          call.member("type", "function")
          call.object("function") { function in
            function.member("name", name)
            function.member("arguments", "")
          }
        }
      }
    }
    return chunk(delta.bytes)
  }

  private func encode(_ delta: BlockDelta, of index: Int) -> [UInt8] {
    var writer = JSONWriter()
    switch delta {
    case .text(let text):
      writer.object { $0.member("content", text.reveal()) }
    case .toolInput(let input):
      writer.object { writer in
        writer.array("tool_calls") { calls in
          calls.object { call in
            call.member("index", toolNumbers[index] ?? 0)
            call.object("function") { $0.member("arguments", input.reveal()) }
          }
        }
      }
    case .reasoning(let text):
      writer.object { $0.member("reasoning_content", text.reveal()) }
    case .signature(let signature):
      writer.object { writer in
        writer.array("thinking_blocks") { OpenAIReasoning.write(text: "", signature: signature, to: &$0) }
      }
    case .redactedReasoning(let bytes):
      writer.object { writer in
        writer.array("thinking_blocks") { OpenAIReasoning.write(redacted: bytes.reveal(), to: &$0) }
      }
    }
    return chunk(writer.bytes)
  }

  private func chunk(_ delta: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(opening.count + delta.count + 80)
    bytes.append(contentsOf: opening)
    bytes.append(contentsOf: Self.choice)
    bytes.append(contentsOf: delta)
    bytes.append(contentsOf: Self.unfinished)
    endChunk(&bytes)
    return bytes
  }

  private func endChunk(_ bytes: inout [UInt8]) {
    bytes.append(contentsOf: (includesUsage ? "],\"usage\":null}\n\n" : "]}\n\n").utf8)
  }
}
