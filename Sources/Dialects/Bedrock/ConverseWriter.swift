import Core

/// Writes the body of a Converse call.
struct ConverseWriter {
  private let request: ChatRequest
  private let answerTool: AnswerTool?

  init(_ request: ChatRequest) throws(InvalidRequest) {
    self.request = request
    answerTool = try AnswerTool(for: request)
    try Self.checkTools(request)
  }

  func body() -> [UInt8] {
    var writer = JSONWriter(reserving: 4_096)
    writer.object { writer in
      writer.array("messages") { messages in
        for turn in Self.alternating(request.messages) { ConverseBlockWriter.write(turn, to: &messages) }
      }
      writeSystem(to: &writer)
      writeInference(to: &writer)
      writeTools(to: &writer)
      writeAdditionalFields(to: &writer)
    }
    return writer.bytes
  }

  /// The body of a question how many tokens the input has: nothing that concerns the answer, which the service refuses.
  func countBody() -> [UInt8] {
    var writer = JSONWriter(reserving: 4_096)
    writer.object { writer in
      writer.object("input") { input in
        input.object("converse") { converse in
          converse.array("messages") { messages in
            for turn in Self.alternating(request.messages) { ConverseBlockWriter.write(turn, to: &messages) }
          }
          writeSystem(to: &converse)
          writeTools(to: &converse)
          writeAdditionalFields(to: &converse)
        }
      }
    }
    return writer.bytes
  }

  /// What Converse has no words for and the models take in their own.
  private func writeAdditionalFields(to writer: inout JSONWriter) {
    guard request.reasoning != nil || request.inference.topK != nil else { return }
    writer.object("additionalModelRequestFields") { fields in
      if let reasoning = request.reasoning {
        fields.object("thinking") { thinking in
          thinking.member("type", "enabled")
          thinking.member("budget_tokens", reasoning.budget)
        }
      }
      if let topK = request.inference.topK { fields.member("top_k", topK) }
    }
  }

  /// Turns of one role that follow each other become one, because Converse takes roles in turn only.
  static func alternating(_ messages: [Message]) -> [Message] {
    var turns: [Message] = []
    for message in messages {
      if turns.last?.role == message.role {
        turns[turns.count - 1].content += message.content
      } else {
        turns.append(message)
      }
    }
    return turns
  }

  private func writeSystem(to writer: inout JSONWriter) {
    guard !request.system.isEmpty else { return }
    writer.array("system") { system in
      for block in request.system {
        switch block {
        case .text(let text):
          // Blank texts are refused by the provider.
          if !text.reveal().isEmpty { system.object { $0.member("text", text.reveal()) } }
        case .cachePoint: ConverseBlockWriter.writeCachePoint(to: &system)
        }
      }
    }
  }

  private func writeInference(to writer: inout JSONWriter) {
    let inference = request.inference
    guard inference != InferenceParameters(topK: inference.topK) else { return }
    writer.object("inferenceConfig") { configuration in
      if let maxTokens = inference.maxTokens { configuration.member("maxTokens", maxTokens) }
      if let temperature = inference.temperature { configuration.member("temperature", temperature) }
      if let topP = inference.topP { configuration.member("topP", topP) }
      if !inference.stopSequences.isEmpty {
        configuration.array("stopSequences") { for sequence in inference.stopSequences { $0.string(sequence) } }
      }
    }
  }

  private func writeTools(to writer: inout JSONWriter) {
    let tools = answerTool.map { [$0.tool] } ?? request.tools
    let choice = answerTool.map { ToolChoice.tool($0.tool.name) } ?? request.toolChoice
    // There is no word for "none": without tools there is nothing to choose.
    guard !tools.isEmpty, choice != ToolChoice.none else { return }
    writer.object("toolConfig") { configuration in
      configuration.array("tools") { entries in
        for tool in tools {
          Self.write(tool, to: &entries)
          if tool.hasCachePoint { ConverseBlockWriter.writeCachePoint(to: &entries) }
        }
      }
      switch choice {
      case .auto: configuration.object("toolChoice") { $0.object("auto") { _ in } }
      case .any: configuration.object("toolChoice") { $0.object("any") { _ in } }
      case .tool(let name):
        configuration.object("toolChoice") { $0.object("tool") { $0.member("name", name) } }
      case .some(.none), nil: break
      }
    }
  }

  private static func write(_ tool: Tool, to writer: inout JSONWriter) {
    writer.object { entry in
      entry.object("toolSpec") { specification in
        specification.member("name", tool.name)
        if let description = tool.description, !description.reveal().isEmpty {
          specification.member("description", description.reveal())
        }
        specification.object("inputSchema") { $0.member("json", raw: tool.inputSchema.bytes.reveal()) }
        if tool.isStrict { specification.member("strict", true) }
      }
    }
  }

  /// Converse wants the tools whenever the conversation has used any. Rule D-2: refused rather than dropped.
  private static func checkTools(_ request: ChatRequest) throws(InvalidRequest) {
    guard !request.isParallelToolUseDisabled else {
      throw InvalidRequest(
        "The provider of this model may call several tools at once and cannot be told not to; leave the wish out.",
        parameter: "parallel_tool_calls")
    }
    let usesTools = request.messages.contains { $0.content.contains { $0.isToolUse || $0.isToolResult } }
    guard usesTools else { return }
    guard !request.tools.isEmpty else {
      throw InvalidRequest(
        "The messages hold tool calls or results, but the request has no tools; the provider of this model needs them.",
        parameter: "tools")
    }
    guard request.toolChoice != ToolChoice.none else {
      throw InvalidRequest(
        "The tool choice \"none\" cannot be expressed to the provider of this model after tools were used; "
          + "use \"auto\".", parameter: "tool_choice")
    }
  }
}
