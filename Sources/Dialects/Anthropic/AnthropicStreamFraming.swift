/// How the events of a streamed message go over the wire.
enum AnthropicStreamFraming: Sendable {
  case serverSentEvents
  /// Bedrock's frames of an event stream, each holding one event in Base64.
  case chunks

  func append(_ name: String, _ event: [UInt8], to bytes: inout [UInt8]) {
    switch self {
    case .serverSentEvents: ServerSentEvent(name: name, data: event).write(to: &bytes)
    case .chunks:
      var writer = JSONWriter(reserving: event.count * 2)
      writer.object { chunk in
        chunk.name("bytes")
        chunk.base64(event)
      }
      bytes += EventStreamFrame(event: "chunk", payload: writer.bytes).bytes
    }
  }
}
