import Core

/// Reads single content blocks of messages. Each names its kind in `type`.
enum AnthropicBlockReader {
  private static let kinds =
    "\"text\", \"image\", \"document\", \"tool_use\", \"tool_result\", \"thinking\" or \"redacted_thinking\""

  static func block(_ block: JSONNode) throws(InvalidRequest) -> ContentBlock {
    switch try block.requiredText("type") {
    case "text": return .text(Sensitive(try block.requiredText("text")))
    case "image":
      let (format, bytes) = try image(try block.requiredObject("source"))
      return .image(format: format, bytes: bytes)
    case "document":
      let (format, name, bytes) = try document(block)
      return .document(format: format, name: name, bytes: bytes)
    case "tool_use":
      return .toolUse(
        id: try block.requiredText("id"), name: try block.requiredText("name"),
        input: try block["input"]?.rawObject() ?? RawJSON(Array("{}".utf8)))
    case "tool_result": return try toolResult(block)
    case "thinking":
      return .reasoning(
        text: Sensitive(try block.requiredText("thinking")), signature: try signature(block))
    case "redacted_thinking": return .redactedReasoning(Sensitive(try block.required("data").base64()))
    default: throw block.problem("type", "must be \(kinds)")
    }
  }

  /// Our answers, and other services', carry an empty signature where the model gave none.
  private static func signature(_ block: JSONNode) throws(InvalidRequest) -> String? {
    guard let signature = try block.optionalText("signature"), !signature.isEmpty else { return nil }
    return signature
  }

  /// A marker that the prompt up to here may be cached: after its block in the neutral call.
  static func hasCachePoint(_ block: JSONNode) throws(InvalidRequest) -> Bool {
    guard let control = try block.optionalObject("cache_control") else { return false }
    guard control["type"]?.isString("ephemeral") ?? false else {
      throw control.problem("type", "must be \"ephemeral\"")
    }
    guard control["ttl"]?.isString("5m") ?? true else { throw control.problem("ttl", "must be \"5m\" or be left out") }
    return true
  }

  private static func toolResult(_ result: JSONNode) throws(InvalidRequest) -> ContentBlock {
    var content: [ToolResultContent] = []
    if let given = result["content"] {
      if let text = given.string {
        content.append(.text(Sensitive(text)))
      } else {
        guard given.kind == .array else { throw given.problem("must be a string or a list of content blocks") }
        for part in given.elements { content.append(try Self.part(try part.object())) }
      }
    }
    return .toolResult(
      id: try result.requiredText("tool_use_id"), content: content,
      isError: try result.optionalBool("is_error") ?? false)
  }

  private static func part(_ part: JSONNode) throws(InvalidRequest) -> ToolResultContent {
    if let control = part["cache_control"] {
      throw control.problem("is not supported inside a tool's result; put it on the tool_result block")
    }
    switch try part.requiredText("type") {
    case "text": return .text(Sensitive(try part.requiredText("text")))
    case "image":
      let (format, bytes) = try image(try part.requiredObject("source"))
      return .image(format: format, bytes: bytes)
    case "document":
      let (format, name, bytes) = try document(part)
      return .document(format: format, name: name, bytes: bytes)
    default: throw part.problem("type", "must be \"text\", \"image\" or \"document\" in a tool's result")
    }
  }

  // MARK: Media

  private static func image(_ source: JSONNode) throws(InvalidRequest) -> (String, Sensitive<[UInt8]>) {
    try checkIsInline(source, "base64")
    guard let format = MediaFormat.image(mediaType: try source.requiredText("media_type")) else {
      throw source.problem("media_type", "must be that of a PNG, JPEG, GIF or WebP image")
    }
    return (format, Sensitive(try source.required("data").base64()))
  }

  private static func document(
    _ block: JSONNode
  ) throws(InvalidRequest) -> (String, Sensitive<String>, Sensitive<[UInt8]>) {
    if try block.optionalObject("citations")?.optionalBool("enabled") == true {
      throw block.problem("citations", "are not supported")
    }
    let source = try block.requiredObject("source")
    let name = Sensitive(try block.optionalText("title") ?? "document")
    if source["type"]?.isString("text") == true {
      return ("txt", name, Sensitive(Array(try source.requiredText("data").utf8)))
    }
    try checkIsInline(source, "base64\" or \"text")
    let mediaType = try source.requiredText("media_type")
    guard let format = MediaFormat.document(mediaType: mediaType, fileName: name.reveal()) else {
      throw source.problem("media_type", "must be that of one of \(MediaFormat.documents.joined(separator: ", "))")
    }
    return (format, name, Sensitive(try source.required("data").base64()))
  }

  /// Rule L-3: only what is in the request itself.
  private static func checkIsInline(_ source: JSONNode, _ kinds: String) throws(InvalidRequest) {
    switch try source.requiredText("type") {
    case "base64": return
    case "url", "file":
      throw source.problem("type", "must be \"\(kinds)\": nothing is fetched from other places")
    default: throw source.problem("type", "must be \"\(kinds)\"")
    }
  }
}
