import NIOCore
import NIOHTTP1

/// One whole answer.
struct Answer {
  var status = 200
  var contentType = "application/json"
  var headers: [(name: String, value: String)] = []
  var body: ByteBuffer
  /// True when the head must not tell the body's length.
  var isStream = false
  /// Where the output text begins in the body; nil when there is none.
  var textStart: Int?

  init(status: Int = 200, headers: [(name: String, value: String)] = [], body: ByteBuffer, textStart: Int? = nil) {
    self.status = status
    self.headers = headers
    self.body = body
    self.textStart = textStart
  }
}

/// How the connection must frame what is written.
struct Framing {
  /// Chunks need HTTP/1.1; an older caller gets a body that ends with the connection.
  var isChunked: Bool
  var keepsAlive: Bool

  static let lastChunk: StaticString = "0\r\n\r\n"

  /// Writes the status line and headers; `length` nil announces a stream.
  func writeHead(
    status: Int, contentType: String, headers: [(name: String, value: String)], length: Int?,
    into buffer: inout ByteBuffer
  ) {
    let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
    buffer.writeString("HTTP/1.1 \(status) \(reason)\r\ncontent-type: \(contentType)\r\n")
    if let length {
      buffer.writeString("content-length: \(length)\r\n")
    } else if isChunked {
      buffer.writeStaticString("transfer-encoding: chunked\r\n")
    }
    if !keepsAlive { buffer.writeStaticString("connection: close\r\n") }
    for (name, value) in headers { buffer.writeString("\(name): \(value)\r\n") }
    buffer.writeStaticString("\r\n")
  }

  /// Writes a piece of a stream's body.
  func writePiece(_ piece: ByteBuffer, into buffer: inout ByteBuffer) {
    guard piece.readableBytes > 0 else { return }
    if isChunked { buffer.writeString(String(piece.readableBytes, radix: 16) + "\r\n") }
    buffer.writeImmutableBuffer(piece)
    if isChunked { buffer.writeStaticString("\r\n") }
  }
}
