import Core

/// Reasoning as an item: its text as the one part of `summary`, and what the model's provider checks when it gets the
/// reasoning back, a signature or redacted reasoning, in `encrypted_content`.
///
/// It is given whether or not it was asked for in `include`, because no response is kept that it could be taken from.
enum ResponsesReasoning {
  private static let signature = Array("signature:".utf8)
  private static let redacted = Array("redacted:".utf8)

  /// Nil where the item says nothing.
  static func block(_ item: JSONNode) throws(InvalidRequest) -> ContentBlock? {
    let text = try text(of: item)
    guard let carrier = item["encrypted_content"] else { return unsigned(text) }
    guard let carried = carrier.stringBytes else {
      throw carrier.problem("must be a string, not \(carrier.kind.words)")
    }
    if carried.isEmpty { return unsigned(text) }
    if carried.starts(with: signature) {
      return .reasoning(
        text: Sensitive(text), signature: String(decoding: carried.dropFirst(signature.count), as: UTF8.self))
    }
    if carried.starts(with: redacted), let bytes = Base64.decode(carried.dropFirst(redacted.count)) {
      return .redactedReasoning(Sensitive(bytes))
    }
    throw carrier.problem("is not from an answer of this gateway; leave the item out")
  }

  /// The member `encrypted_content`, where there is something to carry.
  static func write(signature: String?, redacted: [UInt8]?, to item: inout JSONWriter) {
    if let redacted {
      item.name("encrypted_content")
      item.base64(redacted, prefix: String(decoding: Self.redacted, as: UTF8.self))
    } else if let signature {
      item.name("encrypted_content")
      item.string(utf8: Self.signature + Array(signature.utf8))
    }
  }

  private static func unsigned(_ text: String) -> ContentBlock? {
    text.isEmpty ? nil : .reasoning(text: Sensitive(text), signature: nil)
  }

  /// Open models' servers give the reasoning itself as `content`.
  private static func text(of item: JSONNode) throws(InvalidRequest) -> String {
    for (name, type) in [("summary", "summary_text"), ("content", "reasoning_text")] {
      guard let parts = try item.optionalArray(name) else { continue }
      var texts: [String] = []
      for part in parts.elements {
        guard try part.object().requiredText("type") == type else { throw part.problem("type", "must be \"\(type)\"") }
        texts.append(try part.requiredText("text"))
      }
      if !texts.isEmpty { return texts.joined(separator: "\n\n") }
    }
    return ""
  }
}
