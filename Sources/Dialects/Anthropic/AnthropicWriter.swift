import Core

/// Writes the body of a messages call.
struct AnthropicWriter {
  /// For calls that bound nothing; the service insists on a number.
  private static let usualMaxTokens = 4_096

  private let request: ChatRequest
  private let answerTool: AnswerTool?

  init(_ request: ChatRequest) throws(InvalidRequest) {
    self.request = request
    answerTool = try AnswerTool(for: request)
    try AnthropicBlockWriter.check(request)
  }

  /// The body of a question how many tokens the input has: nothing that concerns the answer, which the service refuses.
  func countBody(model: String) -> [UInt8] {
    var writer = JSONWriter(reserving: 4_096)
    writer.object { writer in
      writer.member("model", model)
      writeConversation(to: &writer)
      writeTools(to: &writer)
      writeReasoning(to: &writer)
    }
    return writer.bytes
  }

  func body(model: String) -> [UInt8] {
    var writer = JSONWriter(reserving: 4_096)
    writer.object { writer in
      writer.member("model", model)
      writer.member("max_tokens", request.inference.maxTokens ?? Self.usualMaxTokens)
      writeConversation(to: &writer)
      writeInference(to: &writer)
      writeTools(to: &writer)
      writeReasoning(to: &writer)
      if request.isStreaming { writer.member("stream", true) }
    }
    return writer.bytes
  }

  private func writeConversation(to writer: inout JSONWriter) {
    writeSystem(to: &writer)
    writer.array("messages") { messages in
      for turn in ConverseWriter.alternating(request.messages) { AnthropicBlockWriter.write(turn, to: &messages) }
    }
  }

  private func writeReasoning(to writer: inout JSONWriter) {
    guard let reasoning = request.reasoning else { return }
    writer.object("thinking") { thinking in
      thinking.member("type", "enabled")
      thinking.member("budget_tokens", reasoning.budget)
    }
  }

  private func writeSystem(to writer: inout JSONWriter) {
    let blocks = request.system.indices.compactMap { index -> (text: String, isCached: Bool)? in
      // Blank texts are refused by the provider.
      guard case .text(let text) = request.system[index], !text.reveal().isEmpty else { return nil }
      let next = request.system.index(after: index)
      return (text.reveal(), next < request.system.endIndex && request.system[next] == .cachePoint)
    }
    guard !blocks.isEmpty else { return }
    writer.array("system") { system in
      for block in blocks {
        system.object { writer in
          writer.member("type", "text")
          writer.member("text", block.text)
          if block.isCached { AnthropicBlockWriter.writeCacheControl(to: &writer) }
        }
      }
    }
  }

  private func writeInference(to writer: inout JSONWriter) {
    let inference = request.inference
    if let temperature = inference.temperature { writer.member("temperature", temperature) }
    if let topP = inference.topP { writer.member("top_p", topP) }
    if let topK = inference.topK { writer.member("top_k", topK) }
    if !inference.stopSequences.isEmpty {
      writer.array("stop_sequences") { for sequence in inference.stopSequences { $0.string(sequence) } }
    }
  }

  private func writeTools(to writer: inout JSONWriter) {
    let tools = answerTool.map { [$0.tool] } ?? request.tools
    guard !tools.isEmpty else { return }
    writer.array("tools") { entries in
      for tool in tools {
        entries.object { entry in
          entry.member("name", tool.name)
          if let description = tool.description, !description.reveal().isEmpty {
            entry.member("description", description.reveal())
          }
          entry.member("input_schema", raw: tool.inputSchema.bytes.reveal())
          if tool.isStrict { entry.member("strict", true) }
          if tool.hasCachePoint { AnthropicBlockWriter.writeCacheControl(to: &entry) }
        }
      }
    }
    let disablesParallel = request.isParallelToolUseDisabled && request.toolChoice != ToolChoice.none
    let wanted = answerTool.map { ToolChoice.tool($0.tool.name) } ?? request.toolChoice
    guard let choice = wanted ?? (disablesParallel ? .auto : nil) else { return }
    writer.object("tool_choice") { writer in
      switch choice {
      case .auto: writer.member("type", "auto")
      case .any: writer.member("type", "any")
      case .none: writer.member("type", "none")
      case .tool(let name):
        writer.member("type", "tool")
        writer.member("name", name)
      }
      if disablesParallel { writer.member("disable_parallel_tool_use", true) }
    }
  }
}
