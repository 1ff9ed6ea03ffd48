extension Conversation {
  /// Reads the body of Anthropic's Messages API, on its own service or inside Bedrock's InvokeModel.
  static func anthropic(_ body: JSONTree) throws(CallProblem) -> Conversation {
    var call = Conversation()
    call.model = body["model"]?.string
    call.streams = body["stream"]?.bool ?? false
    call.maxTokens = try body.positive("max_tokens")
    call.stops = try body.texts("stop_sequences")
    for tool in try body.list("tools") { call.tools.append(try AnthropicParts.tool(tool)) }
    try AnthropicParts.choice(body["tool_choice"], in: &call)
    try call.readReasoning(body["thinking"], maxTokens: call.maxTokens)
    if let format = body["output_config"]?["format"] ?? body["output_format"] {
      guard format["type"]?.string == "json_schema", let schema = format["schema"] else {
        throw CallProblem("'output_config.format' needs the type 'json_schema' and a 'schema'.")
      }
      call.shape = .schema(schema)
    }
    if let system = body["system"] {
      call.turns.append(Turn(role: .system, parts: try AnthropicParts.content(system)))
    }
    for message in try body.list("messages") {
      guard let role = message["role"]?.string, let content = message["content"], role == "user" || role == "assistant"
      else { throw CallProblem("A message needs the role 'user' or 'assistant' and a 'content'.") }
      call.turns.append(
        Turn(role: role == "user" ? .user : .assistant, parts: try AnthropicParts.content(content)))
    }
    if let marker = body["cache_control"], let last = call.turns.indices.last, !call.turns[last].parts.isEmpty {
      call.turns[last].parts[call.turns[last].parts.count - 1].keeps = try marker.cacheLife()
    }
    return call
  }

  /// Reads Claude's `thinking` object, which Converse carries as well.
  mutating func readReasoning(_ thinking: JSONTree?, maxTokens: Int?) throws(CallProblem) {
    guard let thinking else { return }
    switch thinking["type"]?.string {
    case "enabled":
      guard let budget = thinking["budget_tokens"]?.integer, budget >= Self.leastBudget else {
        throw CallProblem("'thinking.budget_tokens' must be at least \(Self.leastBudget).")
      }
      if let maxTokens, budget >= maxTokens {
        throw CallProblem("'max_tokens' must be greater than 'thinking.budget_tokens'.")
      }
      reasoningBudget = budget
      fixesReasoning = true
    case "adaptive": reasoningBudget = CallSettings.maximumOutputTokens
    case "disabled": break
    default: throw CallProblem("'thinking.type' must be enabled, adaptive or disabled.")
    }
  }

  /// The smallest budget that Claude takes.
  private static let leastBudget = 1024
}

/// The pieces of Anthropic's bodies.
private enum AnthropicParts {
  static func content(_ node: JSONTree) throws(CallProblem) -> [Conversation.Part] {
    if let text = node.string { return [try self.text(text)] }
    guard let blocks = node.elements else { throw CallProblem("'content' must be a string or an array of blocks.") }
    return try blocks.map { block throws(CallProblem) in
      var part = try part(block)
      part.keeps = try block["cache_control"].map { marker throws(CallProblem) in try marker.cacheLife() }
      return part
    }
  }

  private static func text(_ text: String) throws(CallProblem) -> Conversation.Part {
    guard !text.isEmpty else { throw CallProblem("Text blocks must not be empty.") }
    return .text(text)
  }

  private static func part(_ block: JSONTree) throws(CallProblem) -> Conversation.Part {
    switch block["type"]?.string {
    case "text": return try text(try block.required("text", of: "A text block"))
    case "image": return try image(block["source"])
    case "document": return try document(block["source"])
    case "tool_use":
      guard let input = block["input"], input.members != nil else {
        throw CallProblem("A tool_use block needs an object 'input'.")
      }
      return .call(
        try block.required("id", of: "A tool_use block"), try block.required("name", of: "A tool_use block"), input)
    case "tool_result":
      let inside = try block["content"].map { node throws(CallProblem) in try content(node) } ?? []
      return .result(
        try block.required("tool_use_id", of: "A tool_result block"), isError: block["is_error"]?.bool ?? false, inside)
    case "thinking":
      return .reasoning(
        try block.required("thinking", of: "A thinking block"), try block.required("signature", of: "A thinking block"))
    case "redacted_thinking": return .redacted(try block.required("data", of: "A redacted_thinking block"))
    case let other: throw CallProblem("'\((other ?? "none").prefix(40))' is no type of a content block.")
    }
  }

  private static func image(_ source: JSONTree?) throws(CallProblem) -> Conversation.Part {
    let data: String
    switch source?["type"]?.string {
    case "base64":
      data = try source?.required("data", of: "An image's source") ?? ""
      let type = try source?.required("media_type", of: "An image's source") ?? ""
      guard type.hasPrefix("image/") else { throw CallProblem("'\(type.prefix(40))' is no media type of an image.") }
      try Media.checkImage(data, format: String(type.dropFirst("image/".count)))
    case "url": data = try source?.required("url", of: "An image's source") ?? ""
    default: throw CallProblem("An image needs a source of the type base64 or url.")
    }
    return .media("image", data, tokens: Conversation.imageTokens)
  }

  private static func document(_ source: JSONTree?) throws(CallProblem) -> Conversation.Part {
    let data: String
    switch source?["type"]?.string {
    case "base64":
      data = try source?.required("data", of: "A document's source") ?? ""
      guard source?["media_type"]?.string == "application/pdf" else {
        throw CallProblem("A document in base64 must have the media type application/pdf.")
      }
      try Media.checkDocument(data, format: "pdf")
    case "text": data = try source?.required("data", of: "A document's source") ?? ""
    case "url": data = try source?.required("url", of: "A document's source") ?? ""
    case "content": data = source?["content"]?.text ?? ""
    default: throw CallProblem("A document needs a source of the type base64, text, content or url.")
    }
    return .media("document", data, tokens: Conversation.documentTokens)
  }

  static func tool(_ node: JSONTree) throws(CallProblem) -> Conversation.Tool {
    guard let schema = node["input_schema"], schema.members != nil else {
      throw CallProblem("A tool needs an object 'input_schema'.")
    }
    return Conversation.Tool(
      name: try node.required("name", of: "A tool"), schema: schema,
      keeps: try node["cache_control"].map { marker throws(CallProblem) in try marker.cacheLife() })
  }

  static func choice(_ node: JSONTree?, in call: inout Conversation) throws(CallProblem) {
    guard let node else { return }
    if node["disable_parallel_tool_use"]?.bool == true { call.allowsParallelTools = false }
    switch node["type"]?.string {
    case "auto": call.choice = .automatic
    case "any": call.choice = .any
    case "none": call.choice = .none
    case "tool": call.choice = .named(try node.required("name", of: "'tool_choice'"))
    default: throw CallProblem("'tool_choice.type' must be auto, any, tool or none.")
    }
  }
}
