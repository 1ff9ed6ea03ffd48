import Core

/// Writes turns and content blocks of messages.
enum AnthropicBlockWriter {
  /// Documents that the service reads as text.
  private static let textDocuments = ["txt", "md", "csv", "html"]

  /// Rule D-2: what cannot be said in this dialect is refused and named.
  static func check(_ request: ChatRequest) throws(InvalidRequest) {
    for block in request.messages.flatMap(\.content) {
      if case .document(let format, _, _) = block { try check(document: format) }
      guard case .toolResult(_, let content, _) = block else { continue }
      for case .document(let format, _, _) in content { try check(document: format) }
    }
  }

  private static func check(document format: String) throws(InvalidRequest) {
    guard format != "pdf", !textDocuments.contains(format) else { return }
    // Other words than those of the formats may be content.
    let kind = MediaFormat.documents.contains(format) ? "the kind \(format)" : "this kind"
    throw InvalidRequest(
      "Documents of \(kind) cannot be given to the provider of this model; send a PDF or plain text.",
      parameter: "messages")
  }

  static func write(_ message: Message, to writer: inout JSONWriter) {
    writer.object { entry in
      entry.member("role", message.role.rawValue)
      entry.array("content") { content in
        // Results go first, as the service wants them.
        let order =
          message.content.indices.filter { message.content[$0].isToolResult }
          + message.content.indices.filter { !message.content[$0].isToolResult }
        for index in order {
          let block = message.content[index]
          guard block != .cachePoint, !block.isBlank else { continue }
          let next = message.content.index(after: index)
          let isCached = next < message.content.endIndex && message.content[next] == .cachePoint
          content.object { writer in
            write(block, to: &writer)
            if isCached { writeCacheControl(to: &writer) }
          }
        }
      }
    }
  }

  static func writeCacheControl(to writer: inout JSONWriter) {
    writer.object("cache_control") { $0.member("type", "ephemeral") }
  }

  private static func write(_ block: ContentBlock, to writer: inout JSONWriter) {
    switch block {
    case .text(let text): write(text: text.reveal(), to: &writer)
    case .image(let format, let bytes): write(image: format, bytes, to: &writer)
    case .document(let format, let name, let bytes): write(document: format, name, bytes, to: &writer)
    case .toolUse(let id, let name, let input):
      writer.member("type", "tool_use")
      writer.member("id", id)
      writer.member("name", name)
      writer.member("input", raw: input.bytes.reveal())
    case .toolResult(let id, let content, let isError):
      writer.member("type", "tool_result")
      writer.member("tool_use_id", id)
      writer.array("content") { parts in for part in content { write(part, to: &parts) } }
      if isError { writer.member("is_error", true) }
    case .reasoning(let text, let signature):
      writer.member("type", "thinking")
      writer.member("thinking", text.reveal())
      writer.member("signature", signature ?? "")
    case .redactedReasoning(let bytes):
      writer.member("type", "redacted_thinking")
      writer.name("data")
      writer.base64(bytes.reveal())
    case .cachePoint: break
    }
  }

  private static func write(_ part: ToolResultContent, to writer: inout JSONWriter) {
    if case .text(let text) = part, text.reveal().isEmpty { return }
    writer.object { writer in
      switch part {
      case .text(let text): write(text: text.reveal(), to: &writer)
      case .json(let value): write(text: String(decoding: value.bytes.reveal(), as: UTF8.self), to: &writer)
      case .image(let format, let bytes): write(image: format, bytes, to: &writer)
      case .document(let format, let name, let bytes): write(document: format, name, bytes, to: &writer)
      }
    }
  }

  private static func write(text: String, to writer: inout JSONWriter) {
    writer.member("type", "text")
    writer.member("text", text)
  }

  private static func write(image format: String, _ bytes: Sensitive<[UInt8]>, to writer: inout JSONWriter) {
    writer.member("type", "image")
    writer.object("source") { source in
      source.member("type", "base64")
      source.member("media_type", "image/\(format)")
      source.name("data")
      source.base64(bytes.reveal())
    }
  }

  private static func write(
    document format: String, _ name: Sensitive<String>, _ bytes: Sensitive<[UInt8]>, to writer: inout JSONWriter
  ) {
    writer.member("type", "document")
    writer.object("source") { source in
      if format == "pdf" {
        source.member("type", "base64")
        source.member("media_type", MediaFormat.mediaType(ofDocument: format))
        source.name("data")
        source.base64(bytes.reveal())
      } else {
        source.member("type", "text")
        source.member("media_type", "text/plain")
        source.member("data", String(decoding: bytes.reveal(), as: UTF8.self))
      }
    }
    writer.member("title", name.reveal())
  }
}
