import Core
import Dialects

extension Exchange {
  /// Everything that the encoder of `body` writes for `events`.
  static func written(
    _ codec: some InboundCodec, _ body: String, _ events: [ModelEvent], usage: TokenUsage = SampleAnswer.usage
  ) throws -> (head: AnswerHead, bytes: [UInt8]) {
    var encoder = try codec.decode(request(body)).encoder
    let head = encoder.head(requestID: requestID, model: model, createdAt: createdAt)
    var bytes: [UInt8] = []
    for event in events { bytes += encoder.encode(event) }
    return (head, bytes + encoder.finish(usage: usage))
  }

  /// One frame as `name payload`, so that a stream reads like a list.
  static func lines(_ bytes: [UInt8]) throws -> [String] {
    var decoder = EventStreamDecoder()
    let frames = try decoder.feed(bytes)
    try decoder.finish()
    return try frames.map { frame in
      guard frame[":content-type"] == "application/json", let type = frame[":message-type"],
        let name = frame[type == "exception" ? ":exception-type" : ":event-type"]
      else { throw Mismatch() }
      return "\(name) \(text(frame.payload))"
    }
  }

  static func bytes(hex: String) -> [UInt8] {
    stride(from: 0, to: hex.count, by: 2).map { start in
      let first = hex.index(hex.startIndex, offsetBy: start)
      return UInt8(hex[first...hex.index(after: first)], radix: 16) ?? 0
    }
  }
}
