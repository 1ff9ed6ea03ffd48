/// One server-sent event.
public struct ServerSentEvent: Sendable, Equatable, Redacted {
  /// The event's name; nil where none was given, which means `message`.
  public var name: String?
  /// The data's lines, joined by line feeds.
  public var data: [UInt8]
  /// Bytes of the lines that it was read from, comments too; 0 for one that was not read. Two events that say the same are
  /// equal, however long they are.
  public var length = 0

  public init(name: String? = nil, data: [UInt8]) {
    self.name = name
    self.data = data
  }

  public static func == (one: Self, other: Self) -> Bool { one.name == other.name && one.data == other.data }

  /// Appends the event as it goes over the wire. `data` must not hold line ends, which JSON never does.
  public func write(to bytes: inout [UInt8]) {
    if let name {
      bytes.append(contentsOf: "event: ".utf8)
      bytes.append(contentsOf: name.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    bytes.append(contentsOf: "data: ".utf8)
    bytes.append(contentsOf: data)
    bytes.append(contentsOf: "\n\n".utf8)
  }
}

/// Parts a stream into server-sent events, however its bytes are split. Lines end in CR, LF or CR LF; comments, ids
/// and retry times are left out, as is an event without data.
public struct ServerSentEventParser: Sendable, Redacted {
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let limits: FramingLimits
  /// The line that has begun.
  private var line: [UInt8] = []
  private var name: String?
  private var data: [UInt8] = []
  private var hasData = false
  /// Bytes since the last empty line.
  private var length = 0
  /// Those of them in lines without data.
  private var besides = 0
  /// The last byte was a CR: a LF right after it ends nothing.
  private var afterCarriageReturn = false
  private var isFirstLine = true
  /// What came after events that have been given: told when more is asked for.
  private var problem: FramingProblem?

  public init(limits: FramingLimits = .init()) { self.limits = limits }

  /// The events that `bytes` complete. A problem is thrown once no event stands before it: those are given first, and
  /// the next call throws.
  public mutating func feed(_ bytes: [UInt8]) throws(FramingProblem) -> [ServerSentEvent] {
    if let problem { throw problem }
    var events: [ServerSentEvent] = []
    do throws(FramingProblem) {
      try part(bytes, into: &events)
    } catch {
      problem = error
      if events.isEmpty { throw error }
    }
    return events
  }

  private mutating func part(_ bytes: [UInt8], into events: inout [ServerSentEvent]) throws(FramingProblem) {
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
        afterCarriageReturn = false
        continue
      }
      if byte == UInt8(ascii: "\n"), afterCarriageReturn {
        afterCarriageReturn = false
        start = index + 1
        continue
      }
      afterCarriageReturn = byte == UInt8(ascii: "\r")
      if let event = try endLine(with: bytes[start..<index]) { events.append(event) }
      start = index + 1
    }
    guard line.count + bytes.count - start <= limits.lineBytes else {
      throw .lineTooLong(limit: limits.lineBytes)
    }
    line.append(contentsOf: bytes[start...])
  }

  /// The event at the end of the stream that no empty line followed; nil where there is none. Many servers leave the
  /// last empty line out.
  public mutating func finish() throws(FramingProblem) -> ServerSentEvent? {
    if let problem { throw problem }
    if !line.isEmpty, let event = try endLine(with: []) { return event }
    return takeEvent()
  }

  private mutating func endLine(with rest: ArraySlice<UInt8>) throws(FramingProblem) -> ServerSentEvent? {
    guard line.count + rest.count <= limits.lineBytes else { throw .lineTooLong(limit: limits.lineBytes) }
    guard !line.isEmpty else { return try read(rest) }
    line.append(contentsOf: rest)
    let whole = line
    line.removeAll(keepingCapacity: true)
    return try read(whole[...])
  }

  private mutating func read(_ line: ArraySlice<UInt8>) throws(FramingProblem) -> ServerSentEvent? {
    var line = line
    if isFirstLine, line.starts(with: Self.byteOrderMark) { line.removeFirst(Self.byteOrderMark.count) }
    isFirstLine = false
    length += line.count + 1
    guard !line.isEmpty else { return takeEvent() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    let field = line[..<colon]
    var value = colon < line.endIndex ? line[(colon + 1)...] : []
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    if field.elementsEqual("data".utf8) {
      guard data.count + value.count < limits.eventBytes else { throw .eventTooLong(limit: limits.eventBytes) }
      if hasData { data.append(UInt8(ascii: "\n")) }
      data.append(contentsOf: value)
      hasData = true
      return nil
    }
    // Comments and the like say nothing, but who relays the event holds them.
    besides += line.count + 1
    guard besides <= limits.eventBytes else { throw .eventTooLong(limit: limits.eventBytes) }
    if field.elementsEqual("event".utf8) { name = String(decoding: value, as: UTF8.self) }
    return nil
  }

  private mutating func takeEvent() -> ServerSentEvent? {
    defer {
      name = nil
      data = []
      hasData = false
      length = 0
      besides = 0
    }
    guard hasData else { return nil }
    var event = ServerSentEvent(name: name, data: data)
    event.length = length
    return event
  }
}
