import Core

/// Writes one turn as the messages that this dialect needs for it: tool results stand alone, before what else the user
/// says.
enum OpenAIMessageWriter {
  static func write(_ message: Message, to writer: inout JSONWriter) {
    switch message.role {
    case .user: writeUser(message.content, to: &writer)
    case .assistant: writeAssistant(message.content, to: &writer)
    }
  }

  private static func writeUser(_ content: [ContentBlock], to writer: inout JSONWriter) {
    for case .toolResult(let id, let parts, let isError) in content {
      writer.object { message in
        message.member("role", "tool")
        message.member("tool_call_id", id)
        message.member("content", text(of: parts, isError: isError))
      }
    }
    let rest = content.filter { !$0.isToolResult }
    guard !rest.isEmpty else { return }
    writer.object { message in
      message.member("role", "user")
      if rest.count == 1, case .text(let text) = rest[0] {
        message.member("content", text.reveal())
      } else {
        message.array("content") { parts in for block in rest { write(part: block, to: &parts) } }
      }
    }
  }

  /// This dialect has no mark for a failed tool, so the text says it.
  private static func text(of parts: [ToolResultContent], isError: Bool) -> String {
    var text = isError ? "Error: " : ""
    for (index, part) in parts.enumerated() {
      if index > 0 { text += "\n" }
      switch part {
      case .text(let more): text += more.reveal()
      case .json(let value): text += String(decoding: value.bytes.reveal(), as: UTF8.self)
      case .image, .document: break
      }
    }
    return text
  }

  private static func write(part block: ContentBlock, to writer: inout JSONWriter) {
    writer.object { part in
      switch block {
      case .text(let text):
        part.member("type", "text")
        part.member("text", text.reveal())
      case .image(let format, let bytes):
        part.member("type", "image_url")
        part.object("image_url") { image in
          image.name("url")
          image.base64(bytes.reveal(), prefix: "data:image/\(format);base64,")
        }
      case .document(let format, let name, let bytes):
        part.member("type", "file")
        part.object("file") { file in
          file.member("filename", fileName(name.reveal(), format: format))
          file.name("file_data")
          file.base64(bytes.reveal(), prefix: "data:\(MediaFormat.mediaType(ofDocument: format));base64,")
        }
      case .toolUse, .toolResult, .reasoning, .redactedReasoning, .cachePoint: break
      }
    }
  }

  private static func fileName(_ name: String, format: String) -> String {
    name.lowercased().hasSuffix("." + format) ? name : "\(name).\(format)"
  }

  private static func writeAssistant(_ content: [ContentBlock], to writer: inout JSONWriter) {
    var text: String?
    var reasoning: String?
    for block in content {
      switch block {
      case .text(let more): text = (text ?? "") + more.reveal()
      case .reasoning(let more, _): reasoning = (reasoning ?? "") + more.reveal()
      case .image, .document, .toolUse, .toolResult, .redactedReasoning, .cachePoint: break
      }
    }
    let calls = content.filter(\.isToolUse)
    writer.object { message in
      message.member("role", "assistant")
      if let text {
        message.member("content", text)
      } else if calls.isEmpty {
        message.member("content", "")
      } else {
        message.nullMember("content")
      }
      if let reasoning { message.member("reasoning_content", reasoning) }
      if !calls.isEmpty { message.array("tool_calls") { write(calls: calls, to: &$0) } }
    }
  }

  private static func write(calls: [ContentBlock], to writer: inout JSONWriter) {
    for case .toolUse(let id, let name, let input) in calls {
      writer.object { call in
        call.member("id", id)
        call.member("type", "function")
        call.object("function") { function in
          function.member("name", name)
          function.name("arguments")
          function.string(utf8: input.bytes.reveal())
        }
      }
    }
  }
}

extension ContentBlock {
  var isToolUse: Bool { if case .toolUse = self { true } else { false } }
}
