import Core

/// A whole answer of Converse.
struct ConverseAnswerEncoder: AnswerEncoder {
  private var latency: AnswerLatency
  private var assembly = AnswerAssembly()

  /// Without a clock the latency is given as 0.
  init(clock: WallClock?) { latency = AnswerLatency(clock) }

  mutating func head(requestID: RequestID, model: ModelVersionID, createdAt: Instant) -> AnswerHead {
    latency.start(at: createdAt)
    return BedrockHead.head(contentType: "application/json", requestID: requestID)
  }

  mutating func encode(_ event: ModelEvent) -> [UInt8] {
    assembly.observe(event)
    return []
  }

  mutating func finish(usage: TokenUsage) -> [UInt8] {
    var writer = JSONWriter(reserving: 1_024)
    writer.object { writer in
      writer.object("output") { output in
        output.object("message") { message in
          message.member("role", "assistant")
          message.array("content") { content in
            for block in assembly.blocks { Self.write(block, to: &content) }
            if assembly.blocks.isEmpty { content.object { $0.member("text", "") } }
          }
        }
      }
      writer.member("stopReason", Self.stopReason(assembly.stopReason ?? .endOfTurn))
      writer.name("usage")
      Self.write(usage, to: &writer)
      writer.object("metrics") { $0.member("latencyMs", latency.milliseconds) }
    }
    return writer.bytes
  }

  private static func write(_ block: AnswerAssembly.Block, to writer: inout JSONWriter) {
    writer.object { writer in
      switch block {
      case .text(let text): writer.member("text", text)
      case .toolUse(let id, let name, let input):
        writer.object("toolUse") { use in
          use.member("toolUseId", id)
          use.member("name", name)
          use.member("input", raw: ToolInput.object(input))
        }
      case .reasoning(let text, let signature):
        writer.object("reasoningContent") { reasoning in
          reasoning.object("reasoningText") { reasoningText in
            reasoningText.member("text", text)
            if let signature { reasoningText.member("signature", signature) }
          }
        }
      case .redactedReasoning(let bytes):
        writer.object("reasoningContent") { reasoning in
          reasoning.name("redactedContent")
          reasoning.base64(bytes)
        }
      }
    }
  }

  static func stopReason(_ reason: StopReason) -> String {
    switch reason {
    case .endOfTurn, .other: "end_turn"
    case .maxTokens: "max_tokens"
    case .stopSequence: "stop_sequence"
    case .toolUse: "tool_use"
    case .refusal: "content_filtered"
    }
  }

  /// Cached input stands beside the input tokens in this dialect, and all count into the total. Rule U-2.
  static func write(_ usage: TokenUsage, to writer: inout JSONWriter) {
    writer.object { writer in
      writer.member("inputTokens", usage.input.count)
      writer.member("outputTokens", usage.output.count)
      writer.member("totalTokens", usage.shownInput.count + usage.output.count)
      writer.member("cacheReadInputTokens", usage.cacheRead.count)
      writer.member("cacheWriteInputTokens", usage.cacheWrite.count)
    }
  }
}
