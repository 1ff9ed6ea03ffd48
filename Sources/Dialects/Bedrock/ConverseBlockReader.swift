import Core

/// Reads single content blocks of Converse. Each is an object with one member that names its kind.
enum ConverseBlockReader {
  private static let kinds = "text, image, document, toolUse, toolResult, reasoningContent or cachePoint"

  static func block(_ block: JSONNode) throws(InvalidRequest) -> ContentBlock {
    if let text = try block.optionalText("text") { return .text(Sensitive(text)) }
    if let image = try block.optionalObject("image") {
      let (format, bytes) = try Self.image(image)
      return .image(format: format, bytes: bytes)
    }
    if let document = try block.optionalObject("document") {
      let (format, name, bytes) = try Self.document(document)
      return .document(format: format, name: name, bytes: bytes)
    }
    if let use = try block.optionalObject("toolUse") { return try toolUse(use) }
    if let result = try block.optionalObject("toolResult") { return try toolResult(result) }
    if let reasoning = try block.optionalObject("reasoningContent") { return try Self.reasoning(reasoning) }
    if let point = try block.optionalObject("cachePoint") {
      try checkCachePoint(point)
      return .cachePoint
    }
    throw block.problem("must hold one of \(kinds)")
  }

  static func checkCachePoint(_ point: JSONNode) throws(InvalidRequest) {
    guard point["type"]?.isString("default") ?? true else { throw point.problem("type", "must be \"default\"") }
    guard point["ttl"]?.isString("5m") ?? true else { throw point.problem("ttl", "must be \"5m\" or be left out") }
  }

  // MARK: Tools

  private static func toolUse(_ use: JSONNode) throws(InvalidRequest) -> ContentBlock {
    .toolUse(
      id: try use.requiredText("toolUseId"), name: try use.requiredText("name"),
      input: try use["input"]?.rawObject() ?? RawJSON(Array("{}".utf8)))
  }

  private static func toolResult(_ result: JSONNode) throws(InvalidRequest) -> ContentBlock {
    var content: [ToolResultContent] = []
    for part in try result.requiredArray("content").elements { content.append(try Self.part(try part.object())) }
    let isError: Bool
    switch try result.optionalText("status") {
    case nil, "success": isError = false
    case "error": isError = true
    case .some: throw result.problem("status", "must be \"success\" or \"error\"")
    }
    return .toolResult(id: try result.requiredText("toolUseId"), content: content, isError: isError)
  }

  private static func part(_ part: JSONNode) throws(InvalidRequest) -> ToolResultContent {
    if let text = try part.optionalText("text") { return .text(Sensitive(text)) }
    if let json = part["json"] { return .json(RawJSON(Array(json.raw))) }
    if let image = try part.optionalObject("image") {
      let (format, bytes) = try Self.image(image)
      return .image(format: format, bytes: bytes)
    }
    if let document = try part.optionalObject("document") {
      let (format, name, bytes) = try Self.document(document)
      return .document(format: format, name: name, bytes: bytes)
    }
    throw part.problem("must hold one of text, json, image or document")
  }

  // MARK: Media

  private static func image(_ image: JSONNode) throws(InvalidRequest) -> (String, Sensitive<[UInt8]>) {
    let format = try image.requiredText("format").lowercased()
    let name = format == "jpg" ? "jpeg" : format
    guard MediaFormat.images.contains(name) else {
      throw image.problem("format", "must be one of \(MediaFormat.images.joined(separator: ", "))")
    }
    return (name, Sensitive(try bytes(try image.requiredObject("source"))))
  }

  private static func document(
    _ document: JSONNode
  ) throws(InvalidRequest) -> (String, Sensitive<String>, Sensitive<[UInt8]>) {
    if try document.optionalObject("citations")?.optionalBool("enabled") == true {
      throw document.problem("citations", "are not supported")
    }
    let name = Sensitive(try document.requiredText("name"))
    let source = try document.requiredObject("source")
    let format = try document.optionalText("format")?.lowercased() ?? "txt"
    guard MediaFormat.documents.contains(format) else {
      throw document.problem("format", "must be one of \(MediaFormat.documents.joined(separator: ", "))")
    }
    if let text = try source.optionalText("text") { return (format, name, Sensitive(Array(text.utf8))) }
    return (format, name, Sensitive(try bytes(source)))
  }

  /// Rule L-3: only what is in the request itself.
  private static func bytes(_ source: JSONNode) throws(InvalidRequest) -> [UInt8] {
    if let location = source["s3Location"] {
      throw location.problem("is not supported: nothing is fetched from other places; send bytes")
    }
    return try source.required("bytes").base64()
  }

  // MARK: Reasoning

  private static func reasoning(_ reasoning: JSONNode) throws(InvalidRequest) -> ContentBlock {
    if let text = try reasoning.optionalObject("reasoningText") {
      return .reasoning(
        text: Sensitive(try text.requiredText("text")), signature: try text.optionalText("signature"))
    }
    if let redacted = reasoning["redactedContent"] { return .redactedReasoning(Sensitive(try redacted.base64())) }
    throw reasoning.problem("must hold reasoningText or redactedContent")
  }
}
