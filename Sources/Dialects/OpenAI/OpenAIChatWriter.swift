import Core

/// Writes the body of a chat completion request.
struct OpenAIChatWriter {
  private let request: ChatRequest
  private let maxTokensName: String

  init(_ request: ChatRequest, maxTokensName: String) {
    self.request = request
    self.maxTokensName = maxTokensName
  }

  /// Throws where the dialect cannot express the request. Rule D-2.
  func body(model: String) throws(InvalidRequest) -> [UInt8] {
    // Checked first, so that writing cannot fail halfway.
    try OpenAIExpressible.check(request)
    var writer = JSONWriter(reserving: 4_096)
    writer.object { writer in
      writer.member("model", model)
      writer.array("messages") { messages in
        writeSystem(to: &messages)
        for message in request.messages { OpenAIMessageWriter.write(message, to: &messages) }
      }
      writeInference(to: &writer)
      writeTools(to: &writer)
      writeResponseFormat(to: &writer)
      if request.isStreaming {
        writer.member("stream", true)
        // Asked for whether or not the caller wants it, because metering does. Rule U-2.
        writer.object("stream_options") { $0.member("include_usage", true) }
      }
    }
    return writer.bytes
  }

  private func writeSystem(to writer: inout JSONWriter) {
    for case .text(let text) in request.system {
      writer.object { message in
        message.member("role", "system")
        message.member("content", text.reveal())
      }
    }
  }

  private func writeInference(to writer: inout JSONWriter) {
    let inference = request.inference
    if let maxTokens = inference.maxTokens { writer.member(maxTokensName, maxTokens) }
    if let temperature = inference.temperature { writer.member("temperature", temperature) }
    if let topP = inference.topP { writer.member("top_p", topP) }
    if !inference.stopSequences.isEmpty {
      writer.array("stop") { for sequence in inference.stopSequences { $0.string(sequence) } }
    }
    if let reasoning = request.reasoning {
      writer.member("reasoning_effort", ReasoningEffort(budget: reasoning.budget).rawValue)
    }
  }

  private func writeTools(to writer: inout JSONWriter) {
    guard !request.tools.isEmpty else { return }
    writer.array("tools") { tools in
      for tool in request.tools {
        tools.object { entry in
          entry.member("type", "function")
          entry.object("function") { function in
            function.member("name", tool.name)
            if let description = tool.description { function.member("description", description.reveal()) }
            function.member("parameters", raw: tool.inputSchema.bytes.reveal())
            if tool.isStrict { function.member("strict", true) }
          }
        }
      }
    }
    if request.isParallelToolUseDisabled { writer.member("parallel_tool_calls", false) }
    switch request.toolChoice {
    case .auto: writer.member("tool_choice", "auto")
    case .any: writer.member("tool_choice", "required")
    case .some(.none): writer.member("tool_choice", "none")
    case .tool(let name):
      writer.object("tool_choice") { choice in
        choice.member("type", "function")
        choice.object("function") { $0.member("name", name) }
      }
    case nil: break
    }
  }

  private func writeResponseFormat(to writer: inout JSONWriter) {
    switch request.responseFormat {
    case .jsonObject: writer.object("response_format") { $0.member("type", "json_object") }
    case .jsonSchema(let name, let schema, let isStrict, let description):
      writer.object("response_format") { format in
        format.member("type", "json_schema")
        format.object("json_schema") { entry in
          entry.member("name", name)
          if let description { entry.member("description", description.reveal()) }
          entry.member("schema", raw: schema.bytes.reveal())
          entry.member("strict", isStrict)
        }
      }
    case .text, nil: break
    }
  }
}

/// What this dialect has no words for. Rule D-2: refused and named, never dropped.
enum OpenAIExpressible {
  static func check(_ request: ChatRequest) throws(InvalidRequest) {
    if request.inference.topK != nil { throw refusal("Sampling by top-k", "top_k") }
    if let tool = request.tools.first(where: \.hasCachePoint) {
      throw refusal("The cache marker on the tool \(tool.name)", "tools")
    }
    if request.system.contains(.cachePoint) { throw refusal("A cache marker in the system prompt") }
    for (index, message) in request.messages.enumerated() {
      for (position, block) in message.content.enumerated() {
        let place = "messages[\(index)].content[\(position)]"
        switch block {
        case .cachePoint: throw refusal("The cache marker \(place)", place)
        case .redactedReasoning: throw refusal("The redacted reasoning block \(place)", place)
        case .reasoning(_, .some): throw refusal("The signed reasoning block \(place)", place)
        case .image where message.role == .assistant: throw refusal("The assistant's image \(place)", place)
        case .document where message.role == .assistant: throw refusal("The assistant's document \(place)", place)
        case .toolUse where message.role == .user: throw refusal("The user's tool call \(place)", place)
        case .toolResult where message.role == .assistant: throw refusal("The assistant's tool result \(place)", place)
        case .toolResult(_, let content, _): try check(content, place)
        case .text, .image, .document, .toolUse, .reasoning: break
        }
      }
    }
  }

  private static func check(_ content: [ToolResultContent], _ place: String) throws(InvalidRequest) {
    for part in content {
      switch part {
      case .text, .json: break
      case .image: throw refusal("An image in the tool result \(place)", place)
      case .document: throw refusal("A document in the tool result \(place)", place)
      }
    }
  }

  private static func refusal(_ element: String, _ place: String? = nil) -> InvalidRequest {
    InvalidRequest("\(element) cannot be expressed to the provider of this model; leave it out.", parameter: place)
  }
}
