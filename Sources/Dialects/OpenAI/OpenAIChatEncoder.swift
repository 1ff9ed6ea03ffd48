import Core

/// A whole chat completion.
struct OpenAIChatEncoder: AnswerEncoder {
  private var answer: OpenAIAnswer?
  private var assembly = AnswerAssembly()

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    answer = OpenAIAnswer(requestID: requestID, model: model, createdAt: createdAt)
    return OpenAIAnswer.head(contentType: "application/json", requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    assembly.observe(event)
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var writer = JSONWriter(reserving: 1_024)
    writer.object { writer in
      writer.member("id", answer?.id ?? "")
      writer.member("object", "chat.completion")
      writer.member("created", answer?.created ?? 0)
      writer.member("model", answer?.model ?? "")
      writer.array("choices") { choices in
        choices.object { choice in
          choice.member("index", 0)
          choice.object("message") { writeMessage(to: &$0) }
          choice.nullMember("logprobs")
          choice.member("finish_reason", OpenAIAnswer.finishReason(assembly.stopReason ?? .endOfTurn))
        }
      }
      writer.name("usage")
      OpenAIAnswer.write(usage, to: &writer)
      writer.nullMember("system_fingerprint")
    }
    return writer.bytes
  }

  private func writeMessage(to writer: inout JSONWriter) {
    var text: String?
    var reasoning: String?
    var calls = 0
    for block in assembly.blocks {
      switch block {
      case .text(let more): text = (text ?? "") + more
      case .reasoning(let more, _): reasoning = (reasoning ?? "") + more
      case .toolUse: calls += 1
      case .redactedReasoning: reasoning = reasoning ?? ""
      }
    }
    writer.member("role", "assistant")
    if let text, !(text.isEmpty && calls > 0) {
      writer.member("content", text)
    } else if calls > 0 {
      writer.nullMember("content")
    } else {
      writer.member("content", "")
    }
    writer.nullMember("refusal")
    if let reasoning {
      writer.member("reasoning_content", reasoning)
      writer.array("thinking_blocks") { writeReasoning(to: &$0) }
    }
    if calls > 0 { writer.array("tool_calls") { writeToolCalls(to: &$0) } }
  }

  private func writeReasoning(to writer: inout JSONWriter) {
    for block in assembly.blocks {
      switch block {
      case .reasoning(let text, let signature):
        OpenAIReasoning.write(text: text, signature: signature, to: &writer)
      case .redactedReasoning(let bytes): OpenAIReasoning.write(redacted: bytes, to: &writer)
      case .text, .toolUse: break
      }
    }
  }

  private func writeToolCalls(to writer: inout JSONWriter) {
    for case .toolUse(let id, let name, let input) in assembly.blocks {
      writer.object { call in
        call.member("id", id)
        call.member("type", "function")
        call.object("function") { function in
          function.member("name", name)
          function.member("arguments", input.isEmpty ? "{}" : input)
        }
      }
    }
  }
}

/// Reasoning blocks, for which this dialect has no official member: `thinking_blocks`, as other gateways give and take
/// them, so that a conversation goes on with its signatures.
enum OpenAIReasoning {
  static func write(text: String, signature: String?, to writer: inout JSONWriter) {
    writer.object { block in
      block.member("type", "thinking")
      block.member("thinking", text)
      if let signature { block.member("signature", signature) }
    }
  }

  static func write(redacted bytes: [UInt8], to writer: inout JSONWriter) {
    writer.object { block in
      block.member("type", "redacted_thinking")
      block.name("data")
      block.base64(bytes)
    }
  }
}
