extension Conversation {
  /// Reads the body of OpenAI's chat completions.
  static func openAI(_ body: JSONTree) throws(CallProblem) -> Conversation {
    var call = Conversation()
    call.model = body["model"]?.string
    call.streams = body["stream"]?.bool ?? false
    call.includesUsage = body["stream_options"]?["include_usage"]?.bool ?? false
    let limit = try body.positive("max_completion_tokens")
    call.maxTokens = limit == nil ? try body.positive("max_tokens") : limit
    if let stop = body["stop"]?.string { call.stops = [stop] } else { call.stops = try body.texts("stop") }
    guard call.stops.count <= 4 else { throw CallProblem("At most 4 stop sequences are possible.") }
    for tool in try body.list("tools") { call.tools.append(try OpenAIParts.tool(tool)) }
    try OpenAIParts.choice(body["tool_choice"], in: &call)
    call.allowsParallelTools = body["parallel_tool_calls"]?.bool ?? true
    let effort = body["reasoning_effort"]?.string ?? body["reasoning"]?["effort"]?.string
    if let effort, effort != "none" { call.reasoningBudget = CallSettings.maximumOutputTokens }
    call.shape = try OpenAIParts.shape(body["response_format"])
    call.cachesTurns = body["prompt_cache_key"]?.string != nil
    for message in try body.list("messages") { call.turns.append(try OpenAIParts.turn(message)) }
    return call
  }
}

/// The pieces of OpenAI's bodies.
private enum OpenAIParts {
  static func turn(_ message: JSONTree) throws(CallProblem) -> Conversation.Turn {
    let parts = try message["content"].map { node throws(CallProblem) in try content(node) } ?? []
    switch message["role"]?.string {
    case "system", "developer": return Conversation.Turn(role: .system, parts: parts)
    case "user": return Conversation.Turn(role: .user, parts: parts)
    case "tool":
      let id = try message.required("tool_call_id", of: "A tool message")
      return Conversation.Turn(role: .user, parts: [.result(id, isError: false, parts)])
    case "assistant":
      let calls = try message.list("tool_calls").map { node throws(CallProblem) in try call(node) }
      return Conversation.Turn(role: .assistant, parts: parts + calls)
    default: throw CallProblem("A message needs the role system, developer, user, assistant or tool.")
    }
  }

  private static func call(_ node: JSONTree) throws(CallProblem) -> Conversation.Part {
    guard let function = node["function"] else { throw CallProblem("A tool call needs a 'function'.") }
    let arguments = try JSONTree.parse(try function.required("arguments", of: "A tool call's function"))
    guard arguments.members != nil else { throw CallProblem("The arguments of a tool call must be a JSON object.") }
    return .call(
      try node.required("id", of: "A tool call"), try function.required("name", of: "A tool call's function"), arguments
    )
  }

  private static func content(_ node: JSONTree) throws(CallProblem) -> [Conversation.Part] {
    if let text = node.string { return [.text(text)] }
    guard let elements = node.elements else { throw CallProblem("'content' must be a string or an array of parts.") }
    return try elements.map { element throws(CallProblem) in
      var part = try part(element)
      part.keeps = try element["cache_control"].map { marker throws(CallProblem) in try marker.cacheLife() }
      return part
    }
  }

  private static func part(_ node: JSONTree) throws(CallProblem) -> Conversation.Part {
    switch node["type"]?.string {
    case "text": return .text(try node.required("text", of: "A text part"))
    case "refusal": return .text(try node.required("refusal", of: "A refusal part"))
    case "image_url":
      let address = try node["image_url"]?.required("url", of: "An image") ?? ""
      guard !address.isEmpty else { throw CallProblem("An image needs an 'image_url' with a 'url'.") }
      try Media.checkImage(address: address)
      return .media("image", address, tokens: Conversation.imageTokens)
    case "file":
      guard let data = node["file"]?["file_data"]?.string else {
        throw CallProblem("A file needs its bytes in 'file_data'; stored files are not known here.")
      }
      let (type, base64) = try Media.splitDataAddress(data)
      let format = type.split(separator: "/").last.map { String($0) } ?? ""
      try Media.checkDocument(base64, format: format)
      return .media("document", base64, tokens: Conversation.documentTokens)
    case let other: throw CallProblem("'\((other ?? "none").prefix(40))' is no type of a content part.")
    }
  }

  static func tool(_ node: JSONTree) throws(CallProblem) -> Conversation.Tool {
    guard node["type"]?.string == "function", let function = node["function"] else {
      throw CallProblem("A tool needs the type 'function' and a 'function'.")
    }
    return Conversation.Tool(
      name: try function.required("name", of: "A function"), schema: function["parameters"] ?? .object([]),
      keeps: try node["cache_control"].map { marker throws(CallProblem) in try marker.cacheLife() })
  }

  static func choice(_ node: JSONTree?, in call: inout Conversation) throws(CallProblem) {
    guard let node else { return }
    let word = node.string ?? node["allowed_tools"]?["mode"]?.string
    switch word {
    case "auto": call.choice = .automatic
    case "required": call.choice = .any
    case "none": call.choice = .none
    default:
      guard let name = node["function"]?["name"]?.string else {
        throw CallProblem("'tool_choice' must be auto, required, none or name a function.")
      }
      call.choice = .named(name)
    }
  }

  static func shape(_ format: JSONTree?) throws(CallProblem) -> Conversation.AnswerShape? {
    switch format?["type"]?.string {
    case nil, "text": return nil
    case "json_object": return .anyObject
    case "json_schema":
      guard let description = format?["json_schema"], let schema = description["schema"] else {
        throw CallProblem("'response_format.json_schema' needs a 'schema'.")
      }
      _ = try description.required("name", of: "'response_format.json_schema'")
      return .schema(schema)
    default: throw CallProblem("'response_format.type' must be text, json_object or json_schema.")
    }
  }
}
