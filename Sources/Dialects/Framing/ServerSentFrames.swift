/// Parts a stream of server-sent events into the bytes of its frames, each with the empty line that ends it. Nothing is
/// left out: the frames joined are the stream. For answers that pass through.
///
/// Bounds nothing itself: what passes has gone through ``ServerSentEventParser``, which refuses endless lines and events.
struct ServerSentFrames: Sendable, Redacted {
  /// The frame that has begun.
  private var rest: [UInt8] = []
  private var lineIsEmpty = true
  /// A line with content ended in CR: a LF right after it belongs to that end.
  private var afterCarriageReturn = false
  /// An empty line ended in CR: the frame ends there or after the LF that may follow.
  private var frameMayEnd = false

  /// The frames that `bytes` complete.
  mutating func feed(_ bytes: [UInt8]) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var start = 0
    func end(at index: Int) {
      frames.append(rest + bytes[start..<index])
      rest.removeAll(keepingCapacity: true)
      start = index
    }
    for index in bytes.indices {
      let byte = bytes[index]
      if frameMayEnd {
        frameMayEnd = false
        end(at: byte == UInt8(ascii: "\n") ? index + 1 : index)
        if byte == UInt8(ascii: "\n") { continue }
      }
      switch byte {
      case UInt8(ascii: "\r"):
        frameMayEnd = lineIsEmpty
        afterCarriageReturn = !lineIsEmpty
        lineIsEmpty = true
      case UInt8(ascii: "\n"):
        if lineIsEmpty, !afterCarriageReturn { end(at: index + 1) }
        afterCarriageReturn = false
        lineIsEmpty = true
      default:
        afterCarriageReturn = false
        lineIsEmpty = false
      }
    }
    rest.append(contentsOf: bytes[start...])
    return frames
  }

  /// The same up to what breaks: the frames of the first `count` events in `bytes`, with those without one that stand
  /// between and right after them.
  mutating func feed(_ bytes: [UInt8], events count: Int) -> [[UInt8]] {
    // A frame whose end may be longer by one byte has been read with the bytes before.
    let isWhole = frameMayEnd
    let frames = feed(bytes)
    var rest = count
    for index in frames.indices.dropFirst(isWhole ? 1 : 0) {
      var parser = ServerSentEventParser()
      guard let events = try? parser.feed(frames[index]), events.count <= rest else { return Array(frames[..<index]) }
      rest -= events.count
    }
    return frames
  }

  /// The frame at the end of the stream, with the empty line that many servers leave out; nil where there is none.
  mutating func last() -> [UInt8]? {
    guard !rest.isEmpty else { return nil }
    defer { rest = [] }
    return frameMayEnd ? rest : rest + Array("\n\n".utf8)
  }

  /// The event in a frame; nil where it holds none.
  static func event(in frame: [UInt8]) -> ServerSentEvent? {
    var parser = ServerSentEventParser()
    return try? parser.feed(frame).first
  }
}

extension [UInt8] {
  /// Whether `word` stands anywhere in the bytes; `word` must not be empty.
  func holds(_ word: StaticString) -> Bool {
    withUnsafeBufferPointer { bytes in
      let wanted = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
      guard let first = wanted.first, bytes.count >= wanted.count else { return false }
      for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
        if bytes[start..<start + wanted.count].elementsEqual(wanted) { return true }
      }
      return false
    }
  }
}
