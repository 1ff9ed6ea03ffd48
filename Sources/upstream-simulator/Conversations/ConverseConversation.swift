extension Conversation {
  /// Reads the body of Bedrock's Converse and ConverseStream; `streams` is said by their paths.
  static func converse(_ body: JSONTree) throws(CallProblem) -> Conversation {
    var call = Conversation()
    if let settings = body["inferenceConfig"] {
      call.maxTokens = try settings.positive("maxTokens")
      call.stops = try settings.texts("stopSequences")
    }
    if let tools = body["toolConfig"] { try ConverseParts.tools(tools, in: &call) }
    if let more = body["additionalModelRequestFields"] {
      try call.readReasoning(more["thinking"] ?? more["reasoning_config"], maxTokens: call.maxTokens)
      if more["tool_choice"]?["disable_parallel_tool_use"]?.bool == true { call.allowsParallelTools = false }
    }
    if let format = body["outputConfig"]?["textFormat"] {
      guard let schema = format["structure"]?["jsonSchema"]?["schema"]?.string else {
        throw CallProblem("'outputConfig.textFormat' needs 'structure.jsonSchema.schema' as a string.")
      }
      call.shape = .schema(try JSONTree.parse(schema))
    }
    let system = try ConverseParts.content(try body.list("system"))
    if !system.isEmpty { call.turns.append(Turn(role: .system, parts: system)) }
    for message in try body.list("messages") {
      guard let role = message["role"]?.string, role == "user" || role == "assistant" else {
        throw CallProblem("A message needs the role 'user' or 'assistant'.")
      }
      let parts = try ConverseParts.content(try message.list("content"))
      guard !parts.isEmpty else { throw CallProblem("A message needs a 'content' that is not empty.") }
      call.turns.append(Turn(role: role == "user" ? .user : .assistant, parts: parts))
    }
    return call
  }
}

/// The pieces of Converse bodies.
private enum ConverseParts {
  static func content(_ blocks: [JSONTree]) throws(CallProblem) -> [Conversation.Part] {
    var parts: [Conversation.Part] = []
    for block in blocks {
      if let marker = block["cachePoint"] {
        guard !parts.isEmpty else { throw CallProblem("A cachePoint must follow the content that it ends.") }
        parts[parts.count - 1].keeps = try marker.cacheLife()
      } else {
        parts.append(try part(block))
      }
    }
    return parts
  }

  private static func part(_ block: JSONTree) throws(CallProblem) -> Conversation.Part {
    guard let members = block.members?.filter({ $0.value != .null }), members.count == 1, let member = members.first
    else { throw CallProblem("A content block must have exactly one member.") }
    let value = member.value
    switch member.name {
    case "text":
      guard let text = value.string, !text.isEmpty else { throw CallProblem("A 'text' must be a string, not empty.") }
      return .text(text)
    case "image":
      let data = try value["source"]?.required("bytes", of: "An image's source") ?? ""
      try Media.checkImage(data, format: try value.required("format", of: "An image"))
      return .media("image", data, tokens: Conversation.imageTokens)
    case "document": return try document(value)
    case "toolUse":
      guard let input = value["input"], input.members != nil else {
        throw CallProblem("A toolUse needs an object 'input'.")
      }
      return .call(try value.required("toolUseId", of: "A toolUse"), try value.required("name", of: "A toolUse"), input)
    case "toolResult":
      let inside = try value.list("content").map { block throws(CallProblem) in try resultPart(block) }
      return .result(
        try value.required("toolUseId", of: "A toolResult"), isError: value["status"]?.string == "error", inside)
    case "reasoningContent": return try reasoning(value)
    case let other: throw CallProblem("'\(other.prefix(40))' is no kind of a content block.")
    }
  }

  private static func resultPart(_ block: JSONTree) throws(CallProblem) -> Conversation.Part {
    guard let json = block["json"] else { return try part(block) }
    guard json.members != nil else { throw CallProblem("The 'json' of a toolResult must be an object.") }
    return Conversation.Part(content: .opaque, fingerprint: Fingerprint("json", json.text))
  }

  private static func document(_ value: JSONTree) throws(CallProblem) -> Conversation.Part {
    let name = try value.required("name", of: "A document")
    guard let source = value["source"] else { throw CallProblem("A document needs a 'source'.") }
    let data = source["bytes"]?.string ?? source["text"]?.string ?? source["content"]?.text ?? ""
    if source["bytes"] != nil {
      try Media.checkDocument(data, format: try value.required("format", of: "A document"))
    }
    guard !data.isEmpty else { throw CallProblem("The document '\(name.prefix(40))' is empty.") }
    return .media("document", data, tokens: Conversation.documentTokens)
  }

  private static func reasoning(_ value: JSONTree) throws(CallProblem) -> Conversation.Part {
    if let redacted = value["redactedContent"]?.string { return .redacted(redacted) }
    guard let text = value["reasoningText"] else {
      throw CallProblem("A reasoningContent needs 'reasoningText' or 'redactedContent'.")
    }
    return .reasoning(try text.required("text", of: "A reasoningText"), text["signature"]?.string)
  }

  static func tools(_ node: JSONTree, in call: inout Conversation) throws(CallProblem) {
    for entry in try node.list("tools") {
      if let marker = entry["cachePoint"] {
        guard !call.tools.isEmpty else { throw CallProblem("A cachePoint must follow the tools that it ends.") }
        call.tools[call.tools.count - 1].keeps = try marker.cacheLife()
        continue
      }
      guard let tool = entry["toolSpec"], let schema = tool["inputSchema"]?["json"], schema.members != nil else {
        throw CallProblem("A tool needs a 'toolSpec' with an object 'inputSchema.json'.")
      }
      call.tools.append(Conversation.Tool(name: try tool.required("name", of: "A toolSpec"), schema: schema))
    }
    guard !call.tools.isEmpty else { throw CallProblem("'toolConfig.tools' must not be empty.") }
    guard let choice = node["toolChoice"] else { return }
    if choice["any"] != nil {
      call.choice = .any
    } else if let tool = choice["tool"] {
      call.choice = .named(try tool.required("name", of: "'toolChoice.tool'"))
    } else if choice["auto"] == nil {
      throw CallProblem("'toolChoice' must be auto, any or tool.")
    }
  }
}
