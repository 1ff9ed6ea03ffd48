import NIOCore

/// Frames of `application/vnd.amazon.eventstream`: total length, headers' length, CRC-32 of both, headers, payload,
/// CRC-32 of all before it; integers are big-endian.
enum EventStreamFrame {
  static let contentType = "application/vnd.amazon.eventstream"

  private static let preludeLength = 8
  private static let checksumLength = 4
  /// The header value type "string".
  private static let stringType: UInt8 = 7

  /// Writes one frame whose payload `payload` writes.
  static func write(
    headers: [(name: String, value: String)], into buffer: inout ByteBuffer, payload: (inout ByteBuffer) -> Void
  ) {
    let start = buffer.writerIndex
    buffer.writeRepeatingByte(0, count: preludeLength + checksumLength)
    let headersStart = buffer.writerIndex
    for (name, value) in headers {
      buffer.writeInteger(UInt8(name.utf8.count))
      buffer.writeString(name)
      buffer.writeInteger(stringType)
      buffer.writeInteger(UInt16(value.utf8.count))
      buffer.writeString(value)
    }
    let headersLength = buffer.writerIndex - headersStart
    payload(&buffer)
    let total = buffer.writerIndex - start + checksumLength
    buffer.setInteger(UInt32(total), at: start)
    buffer.setInteger(UInt32(headersLength), at: start + 4)
    buffer.setInteger(checksum(buffer, start, preludeLength), at: start + preludeLength)
    buffer.writeInteger(checksum(buffer, start, total - checksumLength))
  }

  /// Writes an event whose payload is JSON.
  static func writeEvent(_ name: String, into buffer: inout ByteBuffer, payload: (inout ByteBuffer) -> Void) {
    let headers = [
      (name: ":event-type", value: name), (name: ":content-type", value: "application/json"),
      (name: ":message-type", value: "event"),
    ]
    write(headers: headers, into: &buffer, payload: payload)
  }

  /// Writes an exception; `status` nil is the usual one of a model that fails.
  static func writeException(_ status: Int?, into buffer: inout ByteBuffer) {
    let headers = [
      (name: ":exception-type", value: ErrorNames.bedrockStream(status)),
      (name: ":content-type", value: "application/json"), (name: ":message-type", value: "exception"),
    ]
    write(headers: headers, into: &buffer) { payload in
      payload.writeStaticString("{\"message\":\"The simulator was asked to fail here.\"}")
    }
  }

  /// Writes a frame whose checksum is wrong.
  static func writeBrokenFrame(into buffer: inout ByteBuffer) {
    writeEvent("messageStart", into: &buffer) { $0.writeStaticString("{\"role\":\"assistant\"}") }
    let last = buffer.writerIndex - 1
    let byte = buffer.getInteger(at: last, as: UInt8.self) ?? 0
    buffer.setInteger(~byte, at: last)
  }

  private static func checksum(_ buffer: ByteBuffer, _ start: Int, _ length: Int) -> UInt32 {
    buffer.withUnsafeReadableBytes { bytes in
      let first = start - buffer.readerIndex
      return CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[first..<first + length]))
    }
  }
}

/// The CRC-32 of IEEE 802.3, which the event stream uses.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
  }

  static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      ~bytes.reduce(~UInt32(0)) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
    }
  }
}
