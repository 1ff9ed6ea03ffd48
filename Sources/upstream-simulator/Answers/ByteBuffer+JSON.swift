import NIOCore

extension ByteBuffer {
  /// Writes a JSON string with its quotes.
  mutating func writeJSONString(_ text: String) {
    writeInteger(UInt8(ascii: "\""))
    writeJSONText(text)
    writeInteger(UInt8(ascii: "\""))
  }

  /// Writes the inside of a JSON string.
  mutating func writeJSONText(_ text: String) {
    let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    if isPlain {
      writeString(text)
    } else {
      for byte in text.utf8 { writeEscaped(byte) }
    }
  }

  mutating func writeNull() {
    writeStaticString("null")
  }

  private mutating func writeEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): writeBytes([UInt8(ascii: "\\"), byte])
    case 0..<0x10: writeString("\\u000" + String(byte, radix: 16))
    case 0x10..<0x20: writeString("\\u00" + String(byte, radix: 16))
    default: writeInteger(byte)
    }
  }
}
