import Core
import HTTPTypes
import Hummingbird
import NIOCore

extension Response {
  /// A whole answer as the listener's response.
  init(_ answer: WholeAnswer) {
    self.init(
      status: .init(code: answer.head.status), headers: HTTPFields(answer.head.headers),
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
  }

  /// A JSON document of the gateway's own.
  init(json body: [UInt8], requestID: Core.RequestID) {
    self.init(
      WholeAnswer(
        status: 200,
        headers: [
          Core.HTTPField("content-type", "application/json"), Core.HTTPField("x-request-id", requestID.text),
        ],
        body: body))
  }

  /// A streamed answer; `body` is given a function that writes a piece and waits until the client has taken it.
  init(
    head: AnswerHead,
    body: @escaping @Sendable (_ write: ([UInt8]) async throws -> Void) async throws -> Void
  ) {
    self.init(
      status: .init(code: head.status), headers: HTTPFields(head.headers),
      body: ResponseBody { writer in
        let pieces = PieceWriter(writer)
        try await body { bytes in try await pieces.write(bytes) }
        try await writer.finish(nil)
      })
  }
}

/// Writes pieces to a response body; a class because the body's writer is changed by writing.
private final class PieceWriter {
  private var writer: any ResponseBodyWriter

  init(_ writer: any ResponseBodyWriter) { self.writer = writer }

  func write(_ bytes: [UInt8]) async throws {
    try await writer.write(ByteBuffer(bytes: bytes))
  }
}

extension HTTPFields {
  init(_ fields: [Core.HTTPField]) {
    self.init()
    for field in fields {
      if let name = HTTPTypes.HTTPField.Name(field.name) {
        append(HTTPTypes.HTTPField(name: name, value: field.value))
      }
    }
  }
}

extension Request {
  /// The header fields in the form that codecs read.
  var fields: [Core.HTTPField] {
    headers.map { Core.HTTPField($0.name.rawName, $0.value) }
  }
}
