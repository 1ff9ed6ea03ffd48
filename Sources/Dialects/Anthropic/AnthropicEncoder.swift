import Core

/// A whole message.
struct AnthropicEncoder: AnswerEncoder {
  private var answer: AnthropicAnswer?
  private var assembly = AnswerAssembly()

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answer = AnthropicAnswer(requestID: requestID, model: model)
    return AnthropicAnswer.head(contentType: "application/json", requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    assembly.observe(event)
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var writer = JSONWriter(reserving: 1_024)
    writer.object { writer in
      answer?.writeOpening(to: &writer)
      writer.array("content") { content in for block in assembly.blocks { Self.write(block, to: &content) } }
      writer.member("stop_reason", AnthropicAnswer.stopReason(assembly.stopReason ?? .endOfTurn))
      writer.nullMember("stop_sequence")
      AnthropicAnswer.write(usage, to: &writer)
    }
    return writer.bytes
  }

  private static func write(_ block: AnswerAssembly.Block, to writer: inout JSONWriter) {
    switch block {
    case .text(let text):
      // A message with an empty block is refused when it comes back as history.
      guard !text.isEmpty else { return }
      writer.object { writer in
        writer.member("type", "text")
        writer.member("text", text)
      }
    case .toolUse(let id, let name, let input):
      writer.object { writer in
        writer.member("type", "tool_use")
        writer.member("id", id)
        writer.member("name", name)
        writer.member("input", raw: ToolInput.object(input))
      }
    case .reasoning(let text, let signature):
      writer.object { writer in
        writer.member("type", "thinking")
        writer.member("thinking", text)
        writer.member("signature", signature ?? "")
      }
    case .redactedReasoning(let bytes):
      writer.object { writer in
        writer.member("type", "redacted_thinking")
        writer.name("data")
        writer.base64(bytes)
      }
    }
  }
}
