import Testing

@testable import Dialects

@Suite("Event stream frames are checked and parted however their bytes are split")
struct EventStreamTests {
  private static let frames = [
    EventStreamFrame(event: "messageStart", payload: Array(#"{"role":"assistant"}"#.utf8)),
    EventStreamFrame(headers: [], payload: []),
    EventStreamFrame(
      headers: [
        .init("yes", .bool(true)), .init("no", .bool(false)), .init("n", .number(-5)), .init("b", .bytes([1, 2])),
        .init("s", .string("ü")),
      ], payload: [0, 255]),
    EventStreamFrame(exception: "throttlingException", payload: Array(#"{"message":"x"}"#.utf8)),
  ]

  private static func decode(_ bytes: [UInt8], cuts: [Int]) throws -> [EventStreamFrame] {
    var decoder = EventStreamDecoder()
    var frames: [EventStreamFrame] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      frames += try decoder.feed(Array(bytes[start..<cut]))
      start = cut
    }
    try decoder.finish()
    return frames
  }

  @Test("The smallest frame has the published bytes")
  func golden() {
    let empty = EventStreamFrame(headers: [], payload: []).bytes
    #expect(empty == [0, 0, 0, 0x10, 0, 0, 0, 0, 0x05, 0xC2, 0x48, 0xEB, 0x7D, 0x98, 0xC8, 0xFF])
    #expect(CRC32.checksum(Array("123456789".utf8), 0..<9) == 0xCBF4_3926)
  }

  @Test("Every split gives the same frames")
  func splits() throws {
    let bytes = Self.frames.flatMap(\.bytes)
    for cut in 0...bytes.count { #expect(try Self.decode(bytes, cuts: [cut]) == Self.frames, "cut at \(cut)") }
    #expect(try Self.decode(bytes, cuts: Array(0..<bytes.count)) == Self.frames)
  }

  @Test("No changed byte goes unnoticed")
  func damage() {
    let bytes = Self.frames[0].bytes
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0x10
      #expect(throws: FramingProblem.self, "byte \(index)") { try Self.decode(damaged, cuts: []) }
    }
  }

  @Test("A stream that ends inside a frame is cut short")
  func cutShort() {
    let bytes = Self.frames[0].bytes
    for count in 1..<bytes.count {
      #expect(throws: FramingProblem.cutShort) { try Self.decode(Array(bytes.prefix(count)), cuts: []) }
    }
  }

  @Test("Every length and kind of header is read, and malformed headers are refused")
  func headers() throws {
    func frame(_ header: [UInt8]) -> [UInt8] {
      let total = UInt32(16 + header.count)
      var bytes: [UInt8] = [
        UInt8(total >> 24), UInt8(total >> 16 & 255), UInt8(total >> 8 & 255), UInt8(total & 255), 0, 0, 0,
        UInt8(header.count),
      ]
      func appendChecksum() {
        let checksum = CRC32.checksum(bytes, 0..<bytes.count)
        bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: checksum >> UInt32($0)) }
      }
      appendChecksum()
      bytes += header
      appendChecksum()
      return bytes
    }
    let short = try Self.decode(frame([1, 0x61, 3, 0xFF, 0xFE]), cuts: [])
    #expect(short.first?.headers == [.init("a", .number(-2))])
    let uuid = try Self.decode(frame([1, 0x61, 9] + [UInt8](repeating: 7, count: 16)), cuts: [])
    #expect(uuid.first?.headers == [.init("a", .bytes([UInt8](repeating: 7, count: 16)))])
    for bad: [UInt8] in [
      [1, 0x61], [2, 0x61], [1, 0x61, 10], [1, 0x61, 7, 0], [1, 0x61, 7, 0, 9, 1], [0], [1, 0x61, 5, 0],
      // A name twice; a name and a text that are not UTF-8.
      [1, 0x61, 0, 1, 0x61, 1], [1, 0xFF, 0], [1, 0x61, 7, 0, 2, 0xC3, 0x28],
    ] {
      #expect(throws: FramingProblem.badHeader) { try Self.decode(frame(bad), cuts: []) }
    }
  }

  @Test("Frames before a problem are given first, and the problem is told after them, again and again")
  func framesBeforeProblem() throws {
    var bytes = Self.frames.flatMap(\.bytes)
    bytes[bytes.count - 1] ^= 1
    var decoder = EventStreamDecoder()
    #expect(try decoder.feed(bytes) == Self.frames.dropLast())
    for _ in 0..<2 {
      #expect(throws: FramingProblem.badChecksum) { try decoder.feed([]) }
      #expect(throws: FramingProblem.badChecksum) { try decoder.finish() }
    }
  }

  @Test("A frame's headers are limited in number and in bytes (L-1)")
  func headerLimits() {
    func bytes(_ count: Int, _ value: EventStreamFrame.HeaderValue) -> [UInt8] {
      EventStreamFrame(headers: (0..<count).map { .init("h\($0)", value) }, payload: []).bytes
    }
    #expect(throws: Never.self) { try Self.decode(bytes(128, .bool(true)), cuts: []) }
    #expect(throws: FramingProblem.badHeader) { try Self.decode(bytes(129, .bool(true)), cuts: []) }
    let long = EventStreamFrame.HeaderValue.bytes([UInt8](repeating: 1, count: 32_700))
    #expect(throws: Never.self) { try Self.decode(bytes(4, long), cuts: []) }
    #expect(throws: FramingProblem.headersTooLong) { try Self.decode(bytes(5, long), cuts: []) }
  }

  @Test("Frames are limited before they are gathered (L-1)")
  func limits() {
    var decoder = EventStreamDecoder(limits: FramingLimits(eventBytes: 20))
    #expect(throws: FramingProblem.frameTooLong(limit: 20)) {
      try decoder.feed(Array(Self.frames[0].bytes.prefix(12)))
    }
  }
}
