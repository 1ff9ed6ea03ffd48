/// Turns the `?1` of our statements into the `$1` of libpq, outside of quoted text.
enum ParameterMarks {
  static func rewritten(_ sql: String) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(sql.utf8.count)
    var quote: UInt8?
    for byte in sql.utf8 {
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
        quote = byte
      }
      result.append(quote == nil && byte == UInt8(ascii: "?") ? UInt8(ascii: "$") : byte)
    }
    return String(decoding: result, as: UTF8.self)
  }
}
