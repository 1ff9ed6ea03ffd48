/// The inputs of tool calls, which answers carry as JSON text.
enum ToolInput {
  /// The bytes of `text`, which must be an object; one that was cut off by the token limit is none and becomes empty.
  static func object(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    guard let document = try? JSONDocument(bytes), document.root.kind == .object else { return Array("{}".utf8) }
    return bytes
  }
}
