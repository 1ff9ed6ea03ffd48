import Core

/// Reads single parts of messages.
enum OpenAIPartReader {
  private static let details = ["auto", "low", "high"]

  /// A part of a user's message.
  static func block(_ part: JSONNode) throws(InvalidRequest) -> ContentBlock {
    switch try part.requiredText("type") {
    case "text": return .text(Sensitive(try part.requiredText("text")))
    case "image_url":
      let image = try part.requiredObject("image_url")
      if let detail = image["detail"], !details.contains(where: { detail.isString($0) }) {
        throw detail.problem("must be \"auto\", \"low\" or \"high\": nobody knows what an image costs otherwise")
      }
      return try Self.image(at: try image.required("url"))
    case "file": return try file(try part.requiredObject("file"))
    case "input_audio": throw part.problem("type", "\"input_audio\" is not supported")
    default: throw part.problem("type", "must be \"text\", \"image_url\" or \"file\"")
    }
  }

  /// A marker that the prompt up to here may be cached: after its part in the neutral call.
  static func hasCachePoint(_ part: JSONNode) throws(InvalidRequest) -> Bool {
    guard let point = try part.optionalObject("prompt_cache_breakpoint") else { return false }
    guard point["mode"]?.isString("explicit") ?? false else { throw point.problem("mode", "must be \"explicit\"") }
    return true
  }

  /// Rule L-3: addresses of other servers are not fetched.
  static func image(at url: JSONNode) throws(InvalidRequest) -> ContentBlock {
    guard let text = url.stringBytes else { throw url.problem("must be a string, not \(url.kind.words)") }
    guard DataURL.isOne(text) else {
      throw url.problem("must be a data: URL with the image in Base64; images at other addresses are not fetched")
    }
    guard let data = DataURL(text) else { throw url.problem("is not a valid data: URL in Base64") }
    guard let format = MediaFormat.image(mediaType: data.mediaType) else {
      throw url.problem("must hold a PNG, JPEG, GIF or WebP image and name its media type")
    }
    return .image(format: format, bytes: Sensitive(data.content))
  }

  /// A file with the members `filename` and `file_data`.
  static func file(_ file: JSONNode) throws(InvalidRequest) -> ContentBlock {
    if let id = file["file_id"] { throw id.problem("is not supported; send the file itself as file_data") }
    let content = try file.required("file_data")
    guard let text = content.stringBytes else {
      throw content.problem("must be a string, not \(content.kind.words)")
    }
    guard DataURL.isOne(text), let data = DataURL(text) else {
      throw content.problem("must be a data: URL with the file in Base64; files at other addresses are not fetched")
    }
    let name = try file.optionalText("filename") ?? ""
    guard let format = MediaFormat.document(mediaType: data.mediaType, fileName: name) else {
      let formats = MediaFormat.documents.joined(separator: ", ")
      throw content.problem("must be a document of one of the kinds \(formats), named by media type or filename")
    }
    return .document(
      format: format, name: Sensitive(name.isEmpty ? "document" : name), bytes: Sensitive(data.content))
  }

  /// A reasoning block as the answer gave it, so that models that check signatures go on from it.
  static func reasoning(_ block: JSONNode) throws(InvalidRequest) -> ContentBlock {
    switch try block.requiredText("type") {
    case "thinking":
      return .reasoning(
        text: Sensitive(try block.requiredText("thinking")), signature: try block.optionalText("signature"))
    case "redacted_thinking": return .redactedReasoning(Sensitive(try block.required("data").base64()))
    default: throw block.problem("type", "must be \"thinking\" or \"redacted_thinking\"")
    }
  }
}
