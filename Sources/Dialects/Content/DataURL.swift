/// A `data:` address: a media type and its content in Base64.
struct DataURL {
  let mediaType: String
  let content: [UInt8]

  private static let scheme = "data:"
  private static let longestHead = 256

  static func isOne(_ text: [UInt8]) -> Bool {
    text.prefix(scheme.utf8.count).map { $0 | 0x20 }.elementsEqual(scheme.utf8.map { $0 | 0x20 })
  }

  /// Nil where `text` is not a `data:` address in Base64.
  init?(_ text: [UInt8]) {
    guard Self.isOne(text), let comma = text.prefix(Self.longestHead).firstIndex(of: UInt8(ascii: ",")) else {
      return nil
    }
    let head = String(decoding: text[Self.scheme.utf8.count..<comma], as: UTF8.self)
    let parts = head.split(separator: ";", omittingEmptySubsequences: false)
    guard parts.last?.lowercased() == "base64", let content = Base64.decode(text[(comma + 1)...]) else { return nil }
    mediaType = String(parts[0])
    self.content = content
  }
}
