/// Parts a stream into frames, however its bytes are split, and checks every checksum.
public struct EventStreamDecoder: Sendable, Redacted {
  private let limits: FramingLimits
  private var buffer: [UInt8] = []
  /// Length of the frame that has begun, once its head has been checked.
  private var length: Int?
  /// What came after frames that have been given: told when more is asked for.
  private var problem: FramingProblem?

  public init(limits: FramingLimits = .init()) { self.limits = limits }

  /// The frames that `bytes` complete. A problem is thrown once no frame stands before it: those are given first, and the
  /// next call throws.
  public mutating func feed(_ bytes: [UInt8]) throws(FramingProblem) -> [EventStreamFrame] {
    if let problem { throw problem }
    buffer.append(contentsOf: bytes)
    var frames: [EventStreamFrame] = []
    do throws(FramingProblem) {
      try part(into: &frames)
    } catch {
      problem = error
      buffer = []
      if frames.isEmpty { throw error }
    }
    return frames
  }

  private mutating func part(into frames: inout [EventStreamFrame]) throws(FramingProblem) {
    var start = 0
    while let length = try frameLength(at: start), buffer.count - start >= length {
      frames.append(try frame(at: start, length: length))
      start += length
      self.length = nil
    }
    if start > 0 { buffer.removeFirst(start) }
  }

  /// Throws where the stream ended inside a frame.
  public func finish() throws(FramingProblem) {
    if let problem { throw problem }
    if !buffer.isEmpty { throw .cutShort }
  }

  private mutating func frameLength(at start: Int) throws(FramingProblem) -> Int? {
    if let length { return length }
    let checked = EventStreamFrame.preludeLength
    guard buffer.count - start >= checked + EventStreamFrame.checksumLength else { return nil }
    let total = Int(number(at: start, bytes: 4))
    let headers = Int(number(at: start + 4, bytes: 4))
    guard total >= EventStreamFrame.leastLength else { throw .frameTooShort }
    guard total <= limits.eventBytes else { throw .frameTooLong(limit: limits.eventBytes) }
    guard headers <= min(total - EventStreamFrame.leastLength, EventStreamFrame.mostHeaderBytes) else {
      throw .headersTooLong
    }
    guard UInt64(CRC32.checksum(buffer, start..<start + checked)) == number(at: start + checked, bytes: 4) else {
      throw .badPreludeChecksum
    }
    length = total
    return total
  }

  private func frame(at start: Int, length: Int) throws(FramingProblem) -> EventStreamFrame {
    let end = start + length - EventStreamFrame.checksumLength
    guard UInt64(CRC32.checksum(buffer, start..<end)) == number(at: end, bytes: 4) else { throw .badChecksum }
    let headersStart = start + EventStreamFrame.preludeLength + EventStreamFrame.checksumLength
    let headersEnd = headersStart + Int(number(at: start + 4, bytes: 4))
    var headers: [EventStreamFrame.Header] = []
    var position = headersStart
    while position < headersEnd {
      let header = try header(at: &position, end: headersEnd)
      guard headers.count < EventStreamFrame.mostHeaders, !headers.contains(where: { $0.name == header.name }) else {
        throw .badHeader
      }
      headers.append(header)
    }
    return EventStreamFrame(headers: headers, payload: Array(buffer[headersEnd..<end]))
  }

  private func header(at position: inout Int, end: Int) throws(FramingProblem) -> EventStreamFrame.Header {
    let nameLength = Int(buffer[position])
    let name = try take(nameLength, after: 1, at: &position, end: end)
    guard position < end else { throw .badHeader }
    let kind = buffer[position]
    position += 1
    let value: EventStreamFrame.HeaderValue
    switch kind {
    case 0, 1: value = .bool(kind == 0)
    case 2, 3, 4, 5: value = .number(signed(try take(1 << Int(kind - 2), after: 0, at: &position, end: end)))
    case 6, 7:
      guard position + 2 <= end else { throw .badHeader }
      let bytes = try take(Int(number(at: position, bytes: 2)), after: 2, at: &position, end: end)
      value = kind == 7 ? .string(try text(bytes)) : .bytes(Array(bytes))
    // A time is eight bytes.
    case 8: value = .number(signed(try take(8, after: 0, at: &position, end: end)))
    // A UUID is sixteen bytes.
    case 9: value = .bytes(Array(try take(16, after: 0, at: &position, end: end)))
    default: throw .badHeader
    }
    return EventStreamFrame.Header(try text(name), value)
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(FramingProblem) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .badHeader }
    return text
  }

  /// The `count` bytes that stand `skipped` bytes after `position`, which moves behind them.
  private func take(
    _ count: Int, after skipped: Int, at position: inout Int, end: Int
  ) throws(FramingProblem) -> ArraySlice<UInt8> {
    let start = position + skipped
    guard start + count <= end else { throw .badHeader }
    position = start + count
    return buffer[start..<position]
  }

  private func number(at start: Int, bytes count: Int) -> UInt64 {
    buffer[start..<start + count].reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func signed(_ bytes: ArraySlice<UInt8>) -> Int64 {
    let value = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let shift = 64 - 8 * bytes.count
    return Int64(bitPattern: value << shift) >> shift
  }
}
