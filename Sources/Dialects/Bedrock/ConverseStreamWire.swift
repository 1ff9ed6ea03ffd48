import Core

/// How the events of a streamed answer of Converse go over the wire: the same payloads in two framings.
enum ConverseStreamWire: Sendable {
  /// Bedrock's own frames of `application/vnd.amazon.eventstream`. Blocks are numbered as they begin.
  case frames
  /// Server-sent events of the Mendix connector. Everything that is not a tool call is block 0, and tool calls are
  /// numbered from 1.
  case serverSentEvents

  enum Event: String, Sendable {
    case messageStart
    case contentBlockStart
    case contentBlockDelta
    case contentBlockStop
    case messageStop
    case metadata

    /// The name in the connector's spelling.
    fileprivate var connectorName: String {
      switch self {
      case .messageStart: "MESSAGE_START"
      case .contentBlockStart: "CONTENT_BLOCK_START"
      case .contentBlockDelta: "CONTENT_BLOCK_DELTA"
      case .contentBlockStop: "CONTENT_BLOCK_STOP"
      case .messageStop: "MESSAGE_STOP"
      case .metadata: "METADATA"
      }
    }
  }

  func head(requestID: RequestID) -> AnswerHead {
    switch self {
    case .frames: BedrockHead.head(contentType: EventStreamFrame.contentType, requestID: requestID)
    case .serverSentEvents:
      BedrockHead.head(
        contentType: "text/event-stream", requestID: requestID, also: [HTTPField("cache-control", "no-cache")])
    }
  }

  func append(_ event: Event, _ bytes: inout [UInt8], _ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter()
    writer.object(members)
    switch self {
    case .frames: bytes += EventStreamFrame(event: event.rawValue, payload: writer.bytes).bytes
    case .serverSentEvents: ServerSentEvent(name: event.connectorName, data: writer.bytes).write(to: &bytes)
    }
  }
}
