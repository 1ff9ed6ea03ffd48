/// Parts an event stream into the bytes of its frames. Nothing is left out: the frames joined are the stream. For answers
/// that pass through.
///
/// Checks no checksum: what passes has gone through ``EventStreamDecoder``, which checks every one.
struct EventStreamFrames: Sendable, Redacted {
  private static let mostBytes = FramingLimits().eventBytes

  /// The frame that has begun.
  private var rest: [UInt8] = []
  /// A frame could not be measured: no frame is found after it.
  private var isBroken = false

  /// The frames that `bytes` complete.
  mutating func feed(_ bytes: [UInt8]) -> [RawEventStreamFrame] {
    guard !isBroken else { return [] }
    if rest.isEmpty { rest = bytes } else { rest.append(contentsOf: bytes) }
    var frames: [RawEventStreamFrame] = []
    var start = 0
    while rest.count - start >= EventStreamFrame.leastLength {
      let length = RawEventStreamFrame.number(in: rest[start..<start + 4])
      guard (EventStreamFrame.leastLength...Self.mostBytes).contains(length) else {
        isBroken = true
        rest = []
        return frames
      }
      guard rest.count - start >= length else { break }
      frames.append(RawEventStreamFrame(bytes: rest[start..<start + length]))
      start += length
    }
    if start == rest.count { rest = [] } else if start > 0 { rest = Array(rest[start...]) }
    return frames
  }
}

/// The bytes of one frame, looked into without being taken apart.
struct RawEventStreamFrame: Sendable, Redacted {
  /// At least ``EventStreamFrame/leastLength``.
  let bytes: ArraySlice<UInt8>

  /// What lies between headers and checksum.
  var payload: ArraySlice<UInt8> {
    headersEnd < payloadEnd ? bytes[headersEnd..<payloadEnd] : []
  }

  /// The string header `name`; nil too where the headers are malformed.
  subscript(name: StaticString) -> String? {
    let wanted = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
    let end = min(headersEnd, payloadEnd)
    var position = headersStart
    while position < end {
      let nameEnd = position + 1 + Int(bytes[position])
      guard nameEnd < end else { return nil }
      let isWanted = bytes[position + 1..<nameEnd].elementsEqual(wanted)
      guard let value = value(of: bytes[nameEnd], at: nameEnd + 1, end: end) else { return nil }
      if isWanted, bytes[nameEnd] == Self.stringKind { return String(decoding: bytes[value], as: UTF8.self) }
      position = value.upperBound
    }
    return nil
  }

  private static let stringKind: UInt8 = 7

  private var headersStart: Int { bytes.startIndex + EventStreamFrame.preludeLength + EventStreamFrame.checksumLength }
  private var headersEnd: Int {
    headersStart + Self.number(in: bytes[bytes.startIndex + 4..<bytes.startIndex + 8])
  }
  private var payloadEnd: Int { bytes.endIndex - EventStreamFrame.checksumLength }

  /// Where a header's value of that kind lies; nil where it does not fit.
  private func value(of kind: UInt8, at start: Int, end: Int) -> Range<Int>? {
    let value: Range<Int>
    switch kind {
    case 0, 1: value = start..<start
    case 2...5: value = start..<start + 1 << Int(kind - 2)
    case 6, 7:
      guard start + 2 <= end else { return nil }
      value = start + 2..<start + 2 + Self.number(in: bytes[start..<start + 2])
    case 8: value = start..<start + 8
    case 9: value = start..<start + 16
    default: return nil
    }
    return value.upperBound <= end ? value : nil
  }

  /// A number, its most significant byte first.
  static func number(in bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
