/// How much one event of a stream may hold. Rule L-1.
public struct FramingLimits: Hashable, Sendable {
  /// Most bytes of one line of server-sent events.
  public var lineBytes: Int
  /// Most bytes of one event: the data of a server-sent event, the whole frame of an event stream.
  public var eventBytes: Int

  public init(lineBytes: Int = 16 << 20, eventBytes: Int = 16 << 20) {
    self.lineBytes = lineBytes
    self.eventBytes = eventBytes
  }
}

/// Why a stream's bytes cannot be parted into events. Tells what is wrong, never the content.
public enum FramingProblem: Error, Hashable, Sendable {
  case lineTooLong(limit: Int)
  case eventTooLong(limit: Int)
  case frameTooShort
  case frameTooLong(limit: Int)
  case headersTooLong
  case badHeader
  case badPreludeChecksum
  case badChecksum
  case cutShort

  /// A clause that follows "The provider's stream is broken: ".
  public var clause: String {
    switch self {
    case .lineTooLong(let limit): "a line is longer than \(limit) bytes"
    case .eventTooLong(let limit): "an event is longer than \(limit) bytes"
    case .frameTooShort: "a frame is shorter than its own head"
    case .frameTooLong(let limit): "a frame is longer than \(limit) bytes"
    case .headersTooLong:
      "a frame's headers are longer than the frame or than \(EventStreamFrame.mostHeaderBytes) bytes"
    case .badHeader: "a frame's headers are malformed"
    case .badPreludeChecksum: "the checksum of a frame's head does not match"
    case .badChecksum: "the checksum of a frame does not match"
    case .cutShort: "it ends inside an event"
    }
  }
}
