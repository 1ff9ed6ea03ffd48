import NIOCore

/// Whole and streamed answers with the member `sim_echo`, which no dialect knows: who passes it on has passed the answer on
/// as it was.
extension PreparedAnswer {
  func echoed(_ answer: Answer) -> Answer {
    let end = answer.body.writerIndex - 1
    guard let echo, answer.body.getInteger(at: end, as: UInt8.self) == UInt8(ascii: "}") else { return answer }
    var answer = answer
    answer.body.moveWriterIndex(to: end)
    answer.body.writeString(",\"sim_echo\":\(echo)}")
    return answer
  }

  func echoed(_ stream: any AnswerStream) -> any AnswerStream {
    echo.map { EchoingStream(stream: stream, echo: $0) } ?? stream
  }
}

/// A stream with an event of its own after the opening.
private struct EchoingStream: AnswerStream {
  let stream: any AnswerStream
  let echo: String

  var contentType: String { stream.contentType }
  var headers: [(name: String, value: String)] { stream.headers }

  func writeOpening(into buffer: inout ByteBuffer) {
    stream.writeOpening(into: &buffer)
    let payload = "{\"type\":\"sim_echo\",\"choices\":[],\"sim_echo\":\(echo)}"
    if contentType == EventStreamFrame.contentType {
      EventStreamFrame.writeEvent("simEcho", into: &buffer) { $0.writeString(payload) }
    } else {
      buffer.writeString("event: sim_echo\ndata: \(payload)\n\n")
    }
  }

  func writeToken(_ index: Int, into buffer: inout ByteBuffer) { stream.writeToken(index, into: &buffer) }
  func writeClosing(into buffer: inout ByteBuffer) { stream.writeClosing(into: &buffer) }
  func writeError(_ status: Int?, into buffer: inout ByteBuffer) { stream.writeError(status, into: &buffer) }
  func writeGarbage(into buffer: inout ByteBuffer) { stream.writeGarbage(into: &buffer) }
}

/// A whole answer whose length is not announced.
struct BodyStream: AnswerStream {
  let answer: Answer

  var contentType: String { answer.contentType }
  var headers: [(name: String, value: String)] { answer.headers }

  func writeOpening(into buffer: inout ByteBuffer) {}
  func writeToken(_ index: Int, into buffer: inout ByteBuffer) {}
  func writeClosing(into buffer: inout ByteBuffer) { buffer.writeImmutableBuffer(answer.body) }
  func writeError(_ status: Int?, into buffer: inout ByteBuffer) {}
  func writeGarbage(into buffer: inout ByteBuffer) {}
}
