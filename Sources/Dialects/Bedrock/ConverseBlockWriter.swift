import Core

/// Writes turns and content blocks of Converse.
enum ConverseBlockWriter {
  static func write(_ message: Message, to writer: inout JSONWriter) {
    let isSingle = message.content.count == 1
    writer.object { entry in
      entry.member("role", message.role.rawValue)
      entry.array("content") { content in
        // Tool results go first, as models want them. Blank texts beside other blocks are refused by the provider.
        for block in message.content where block.isToolResult { write(block, to: &content) }
        for block in message.content where !block.isToolResult && (isSingle || !block.isBlank) {
          write(block, to: &content)
        }
      }
    }
  }

  static func writeCachePoint(to writer: inout JSONWriter) {
    writer.object { $0.object("cachePoint") { $0.member("type", "default") } }
  }

  private static func write(_ block: ContentBlock, to writer: inout JSONWriter) {
    switch block {
    case .text(let text): writer.object { $0.member("text", text.reveal()) }
    case .image(let format, let bytes): write(image: format, bytes, to: &writer)
    case .document(let format, let name, let bytes): write(document: format, name, bytes, to: &writer)
    case .toolUse(let id, let name, let input):
      writer.object { entry in
        entry.object("toolUse") { use in
          use.member("toolUseId", id)
          use.member("name", name)
          use.member("input", raw: input.bytes.reveal())
        }
      }
    case .toolResult(let id, let content, let isError):
      write(resultOf: id, content, isError: isError, to: &writer)
    case .reasoning(let text, let signature):
      writer.object { entry in
        entry.object("reasoningContent") { reasoning in
          reasoning.object("reasoningText") { reasoningText in
            reasoningText.member("text", text.reveal())
            if let signature { reasoningText.member("signature", signature) }
          }
        }
      }
    case .redactedReasoning(let bytes):
      writer.object { entry in
        entry.object("reasoningContent") { reasoning in
          reasoning.name("redactedContent")
          reasoning.base64(bytes.reveal())
        }
      }
    case .cachePoint: writeCachePoint(to: &writer)
    }
  }

  private static func write(
    resultOf id: String, _ content: [ToolResultContent], isError: Bool, to writer: inout JSONWriter
  ) {
    writer.object { entry in
      entry.object("toolResult") { result in
        result.member("toolUseId", id)
        result.array("content") { parts in for part in content { write(part, to: &parts) } }
        if isError { result.member("status", "error") }
      }
    }
  }

  private static func write(_ part: ToolResultContent, to writer: inout JSONWriter) {
    switch part {
    case .text(let text): if !text.reveal().isEmpty { writer.object { $0.member("text", text.reveal()) } }
    case .json(let value): writer.object { $0.member("json", raw: value.bytes.reveal()) }
    case .image(let format, let bytes): write(image: format, bytes, to: &writer)
    case .document(let format, let name, let bytes): write(document: format, name, bytes, to: &writer)
    }
  }

  private static func write(image format: String, _ bytes: Sensitive<[UInt8]>, to writer: inout JSONWriter) {
    writer.object { entry in
      entry.object("image") { image in
        image.member("format", format)
        image.object("source") { source in
          source.name("bytes")
          source.base64(bytes.reveal())
        }
      }
    }
  }

  private static func write(
    document format: String, _ name: Sensitive<String>, _ bytes: Sensitive<[UInt8]>, to writer: inout JSONWriter
  ) {
    writer.object { entry in
      entry.object("document") { document in
        document.member("format", format)
        document.member("name", documentName(name.reveal()))
        document.object("source") { source in
          source.name("bytes")
          source.base64(bytes.reveal())
        }
      }
    }
  }

  private static let longestDocumentName = 200

  /// Converse takes letters, digits, single spaces, hyphens, parentheses and square brackets in a document's name.
  static func documentName(_ name: String) -> String {
    var result: [UInt8] = []
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: ")"),
        UInt8(ascii: "["), UInt8(ascii: "]"):
        result.append(byte)
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        if result.last != UInt8(ascii: " ") { result.append(UInt8(ascii: " ")) }
      // Other letters of other scripts take several bytes and become one hyphen.
      case 0x80..<0xC0: break
      default: result.append(UInt8(ascii: "-"))
      }
    }
    return result.isEmpty ? "document" : String(decoding: result.prefix(longestDocumentName), as: UTF8.self)
  }
}

extension ContentBlock {
  /// A text with nothing in it.
  var isBlank: Bool { if case .text(let text) = self { text.reveal().isEmpty } else { false } }
}
