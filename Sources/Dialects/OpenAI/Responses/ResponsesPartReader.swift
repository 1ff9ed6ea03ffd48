import Core

/// Reads what messages and the outputs of functions hold: a string, or a list of parts.
enum ResponsesPartReader {
  static func user(_ content: JSONNode) throws(InvalidRequest) -> [ContentBlock] {
    if let text = content.string { return [.text(Sensitive(text))] }
    var blocks: [ContentBlock] = []
    for part in try parts(content) {
      blocks.append(try media(part))
      if try OpenAIPartReader.hasCachePoint(part) { blocks.append(.cachePoint) }
    }
    return blocks
  }

  /// What the model said. A text without a letter says nothing, and providers take none.
  static func assistant(_ content: JSONNode) throws(InvalidRequest) -> [ContentBlock] {
    if let text = content.string { return text.isEmpty ? [] : [.text(Sensitive(text))] }
    var blocks: [ContentBlock] = []
    for part in try parts(content) {
      let text: String
      switch try part.requiredText("type") {
      case "output_text", "input_text": text = try part.requiredText("text")
      case "refusal": text = try part.requiredText("refusal")
      default: throw part.problem("type", "must be \"output_text\" or \"refusal\" in a message of the role assistant")
      }
      if !text.isEmpty { blocks.append(.text(Sensitive(text))) }
    }
    return blocks
  }

  static func system(_ content: JSONNode) throws(InvalidRequest) -> [SystemBlock] {
    if let text = content.string { return [.text(Sensitive(text))] }
    var blocks: [SystemBlock] = []
    for part in try parts(content) {
      guard try part.requiredText("type") == "input_text" else {
        throw part.problem("type", "must be \"input_text\" in a message of this role")
      }
      blocks.append(.text(Sensitive(try part.requiredText("text"))))
      if try OpenAIPartReader.hasCachePoint(part) { blocks.append(.cachePoint) }
    }
    return blocks
  }

  /// What a function gave back.
  static func output(_ output: JSONNode) throws(InvalidRequest) -> [ToolResultContent] {
    if let text = output.string { return [.text(Sensitive(text))] }
    var content: [ToolResultContent] = []
    for part in try parts(output) {
      switch try media(part) {
      case .text(let text): content.append(.text(text))
      case .image(let format, let bytes): content.append(.image(format: format, bytes: bytes))
      case .document(let format, let name, let bytes):
        content.append(.document(format: format, name: name, bytes: bytes))
      case .toolUse, .toolResult, .reasoning, .redactedReasoning, .cachePoint: break
      }
    }
    return content
  }

  // MARK: Parts

  private static func parts(_ content: JSONNode) throws(InvalidRequest) -> [JSONNode] {
    guard content.kind == .array else { throw content.problem("must be a string or a list of parts") }
    var parts: [JSONNode] = []
    for part in content.elements { parts.append(try part.object()) }
    guard !parts.isEmpty else { throw content.problem("must hold at least one part") }
    return parts
  }

  /// Rule L-3: nothing is fetched from other addresses.
  private static func media(_ part: JSONNode) throws(InvalidRequest) -> ContentBlock {
    switch try part.requiredText("type") {
    case "input_text": return .text(Sensitive(try part.requiredText("text")))
    case "input_image":
      if let id = part["file_id"] { throw id.problem("is not supported; send the image itself in image_url") }
      return try OpenAIPartReader.image(at: try part.required("image_url"))
    case "input_file":
      if let url = part["file_url"] {
        throw url.problem("is not supported: files at other addresses are not fetched; send the file as file_data")
      }
      return try OpenAIPartReader.file(part)
    case "input_audio": throw part.problem("type", "\"input_audio\" is not supported")
    default: throw part.problem("type", "must be \"input_text\", \"input_image\" or \"input_file\"")
    }
  }
}
