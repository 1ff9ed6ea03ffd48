import Dialects
import Testing

@Suite("Server-sent events are parted however their bytes are split")
struct ServerSentEventTests {
  private static let lines = [
    ": a comment", "event: first", "data: {\"a\":1}", "", "data:no space", "data: second line", "id: 7", "", "",
    "retry: 10", "event: without data", "", "data", "", "data: last",
  ]

  private static let expected = [
    ServerSentEvent(name: "first", data: Array("{\"a\":1}".utf8)),
    ServerSentEvent(data: Array("no space\nsecond line".utf8)), ServerSentEvent(data: []),
    ServerSentEvent(data: Array("last".utf8)),
  ]

  private static func parse(_ bytes: [UInt8], cuts: [Int]) throws -> [ServerSentEvent] {
    var parser = ServerSentEventParser()
    var events: [ServerSentEvent] = []
    var start = 0
    for cut in cuts + [bytes.count] {
      events += try parser.feed(Array(bytes[start..<cut]))
      start = cut
    }
    if let last = try parser.finish() { events.append(last) }
    return events
  }

  @Test("Every split and every line end gives the same events", arguments: ["\n", "\r", "\r\n"])
  func splits(_ lineEnd: String) throws {
    let bytes = [0xEF, 0xBB, 0xBF] + Array(Self.lines.joined(separator: lineEnd).utf8)
    for cut in 0...bytes.count { #expect(try Self.parse(bytes, cuts: [cut]) == Self.expected, "cut at \(cut)") }
    #expect(try Self.parse(bytes, cuts: Array(0..<bytes.count)) == Self.expected)
  }

  @Test("Written events are read back")
  func writes() throws {
    var bytes: [UInt8] = []
    let events = [
      ServerSentEvent(name: "METADATA", data: Array("{}".utf8)), ServerSentEvent(data: Array("[DONE]".utf8)),
    ]
    for event in events { event.write(to: &bytes) }
    #expect(Exchange.text(bytes) == "event: METADATA\ndata: {}\n\ndata: [DONE]\n\n")
    #expect(try Self.parse(bytes, cuts: []) == events)
  }

  @Test("Events before a problem are given first, and the problem is told after them, again and again")
  func eventsBeforeProblem() throws {
    var parser = ServerSentEventParser(limits: FramingLimits(lineBytes: 10, eventBytes: 12))
    let given = try parser.feed(Array("data: 1\n\ndata: 2\n\ndata: much too long\n\ndata: 3\n\n".utf8))
    #expect(given == [ServerSentEvent(data: [0x31]), ServerSentEvent(data: [0x32])])
    for _ in 0..<2 {
      #expect(throws: FramingProblem.lineTooLong(limit: 10)) { try parser.feed([]) }
      #expect(throws: FramingProblem.lineTooLong(limit: 10)) { try parser.finish() }
    }
  }

  @Test("Lines and events are limited, also when they come in pieces (L-1)")
  func limits() throws {
    let limits = FramingLimits(lineBytes: 10, eventBytes: 12)
    var line = ServerSentEventParser(limits: limits)
    _ = try line.feed(Array("data: 1".utf8))
    _ = try line.feed(Array("234".utf8))
    #expect(throws: FramingProblem.lineTooLong(limit: 10)) { try line.feed(Array("5".utf8)) }
    var event = ServerSentEventParser(limits: limits)
    _ = try event.feed(Array("data: 1234\ndata: 1234\ndata:12\n".utf8))
    #expect(throws: FramingProblem.eventTooLong(limit: 12)) { try event.feed(Array("data: 34\n".utf8)) }
    // Comments that no empty line follows are held with the event by who relays it.
    var comments = ServerSentEventParser(limits: limits)
    for _ in 0..<9 { _ = try comments.feed(Array(": a\n\nid: 1\n: 2\n\n".utf8)) }
    #expect(try comments.feed(Array(": 1234\n: 6\ndata: 1\n\n".utf8)) == [ServerSentEvent(data: [0x31])])
    _ = try comments.feed(Array(": 1234\n: 6\n".utf8))
    #expect(throws: FramingProblem.eventTooLong(limit: 12)) { try comments.feed(Array(":\n".utf8)) }
  }
}
